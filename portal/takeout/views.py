"""The page that offers a client's data, and the archive."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.asking_again import asks_again
from accounts.models import Tenant
from accounts.permissions import Capability, TenantRequest, requires
from accounts.tenancy import tenant_scope
from portal.takeout.archive import zipped
from portal.takeout.contents import files

T = TypeVar("T")


@requires(Capability.MANAGE_PEOPLE)
@require_safe
@never_cache
def page(request: TenantRequest) -> HttpResponse:
    """What is in it, and the button."""
    return render(request, "portal/takeout.html", {"tenant": request.tenant})


@requires(Capability.MANAGE_PEOPLE)
@require_POST
@never_cache
@asks_again  # type: ignore[arg-type]  # an answer that streams will do
def archive(request: TenantRequest) -> StreamingHttpResponse:
    """The archive, which leaves as it is made."""
    tenant = request.tenant
    audit.record("export.client", tenant=tenant)
    response = StreamingHttpResponse(_made(tenant), content_type="application/zip")
    name = f"{tenant.slug}-{timezone.now():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Encoding"] = "identity"  # it is packed already
    return response


def _made(tenant: Tenant) -> Iterator[bytes]:
    """By the time it is sent, the view's scope has ended: each piece is read in one of its own, which is not
    left open while the browser takes its time.
    """
    return zipped((name, in_scope(tenant.pk, pieces)) for name, pieces in in_scope(tenant.pk, files(tenant)))


def in_scope(tenant_id: uuid.UUID, steps: Iterator[T]) -> Iterator[T]:
    """The same, each step inside the tenant's scope."""
    while True:
        with tenant_scope({tenant_id}):
            try:
                step = next(steps)
            except StopIteration:
                return
        yield step
