"""What of views, dashboards and quotas stands in the admin; and what clients and tasks show there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from accounts.admin import TenantAdmin
from accounts.admin_rights import OwnerOnly
from accounts.models import Invitation, Membership, Tenant
from dashboards import admin_boards, admin_keys, admin_quotas, admin_views  # noqa: F401  # they register
from dashboards.models import Dashboard, View
from provisioning.models import Credential

admin.site.unregister(Tenant)
admin.site.unregister(DBTaskResult)


@admin.register(Tenant)
class ClientAdmin(TenantAdmin):
    """Clients, with their views."""

    list_display = ["name", "slug", "views", "state", "created_at"]
    list_per_page = 25
    show_full_result_count = False
    ordering = ["slug"]  # has an index, and is the name, nearly
    change_form_template = "admin/dashboards/client_change_form.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A client is closed instead: that also ends what it connected at Google."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        """With the number of views, counted by the database."""
        counted = View.objects.filter(tenant=OuterRef("pk")).order_by().values("tenant")
        number = Subquery(counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        return super().get_queryset(request).annotate(view_count=Coalesce(number, 0))

    def deleted_along(self, rows: QuerySet[Any]) -> list[tuple[type[Model], int]]:
        """What a client's people would miss."""
        mine = rows.order_by().values("pk")
        return [
            (model, model.objects.filter(tenant__in=mine).count())
            for model in (View, Dashboard, Credential, Membership, Invitation)
        ]

    @admin.display(description=_("views"), ordering="view_count")
    def views(self, tenant: Any) -> int:
        """How many there are."""
        return int(tenant.view_count)


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin):
    """The queue, for the owner's eyes alone."""

    has_view_permission = OwnerOnly.has_view_permission
    _may = OwnerOnly._may
    staff_may = OwnerOnly.staff_may

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Never: the page on what is broken leads here, the index need not."""
        return False
