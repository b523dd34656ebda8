"""Where Google sends people back: from its consent, and from its terms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import public, sign_in_first
from accounts.tenancy import all_tenants, tenant_scope
from google_api import errors
from provisioning import access, customers, grants, oauth_state
from provisioning.access import person
from provisioning.models import AccountTicket, Consent, ProvisioningRequest
from provisioning.protocols import MissingParameters
from provisioning.requests import flows, record, terms, work
from provisioning.requests.steps import OURS, next_step
from provisioning.views import connected
from provisioning.views.arrival import arrived
from provisioning.views.onward import onward

State = ProvisioningRequest.State


@public("Google sends people here; `state` names a way that this session began, for whoever is signed in now")
@require_GET  # not HEAD: whoever asks uses the way back up
@never_cache
def consent(request: HttpRequest) -> HttpResponse:
    """Back from the consent page."""
    params = _params(request)
    try:
        taken = oauth_state.take(params=params, session=request.session, user=person(request))
    except oauth_state.StateError as error:
        return _stray(request, error)
    if taken.request is None and connected.may_return(request, taken):
        return connected.came_back(request, taken, params)
    if taken.request is None or not access.may_take_part(request, taken.request):
        return _stray(request, oauth_state.StateError("right lost"))
    with tenant_scope({taken.request.tenant_id}):
        return _consented(request, taken, taken.request, params)


def _consented(
    request: HttpRequest, taken: Consent, found: ProvisioningRequest, params: dict[str, str]
) -> HttpResponse:
    """Whoever came by a link alone shows first who they are."""
    user = person(request)
    if "error" in params or not params.get("code"):
        error = params.get("error", "no_code")
        flows.deny(request=found, error=error, who=user.email if user else found.email)
        return onward(request, found)
    try:
        tokens, who = grants.exchange(consent=taken, code=params["code"])
    except errors.GoogleError as error:
        flows.fail(request=found, error=error)
        return onward(request, found)
    if not customers.is_known_to(found, user):
        return arrived(request, found, taken, tokens, who)
    flows.authorise(request=found, tokens=tokens, person=who, user=user)
    return onward(request, found)


def _stray(request: HttpRequest, error: oauth_state.StateError) -> HttpResponse:
    """A return that counts for nothing. One's own, used before (a reload, the back button), leads to its
    request; any other is told so and learns nothing."""
    consent = error.consent
    if consent and consent.request and access.may_take_part(request, consent.request):
        return redirect("provisioning:request", consent.request.pk)
    if consent and consent.request is None and connected.may_return(request, consent):
        return connected.home(consent)
    return render(request, "provisioning/stray.html", status=400)


@public("Google sends people here; the ticket names a request, and whoever may not see it is told nothing")
@require_GET  # not HEAD: whoever asks uses the way back up
@never_cache
def accepted(request: HttpRequest) -> HttpResponse:
    """Back from the terms page. It carries no `state`: the ticket is matched first, then the caller."""
    params = _params(request)
    with all_tenants(reason="finding the ticket that a return from Google's terms names"):
        rows = AccountTicket.objects.select_related("request__tenant", "request__grant", "request__user")
        ticket = rows.filter(ticket_id=params.get("accountTicketId", "")).first()
    if ticket is None:
        return render(request, "provisioning/stray.html", status=400)
    if not access.may_take_part(request, ticket.request):
        return (
            render(request, "provisioning/stray.html", status=400)
            if person(request)
            else sign_in_first(request)
        )
    with tenant_scope({ticket.tenant_id}):
        _returned(request, ticket, params)
    return redirect("provisioning:request", ticket.request_id)


def _returned(request: HttpRequest, ticket: AccountTicket, params: dict[str, str]) -> None:
    found, user = ticket.request, person(request)
    try:
        terms.accept_return(ticket=ticket, params=params, who=user.email if user else found.email)
    except MissingParameters:
        record.ended(found, State.FAILED, "missing_parameters")
    except errors.GoogleError as error:
        flows.fail(request=found, error=error)
    found.refresh_from_db()
    if next_step(found) in OURS and not found.has_ended:
        work.advance(request=found)


def _params(request: HttpRequest) -> dict[str, str]:
    """What came along; no database keeps a NUL."""
    return {name: str(value).replace("\0", "")[:4096] for name, value in request.GET.items()}
