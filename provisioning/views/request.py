"""`/provisioning/<uuid>/`: one request, its steps, and what its customer does next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from provisioning import scope_words
from provisioning.access import person, takes_part
from provisioning.details_form import DetailsForm
from provisioning.models import ProvisioningRequest
from provisioning.requests import flows, terms
from provisioning.requests.steps import Step, asked_scopes, is_authorised, next_step
from provisioning.views import done_page, steps_page
from provisioning.views.onward import finish, home, onward, to_consent, to_terms


@takes_part
@require_safe
@never_cache
def show(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Its steps and its state; what is left to do once they are all done."""
    if next_step(found) is Step.DONE:
        return done_page.answer(request, found)
    return render(request, "provisioning/request.html", steps_page.context(found))


@takes_part
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def details(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """The form, and straight on from it. What was typed is kept even where it is not right yet."""
    if found.account_id:  # Google has made it under the old names
        return home(found)
    form = DetailsForm(request.POST or None, request=found)
    if request.method == "POST":
        if form.is_valid():
            flows.save_details(request=found, details=form.details, who=who(request))
            return onward(request, found)
        flows.keep_draft(request=found, typed=form.typed())
    asked = [] if is_authorised(found) else scope_words.in_words(asked_scopes(found))
    context = {"found": found, "form": form, "asked": asked}
    return render(
        request,
        "provisioning/details.html",
        context,
    )


@takes_part
@require_POST
@never_cache
def authorise(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """On to Google's consent."""
    return to_consent(request, found, other_account="other_account" in request.POST)


@takes_part
@require_POST
@never_cache
def accept(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """On to Google's terms."""
    flows.resume(request=found, who=who(request))
    if next_step(found) not in (Step.TICKET, Step.TERMS):
        return home(found)
    return to_terms(request, found)


@takes_part
@require_POST
@never_cache
def advance(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Takes the request up again, looks for an account that came without its customer, does our steps."""
    flows.resume(request=found, who=who(request))
    if next_step(found) is Step.TERMS:
        terms.look(request=found)
    return finish(found)


@takes_part
@require_POST
def cancel(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Stands still until somebody takes it up again."""
    flows.cancel(request=found, who=who(request))
    return home(found)


@takes_part
@require_POST
def skip_sharing(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """The customer's own grant feeds the view, without the agency's service account."""
    flows.skip_sharing(request=found, who=who(request))
    return finish(found)


def who(request: HttpRequest) -> str:
    """The caller's address, for the history."""
    user = person(request)
    return user.email if user else ""
