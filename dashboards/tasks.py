"""What the worker does for dashboards. Every task may run twice or be cut off: it starts over harmlessly."""

import uuid

from django_tasks import task

from accounts.tenancy import tenant_scope
from dashboards import flows
from dashboards.lists import reading
from dashboards.models import View


@task()
def refresh_view(tenant_id: str, view_id: str) -> None:
    """Brings a view's usual page up to date; a view that is gone or paused is no error."""
    with tenant_scope({uuid.UUID(tenant_id)}):
        view = View.objects.for_page().filter(pk=view_id, tenant__paused_at=None).first()
        if view is not None:
            flows.refresh(view=view)
            View.objects.filter(pk=view_id).update(refresh_queued_until=None)


@task(priority=-10)
def read_summary(tenant_id: str, view_id: str) -> None:
    """Reads a view's figures for lists, after all that a person waits for; one that is gone is no error."""
    with tenant_scope({uuid.UUID(tenant_id)}):
        view = View.objects.for_page().filter(pk=view_id).first()
        if view is not None:
            reading.read(view=view)
