"""What the worker does for provisioning. Each task may run twice or be cut off: it starts over."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django_tasks import task

from accounts.tenancy import tenant_scope
from provisioning import first_hit
from provisioning.models import ProvisioningRequest
from provisioning.requests import mails, preparing, unattended


@contextmanager
def _one(tenant_id: str, request_id: str) -> Iterator[ProvisioningRequest | None]:
    """The request, inside its tenant's scope; None when it is gone or its client paused."""
    with tenant_scope({uuid.UUID(tenant_id)}):
        rows = ProvisioningRequest.objects.select_related("tenant", "grant", "user")
        yield rows.filter(pk=request_id, tenant__paused_at=None).first()


@task()
def go_on(tenant_id: str, request_id: str) -> None:
    """Looks for the account of a customer who did not come back, and does our own steps."""
    with _one(tenant_id, request_id) as found:
        if found is not None:
            unattended.go_on(request=found)


@task()
def remind(tenant_id: str, request_id: str) -> None:
    """Sends a customer the one reminder."""
    with _one(tenant_id, request_id) as found, suppress(preparing.Over):
        if found is not None:
            mails.remind(preparing.issue(request=found))


@task()
def look_for_hit(tenant_id: str, request_id: str) -> None:
    """Asks Google whether the tag of a new property has seen anybody."""
    with _one(tenant_id, request_id) as found:
        if found is not None:
            first_hit.look(request=found)


@task()
def tell_staff(tenant_id: str, request_id: str, news: str) -> None:
    """Tells the staff that a request is live, or stalls."""
    with _one(tenant_id, request_id) as found:
        if found is not None:
            mails.tell_staff(found, news)
