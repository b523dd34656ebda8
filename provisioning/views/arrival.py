"""Back from Google without being known here: sign-in, a code to the invited address, or straight on."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.mails import WAITS, Fate
from accounts.models import User
from accounts.permissions import public
from accounts.tenancy import all_tenants, tenant_scope
from google_api import errors
from google_api.identity import Identity
from google_api.oauth import Tokens
from provisioning import access, arrival_codes, arrivals, customers
from provisioning.access import person
from provisioning.customers import Door
from provisioning.models import Arrival, Consent, ProvisioningRequest
from provisioning.requests import flows, mails, record
from provisioning.views.onward import home, onward

State = ProvisioningRequest.State
ARRIVALS = "provisioning_arrivals"
"""Where a session keeps the ids of its arrivals: as many as there are tabs."""

MOST = 10
View = Callable[[HttpRequest, Arrival], HttpResponse]


def arrived(
    request: HttpRequest, found: ProvisioningRequest, consent: Consent, tokens: Tokens, who: Identity
) -> HttpResponse:
    """Keeps what somebody brought who came by a link, and on to finding out who they are."""
    if not tokens.scopes - flows.IDENTITY_SCOPES:  # nothing to keep, so nothing to ask
        record.ended(found, State.DENIED, "scopes_missing", detail="none granted", who=who.email)
        return home(found)
    held = arrivals.hold(request=found, consent=consent, tokens=tokens, person=who)
    request.session[ARRIVALS] = [*request.session.get(ARRIVALS, []), str(held.pk)][-MOST:]
    return redirect("provisioning:arrival", held.pk)


def _of_session(view: View) -> Callable[..., HttpResponse]:
    """The id in the address becomes this session's arrival, inside its tenant's scope; else 404."""

    @wraps(view)
    def guarded(request: HttpRequest, arrival_id: uuid.UUID) -> HttpResponse:
        if str(arrival_id) not in request.session.get(ARRIVALS, []):
            raise Http404
        with all_tenants(reason="finding what a session brought from Google"):
            rows = Arrival.objects.select_related("request__tenant", "request__grant", "request__user")
            arrival = rows.filter(pk=arrival_id).first()
        if arrival is None or arrival.expires_at < timezone.now():
            return render(request, "provisioning/arrival_over.html", status=410)
        with tenant_scope({arrival.tenant_id}):
            if not access.may_take_part(request, arrival.request):  # the link has ended meanwhile
                return render(request, "provisioning/arrival_over.html", status=410)
            return view(request, arrival)

    return guarded


@public("whoever came back from Google in this session, and has yet to show who they are")
@require_GET  # not HEAD: it goes on
@never_cache
@_of_session
def show(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    """Goes on where it is known who came; asks for sign-in or code where not."""
    if not arrival.sealed_tokens:  # taken up, in another tab or before the back button
        return home(arrival.request)
    met = customers.meet(arrival, person(request))
    if met.door is Door.READY and met.person:
        return _complete(request, arrival, met.person)
    if met.door is Door.LOG_IN and met.person:
        return _log_in(request, arrival, met.person)
    if met.door is Door.NEW:
        return _enrol(request, arrival)
    return _page(request, arrival, met.door)


def _complete(request: HttpRequest, arrival: Arrival, user: User) -> HttpResponse:
    found = arrival.request
    try:
        customers.complete(arrival=arrival, user=user)
    except errors.GoogleError as error:
        flows.fail(request=found, error=error)
    found.refresh_from_db()
    return onward(request, found)


def _log_in(request: HttpRequest, arrival: Arrival, user: User) -> HttpResponse:
    """By allauth's stages: whatever else it asks of this person comes first, then they are back here."""
    here = reverse("provisioning:arrival", args=[arrival.pk])
    answer: HttpResponse = perform_login(request, user, redirect_url=here)
    return answer


def _enrol(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    try:
        return _log_in(request, arrival, customers.enrol(arrival=arrival))
    except customers.NotNew:  # in another tab, a moment ago
        return redirect("provisioning:arrival", arrival.pk)


@public(
    "whoever came back from Google in this session; the code goes to the invited address and nowhere else"
)
@require_POST
@never_cache
@_of_session
def send_code(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    """Mails a code to the invited address."""
    found = arrival.request
    try:
        code = arrival_codes.new_code(arrival=arrival)
    except arrival_codes.TooMany:
        messages.error(request, _("That were many codes. Try again in an hour."))
        return redirect("provisioning:arrival", arrival.pk)
    fate = mails.send_code(request=found, code=code, google_email=arrival.email)
    _tell_of_code(request, fate, found.email)
    return redirect("provisioning:arrival", arrival.pk)


def _tell_of_code(request: HttpRequest, fate: Fate, email: str) -> None:
    words = {"email": email}
    if fate is Fate.REFUSED:
        messages.error(request, _("The mail server refuses %(email)s. Ask for a link to another.") % words)
        return
    messages.success(request, _("A code is on its way to %(email)s.") % words)
    if fate is Fate.WAITING:
        messages.warning(request, WAITS)


@public("whoever came back from Google in this session, with the code that went to the invited address")
@sensitive_post_parameters("code")
@require_POST
@never_cache
@_of_session
def confirm(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    """Takes the code."""
    if not arrival_codes.confirm(arrival=arrival, code=request.POST.get("code", "")[:40]):
        messages.error(request, _("That is not the code, or it is too old. Three wrong ones end it."))
    return redirect("provisioning:arrival", arrival.pk)


def _page(request: HttpRequest, arrival: Arrival, door: Door) -> HttpResponse:
    here = reverse("provisioning:arrival", args=[arrival.pk])
    is_alive = arrival.code_expires_at and arrival.code_expires_at > timezone.now()
    context = {
        "arrival": arrival,
        "found": arrival.request,
        "door": door.value,
        "code_is_out": is_alive and arrival.code_digest and arrival.code_tries < arrival_codes.TRIES,
        "sign_in_address": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': here})}",
    }
    return render(request, "provisioning/arrival.html", context)
