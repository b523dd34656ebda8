"""Deleting what is ticked in a list, be it fifty thousand rows: asked once, by numbers and a few names.

Django's own action lists every row, twice, in a page that browsers choke on and whose form is refused as too
long.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import bulk, tasks
from accounts.admin_pages import posted_on
from accounts.admin_rights import asker_id

AT_ONCE = 500  # rows in one request; what is more is deleted in the background
NAMED = 10
CONFIRMED = "confirmed"


@admin.action(description=_("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
def delete_selected(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Asks, then deletes. Where the number is no longer the one that was agreed to, it asks again."""
    rows = queryset.order_by().select_related(None)
    count = rows.count()
    if request.POST.get(CONFIRMED) != str(count):
        return _question(model_admin, request, queryset, count)
    ids = [row.pk for row in rows if _may(model_admin, request, row)]
    gone = bulk.delete(model=queryset.model, ids=ids[:AT_ONCE], by=asker_id(request))
    later = ids[AT_ONCE:]
    tasks.delete_later(model=queryset.model, ids=later, by=asker_id(request))
    _tell(request, model_admin, gone=gone, kept=len(ids) - len(later) - gone, later=len(later))
    return None


def _may(model_admin: Any, request: HttpRequest, row: Model) -> bool:
    """True; raises PermissionDenied for a row that is not this person's to delete."""
    if not model_admin.has_delete_permission(request, row):
        raise PermissionDenied
    return True


def _question(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any], count: int) -> HttpResponse:
    """What would go, and what goes along."""
    response: HttpResponse = model_admin.form_page(
        request,
        forms.Form(),
        title=gettext("Delete %(count)s?") % {"count": counted(model_admin.opts, count)},
        submit=gettext("Delete"),
        hidden=posted_on(request, **{CONFIRMED: str(count)}),
        lead=gettext("This cannot be undone."),
        listed=[str(row) for row in queryset[:NAMED]],
        more=max(0, count - NAMED),
        along=[
            (capfirst(model._meta.verbose_name_plural), found)
            for model, found in model_admin.deleted_along(queryset)
            if found
        ],
    )
    return response


def counted(opts: Any, count: int) -> str:
    """A number of rows, in words: “3 views”."""
    name = opts.verbose_name if count == 1 else opts.verbose_name_plural
    return f"{number_format(count, force_grouping=True)} {name}"


def _tell(request: HttpRequest, model_admin: Any, *, gone: int, kept: int, later: int) -> None:
    if gone:
        text = gettext("Deleted: %(what)s.") % {"what": counted(model_admin.opts, gone)}
        messages.success(request, text)
    if kept:
        text = ngettext("%(count)d is in use and stays.", "%(count)d are in use and stay.", kept)
        messages.warning(request, text % {"count": kept})
    if later:
        text = gettext("%(what)s more are deleted in the background. This can take a few minutes.")
        messages.info(request, text % {"what": counted(model_admin.opts, later)})
