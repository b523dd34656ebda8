"""`/provisioning/<uuid>/settings/`: what may be set of the property, each part for itself, now or later."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from google_api import errors
from provisioning.access import takes_part
from provisioning.models import ProvisioningRequest
from provisioning.requests import settings
from provisioning.settings_forms import RETENTIONS, KeyEventsForm, MeasurementForm, RetentionForm
from provisioning.views.onward import home
from provisioning.views.request import who


@takes_part
@require_safe
@never_cache
def show(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """How they stand at Google."""
    if not settings.has_any(found):
        return home(found)
    context = {
        "found": found,
        "may_change": settings.may_change(found),
        "settings": settings.read(found) if found.grant else None,
        "retentions": RETENTIONS,
        "suggested": settings.SUGGESTED,
    }
    return render(request, "provisioning/settings.html", context)


@takes_part
@require_POST
@never_cache
def retention(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """How long Google keeps data of single visitors."""
    form = RetentionForm(request.POST)

    def change() -> str:
        settings.keep_for(request=found, retention=form.cleaned_data["retention"], who=who(request))
        return _("Google keeps data of single visitors for %(time)s from now on.") % {
            "time": dict(RETENTIONS)[form.cleaned_data["retention"]]
        }

    return _change(request, found, form, change)


@takes_part
@require_POST
@never_cache
def measurement(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Whether Google's tag measures more than visits by itself."""
    form = MeasurementForm(request.POST)

    def change() -> str:
        is_on = form.cleaned_data["measure"] == "on"
        settings.measure(request=found, is_on=is_on, who=who(request))
        return _("Enhanced measurement is on.") if is_on else _("Enhanced measurement is off.")

    return _change(request, found, form, change)


@takes_part
@require_POST
@never_cache
def key_events(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Which events count as results."""
    form = KeyEventsForm(request.POST)

    def change() -> str:
        made = settings.count_as_results(request=found, names=form.names(), who=who(request))
        if not made:
            return _("Nothing was added.")
        return _("Counted as results from now on: %(names)s.") % {"names": ", ".join(made)}

    return _change(request, found, form, change)


def _change(
    request: HttpRequest, found: ProvisioningRequest, form: Form, change: Callable[[], str]
) -> HttpResponse:
    """Makes the change, and says on the page of settings what came of it."""
    if not settings.has_any(found):
        return home(found)
    if not form.is_valid():
        why = [str(text) for text in form.errors.get("own", [])]
        messages.error(request, why[0] if why else _("Choose one of them first."))
    else:
        try:
            messages.success(request, change())
        except errors.GoogleError as error:
            messages.error(request, _(error.sentence))
    return redirect("provisioning:settings", found.pk)
