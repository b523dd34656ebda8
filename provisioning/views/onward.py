"""From one step of the customer's straight to the next, without a page where there is nothing to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from google_api import errors
from provisioning import oauth_state
from provisioning.access import person
from provisioning.models import Consent, ProvisioningRequest
from provisioning.requests import existing, flows, terms, work
from provisioning.requests.steps import OURS, Step, asked_scopes, next_step


def onward(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """To what comes next: Google's consent, the form, Google's terms, their properties, or the request's own
    page, which is also where somebody reads once that they have accounts already."""
    if found.has_ended or existing.finds_accounts(request=found):
        return home(found)
    step = next_step(found)
    if step is Step.AUTHORISE:
        return to_consent(request, found)
    if step is Step.DETAILS:
        return redirect("provisioning:details", found.pk)
    if step is Step.CHOOSE:
        return redirect("provisioning:properties", found.pk)
    if step in (Step.TICKET, Step.TERMS):
        return to_terms(request, found)
    return home(found)


def home(found: ProvisioningRequest) -> HttpResponse:
    """The request's own page."""
    return redirect("provisioning:request", found.pk)


def to_consent(
    request: HttpRequest, found: ProvisioningRequest, *, other_account: bool = False
) -> HttpResponse:
    """On to Google's consent, for what is missing."""
    ask = oauth_state.Ask(
        purpose=Consent.Purpose.REQUEST,
        scopes=asked_scopes(found),
        tenant=found.tenant,
        request=found,
        login_hint="" if other_account else _hint(found),
        other_account=other_account,
    )
    return leave(request, oauth_state.begin(ask=ask, session=request.session, user=person(request)))


def _hint(found: ProvisioningRequest) -> str:
    return found.grant.email if found.grant else found.email


def to_terms(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """On to Google's terms, unless they turn out to be accepted."""
    try:
        address = terms.address(request=found)
    except errors.GoogleError as error:
        flows.fail(request=found, error=error)
        return home(found)
    return leave(request, address) if address else finish(found)


def finish(found: ProvisioningRequest) -> HttpResponse:
    """Our own steps, as far as they go by now."""
    if next_step(found) in OURS:
        work.advance(request=found)
    return home(found)


def leave(request: HttpRequest, address: str) -> HttpResponse:
    """A page of ours that goes on to Google: a form's answer must not redirect off-site (`form-action`)."""
    return render(request, "provisioning/leaving.html", {"address": address})
