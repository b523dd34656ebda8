"""Clients and views for many properties at once: the preview that the agency's owner corrects and saves."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from accounts.admin_rights import is_agency_owner
from dashboards.admin_properties import CredentialQuery
from dashboards.bulk import drafts
from dashboards.bulk.drafts import Draft
from dashboards.bulk.loading import Loaded
from dashboards.models import Dashboard
from provisioning.models import Credential, ReachableProperty

COLUMNS = ("property_id", "tenant_name", "tenant", "view_name", "view", "dashboard")


def page(model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
    """The preview of what was ticked on a service account's page, and its saving."""
    if not is_agency_owner(request):
        raise PermissionDenied
    credential = _credential(request)
    lines = _lines(request, credential)
    if not lines:
        messages.warning(request, gettext("Tick the properties that shall become views."))
        return redirect("admin:provisioning_credential_change", credential.pk)
    if "save" in request.POST:
        if not any(each.wanted for each in lines):
            messages.warning(request, gettext("No line is ticked; nothing was made."))
        elif loaded := drafts.save(credential, lines):
            model_admin.log_change(
                request,
                credential,
                [{"added": {"name": gettext("clients and views"), "object": _made(loaded)}}],
            )
            messages.success(request, _made(loaded))
            return redirect("admin:dashboards_view_changelist")
        drafts.recognise(lines)
    return TemplateResponse(
        request, "admin/dashboards/view/many.html", _context(model_admin, request, credential, lines)
    )


def _credential(request: HttpRequest) -> Credential:
    asked = CredentialQuery(request.GET)
    wanted = asked.cleaned_data["credential"] if asked.is_valid() else None
    credential: Credential = get_object_or_404(Credential.objects.select_related("tenant"), pk=wanted)
    return credential


def _lines(request: HttpRequest, credential: Credential) -> list[Draft]:
    """As they were typed; the first time, as names make them."""
    if "save" in request.POST:
        return _typed(request, _reached(credential, request.POST.getlist("property_id")))
    return drafts.drafted(credential, list(_reached(credential, request.POST.getlist("ticked")).values()))


def _reached(credential: Credential, property_ids: list[str]) -> dict[str, ReachableProperty]:
    rows = credential.properties.filter(property_id__in=property_ids)
    return {each.property_id: each for each in rows.order_by("account_name", "name", "property_id")}


def _typed(request: HttpRequest, reached: dict[str, ReachableProperty]) -> list[Draft]:
    """The lines of the form; one of a property that is no longer reached is saved by nobody."""
    wanted = set(request.POST.getlist("wanted"))
    columns = [[cell.strip() for cell in request.POST.getlist(name)] for name in COLUMNS]
    lines = [Draft(*cells) for cells in zip(*columns, strict=False) if cells[0] in reached]
    for each in lines:
        each.wanted, each.reached = each.property_id in wanted, reached[each.property_id]
    return lines


def _made(loaded: Loaded) -> str:
    return gettext("Made: %(tenants)s clients, %(views)s views.") % {
        "tenants": loaded.tenants.created,
        "views": loaded.views.created,
    }


def _context(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, credential: Credential, lines: list[Draft]
) -> dict[str, Any]:
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gettext("Clients and views of many properties"),
        "credential": credential,
        "lines": lines,
        "wrong": sum(1 for each in lines if each.problems),
        "dashboards": Dashboard.objects.filter(tenant=None),
    }
