"""What can be done to dashboards: verbs, without a request."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Tenant
from dashboards.bulk import naming
from dashboards.models import Dashboard, Widget

ITS_OWN = {"id", "tenant_id", "dashboard_id"}


@transaction.atomic
def copy(*, dashboard: Dashboard, tenant: Tenant, name: str) -> Dashboard:
    """A dashboard of the tenant's own with the same widgets, under an address that is free beside the shared
    ones. Raises ValueError for the dashboard of another tenant.
    """
    if dashboard.tenant_id not in {None, tenant.pk}:
        raise ValueError("the dashboard of another tenant")
    taken = {slug for owner, slug in _addresses() if owner in {None, tenant.pk}}
    made = Dashboard.objects.create(
        tenant=tenant, name=name, slug=naming.free(dashboard.slug, taken), position=dashboard.position
    )
    for widget in dashboard.widgets.all():
        Widget(tenant=tenant, dashboard=made, **_values(widget)).save()
    return made


def _addresses() -> Any:
    return Dashboard.objects.values_list("tenant_id", "slug")


def _values(widget: Widget) -> dict[str, Any]:
    """What a widget shows, whosever it is."""
    columns = [field.attname for field in Widget._meta.concrete_fields]
    return {name: getattr(widget, name) for name in columns if name not in ITS_OWN}
