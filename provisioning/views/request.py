"""`/provisioning/<uuid>/`: one request, its steps, and what its customer does next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from google_api import errors
from provisioning import oauth_state
from provisioning.access import person, takes_part
from provisioning.details_form import DetailsForm
from provisioning.models import Consent, ProvisioningRequest
from provisioning.requests import flows, terms, work
from provisioning.requests.steps import OURS, Step, asked_scopes, next_step
from provisioning.views import steps_page


@takes_part
@require_safe
@never_cache
def show(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Its steps and its state."""
    return render(request, "provisioning/request.html", steps_page.context(request, found))


@takes_part
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def details(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """The form; what was typed is kept even where it is not right yet."""
    form = DetailsForm(request.POST or None, request=found, guessed=_guessed(request))
    if request.method == "POST":
        if form.is_valid():
            flows.save_details(request=found, details=form.details, who=_who(request))
            return redirect("provisioning:request", found.pk)
        flows.keep_draft(request=found, typed=form.typed())
    return render(request, "provisioning/details.html", {"found": found, "form": form}, status=_status(form))


def _status(form: DetailsForm) -> int:
    return 422 if form.is_bound else 200


def _guessed(request: HttpRequest) -> dict[str, str]:
    """What the address brings along."""
    return {name: str(value)[:255] for name, value in request.GET.items()}


@takes_part
@require_POST
@never_cache
def authorise(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """On to Google's consent."""
    ask = oauth_state.Ask(
        purpose=Consent.Purpose.REQUEST,
        scopes=asked_scopes(found),
        tenant=found.tenant,
        request=found,
        login_hint=_hint(request, found),
        other_account="other_account" in request.POST,
    )
    address = oauth_state.begin(ask=ask, session=request.session, user=person(request))
    return leave(request, address)


def _hint(request: HttpRequest, found: ProvisioningRequest) -> str:
    if "other_account" in request.POST:
        return ""
    return found.grant.email if found.grant else found.email


@takes_part
@require_POST
@never_cache
def accept(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """On to Google's terms, unless they turn out to be accepted."""
    flows.resume(request=found, who=_who(request))
    if next_step(found) not in (Step.TICKET, Step.TERMS):
        return redirect("provisioning:request", found.pk)
    try:
        address = terms.address(request=found)
    except errors.GoogleError as error:
        flows.fail(request=found, error=error)
        return redirect("provisioning:request", found.pk)
    if address:
        return leave(request, address)
    return _go_on(request, found)


@takes_part
@require_POST
@never_cache
def advance(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Takes the request up again, looks for an account that came without its customer, does our steps."""
    flows.resume(request=found, who=_who(request))
    if next_step(found) is Step.TERMS:
        terms.look(request=found)
    return _go_on(request, found)


def _go_on(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    if next_step(found) in OURS:
        work.advance(request=found)
    return redirect("provisioning:request", found.pk)


@takes_part
@require_POST
def cancel(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Stands still until somebody takes it up again."""
    flows.cancel(request=found, who=_who(request))
    return redirect("provisioning:request", found.pk)


def leave(request: HttpRequest, address: str, **context: Any) -> HttpResponse:
    """A page of ours that goes on to Google: a form's answer must not redirect off-site (`form-action`)."""
    return render(request, "provisioning/leaving.html", {"address": address, **context})


def _who(request: HttpRequest) -> str:
    user = person(request)
    return user.email if user else ""
