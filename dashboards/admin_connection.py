"""What the admin's pages of a view ask Google: does it answer, what does a filter keep, which widgets fit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from accounts.admin_rights import is_agency_owner
from dashboards import doctor, fields, filter_preview, flows, mending
from dashboards.admin_properties import in_words
from dashboards.forms.views import ViewForm
from dashboards.models import View
from google_api.errors import GoogleError
from provisioning.doctor.sight import Examined, for_staff
from provisioning.models import ReachableProperty


def test(request: HttpRequest, view: View) -> None:
    """Asks for yesterday's sessions; a message says what came."""
    tested = flows.test_connection(view=view)
    if tested.error:
        messages.error(request, in_words(tested.error))
        return
    count = tested.sessions_yesterday or 0
    text = ngettext(
        "It works: %(count)s session yesterday.", "It works: %(count)s sessions yesterday.", count
    )
    messages.success(request, text % {"count": number_format(count, force_grouping=True)})


def refresh(request: HttpRequest, view: View) -> None:
    """Fetches what the view shows when it is opened; a message says how that went."""
    mending.refresh_now(view=view)
    view.refresh_from_db(fields=["state", "last_error_code"])
    if view.last_error:
        messages.error(request, gettext(view.last_error))
    else:
        messages.success(request, gettext("The figures are up to date."))


def examined(request: HttpRequest, view: View) -> Examined:
    """The doctor's steps, and which to mend first."""
    return for_staff(doctor.examine(view), view.credential, is_owner=is_agency_owner(request))


def fields_of(shown: View | ReachableProperty | None) -> JsonResponse:
    """A property's fields for scripts, or why not, in words: that Google does not say is no fault of ours."""
    if shown is None:
        raise Http404
    try:
        found = fields.fetch(shown.credential, shown.property_id)
    except GoogleError as error:
        return JsonResponse({"error": str(in_words(error))})
    return JsonResponse({"dimensions": found.dimensions, "metrics": found.metrics})


def preview(form: ViewForm) -> None:
    """Puts into the form what the filter typed there would keep, or why that is not known."""
    text = form.cleaned_data.get("filter")
    if text is None or not form.instance.property_id:
        return
    widget: Any = form.fields["filter"].widget
    try:
        widget.kept = filter_preview.ask(form.instance, text).words
    except GoogleError as error:
        widget.kept = in_words(error)


def warn_of_misfits(request: HttpRequest, view: View) -> None:
    """Says which widgets the saved filter or the property does not allow; saved it is all the same."""
    try:
        misfits = doctor.misfits(View.objects.for_page().get(pk=view.pk))
    except GoogleError as error:
        text = gettext("Whether all widgets can be combined with the filter could not be checked: %(why)s")
        messages.warning(request, text % {"why": in_words(error)})
        return
    for each in misfits:
        messages.warning(request, gettext("Some widgets stay empty. %(which)s") % {"which": each})
