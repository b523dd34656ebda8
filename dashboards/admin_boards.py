"""Dashboards and their widgets in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import StaffToo, tenant_id_of
from dashboards.forms import DashboardForm, WidgetForm
from dashboards.models import Dashboard, Widget


class SharedForReading(StaffToo):
    """Staff read what is shared and change what is their tenants'."""

    staff_may = frozenset({"view", "change"})

    def _reaches(self, act: str, row: Model | None) -> bool:
        is_shared = row is not None and tenant_id_of(row) is None
        return (act == "view" and is_shared) or super()._reaches(act, row)


class WidgetInline(SharedForReading, admin.TabularInline):
    """A dashboard's widgets, in their order."""

    model = Widget
    form = WidgetForm
    extra = 0
    fields = [
        "position",
        "group",
        "title",
        "kind",
        "metrics",
        "dimensions",
        "order_by",
        "descending",
        "limit",
    ]


@admin.register(Dashboard)
class DashboardAdmin(SharedForReading, PortalAdmin):
    """Dashboards. Shared ones are the owner's to edit: a change shows for every client."""

    form = DashboardForm
    list_display = ["name", "owner", "slug", "position"]
    list_select_related = ["tenant"]
    search_fields = ["name", "slug"]
    fields = ["tenant", "name", "slug", "position"]
    autocomplete_fields = ["tenant"]
    inlines = [WidgetInline]

    @admin.display(description=_("belongs to"), ordering="tenant__name")
    def owner(self, dashboard: Dashboard) -> str:
        """The tenant's name, or that it is shared."""
        return str(dashboard.tenant) if dashboard.tenant else gettext("shared by all clients")

    def get_readonly_fields(self, request: HttpRequest, obj: Dashboard | None = None) -> list[str]:
        """It stays with its tenant."""
        return ["tenant"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Dashboard | None = None) -> dict[str, Any]:
        """The address is the name, until somebody types another."""
        return {} if obj else {"slug": ["name"]}

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Widgets belong to whom the dashboard belongs to."""
        for each in formset.forms:
            each.instance.tenant_id = form.instance.tenant_id
        super().save_formset(request, form, formset, change)
