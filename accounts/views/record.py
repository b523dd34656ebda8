"""A client's record, for its owners and whoever looks after it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.audit import exporting, listing
from accounts.audit.listing import Asked
from accounts.audit_kinds import AREAS
from accounts.devices import name_of
from accounts.models import AuditEntry
from accounts.permissions import Capability, TenantRequest, requires


@requires(Capability.MANAGE_PEOPLE)
@require_safe
@never_cache
def record(request: TenantRequest) -> HttpResponse:
    """What happened, the newest first."""
    asked = Asked.read(request.GET)
    page = listing.page(_rows(request), asked)
    for entry in page.entries:
        entry.browser = name_of(entry.agent)  # type: ignore[attr-defined]  # for the template
    context: dict[str, Any] = {
        "tenant": request.tenant,
        "entries": page.entries,
        "asked": asked,
        "areas": AREAS,
        "older": asked.url(after=page.after) if page.after else "",
        "newest": asked.url(after=None) if asked.after else "",
        "anybody": asked.url(after=None, person=""),
        "as_file": asked.url(after=None),
    }
    return render(request, "accounts/record.html", context)


@requires(Capability.MANAGE_PEOPLE)
@require_safe
@never_cache
def record_csv(request: TenantRequest) -> Any:
    """All that is asked for, as a table; that somebody took it is written down."""
    asked = Asked.read(request.GET)
    rows = listing.found(_rows(request), asked)
    audit.record("export.record", tenant=request.tenant, details={"asked": asked.url()})
    return exporting.csv_response(rows, f"{request.tenant.slug}-record")


def _rows(request: TenantRequest) -> Any:
    return AuditEntry.objects.filter(tenant_id=request.tenant.pk)
