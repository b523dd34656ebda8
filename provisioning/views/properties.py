"""The properties that a customer can read, of which they choose; and the change from one way to the other."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from google_api import errors
from provisioning import property_pages
from provisioning.access import takes_part
from provisioning.models import ProvisioningRequest
from provisioning.requests import existing
from provisioning.requests.reasons import BY_CONSENT
from provisioning.views.onward import home, onward
from provisioning.views.request import who


@takes_part
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def properties(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """A page of them; a POST keeps what was ticked on it and goes where its button says."""
    if not existing.is_choosing(found):
        return home(found)
    if request.method == "POST":
        _keep(request, found)
        return redirect(_address(found, *property_pages.asked(_posted(request))))
    return _page(request, found, existing.bring_list(request=found))


@takes_part
@require_POST
@never_cache
def use(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Each chosen property becomes a view: one leads to its dashboard, several to the client's list."""
    if not existing.is_choosing(found):
        return home(found)
    _keep(request, found)
    made = existing.use(request=found, who=who(request))
    if len(made) == 1:
        return redirect(made[0].address)
    if made:
        return redirect("dashboards:views", found.tenant.slug)
    if found.view_id:
        return home(found)
    messages.error(request, _("Tick at least one property first."))
    return redirect(_address(found, *property_pages.asked(_posted(request))))


@takes_part
@require_POST
@never_cache
def list_again(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Asks Google for the list once more."""
    if not existing.is_choosing(found):
        return home(found)
    error = existing.list_again(request=found)
    return _page(request, found, error) if error else redirect(_address(found))


@takes_part
@require_POST
@never_cache
def use_existing(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """The customer has accounts already and wants to see one of them."""
    existing.use_existing(request=found, who=who(request))
    return onward(request, found)


@takes_part
@require_POST
@never_cache
def create_instead(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """There is nothing to choose from: a new account is made."""
    existing.create_instead(request=found, who=who(request))
    return onward(request, found)


def _keep(request: HttpRequest, found: ProvisioningRequest) -> None:
    """What was ticked on the page that was sent, and what its buttons say of all that match the search."""
    existing.choose(
        request=found, ticked=request.POST.getlist("property"), shown=request.POST.getlist("shown")
    )
    matching = property_pages.matching(existing.readable(found), property_pages.asked(_posted(request))[0])
    numbers = [each.property_id for each in matching]
    if "all" in request.POST:
        existing.choose(request=found, ticked=numbers, shown=numbers)
    if "none" in request.POST:
        existing.choose(request=found, ticked=[], shown=numbers)


def _page(request: HttpRequest, found: ProvisioningRequest, error: errors.GoogleError | None) -> HttpResponse:
    search, number = property_pages.asked(request.GET.dict())
    page = property_pages.page_of(existing.readable(found), found.chosen_properties, search, number)
    context = {
        "found": found,
        "page": page,
        "error": error,
        "may_sign_in_again": isinstance(error, BY_CONSENT),
    }
    return render(request, "provisioning/properties.html", context)


def _posted(request: HttpRequest) -> dict[str, str]:
    return {name: value for name, value in request.POST.items() if isinstance(value, str)}


def _address(found: ProvisioningRequest, search: str = "", number: int = 1) -> str:
    asked = {name: value for name, value in (("q", search), ("page", number)) if value not in ("", 1)}
    here = reverse("provisioning:properties", args=[found.pk])
    return f"{here}?{urlencode(asked)}" if asked else here
