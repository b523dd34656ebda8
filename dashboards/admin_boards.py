"""Dashboards and their widgets in the admin."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import StaffToo, tenant_id_of
from dashboards import boards, fields, widget_check
from dashboards.admin_properties import in_words
from dashboards.forms.boards import DashboardCopy, DashboardForm
from dashboards.forms.widgets import WidgetForm, WidgetFormSet
from dashboards.models import Dashboard, View, Widget
from google_api.errors import GoogleError
from provisioning.admin_filters import ClientFilter

NAMED = 20  # views that keep a dashboard from being deleted


class SharedForReading(StaffToo):
    """Staff read what is shared and change what is their tenants'."""

    staff_may = frozenset({"view", "change"})

    def _reaches(self, act: str, row: Model | None) -> bool:
        is_shared = row is not None and tenant_id_of(row) is None
        return (act == "view" and is_shared) or super()._reaches(act, row)


class WidgetInline(SharedForReading, admin.TabularInline):
    """A dashboard's widgets, in their order. Who may change the dashboard may add and take away."""

    staff_may = StaffToo.staff_may
    model = Widget
    form = WidgetForm
    formset = WidgetFormSet
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

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The widgets' forms, told what Google said of them."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.problems = getattr(request, "widget_problems", {})
        return formset


@admin.register(Dashboard)
class DashboardAdmin(SharedForReading, PortalAdmin):
    """Dashboards. Shared ones are the owner's to edit: a change shows for every client."""

    form = DashboardForm
    list_display = ["name", "owner", "slug", "position"]
    list_select_related = ["tenant"]
    list_filter = [ClientFilter]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "slug"]
    autocomplete_fields = ["tenant"]
    change_form_template = "admin/dashboards/dashboard/change_form.html"
    inlines = [WidgetInline]

    @admin.display(description=_("belongs to"), ordering="tenant__name")
    def owner(self, dashboard: Dashboard) -> str:
        """The tenant's name, or that it is shared."""
        return str(dashboard.tenant) if dashboard.tenant else gettext("shared by all clients")

    def get_fields(self, request: HttpRequest, obj: Dashboard | None = None) -> list[Any]:
        """Whoever only reads checks nothing."""
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return ["tenant", "name", "slug", "position", *(["check_with"] if may else [])]

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

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """As Django's; of the views that keep it, be they fifty thousand, some are named."""
        users = View.objects.filter(dashboard__in=objs).select_related("tenant").order_by()
        named = [f"{view.tenant} › {view}" for view in users[:NAMED]]
        if not named:
            return super().get_deleted_objects(objs, request)
        if (count := users.count()) > NAMED:
            named.append(gettext("and %(count)d more") % {"count": count - NAMED})
        return [str(each) for each in objs], {}, set(), named

    def deleted_along(self, rows: QuerySet[Any]) -> list[tuple[type[Model], int]]:
        """Their widgets. What a view shows beside its own dashboard just misses them."""
        return [(Widget, Widget.objects.filter(dashboard__in=rows.order_by().values("pk")).count())]

    # What is asked of Google, outside the transaction that saves

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Also: changed widgets that Google would refuse are refused here, with its reason."""
        if request.method == "POST":
            request.widget_problems = self._problems(request, object_id)  # type: ignore[attr-defined]
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(response, TemplateResponse):
            self._offer(response)
        return response

    def _problems(self, request: HttpRequest, object_id: str | None) -> dict[str, str]:
        """What Google says against the widgets typed, by their forms' prefixes."""
        row = self.get_object(request, object_id) if object_id else None
        if not (self.has_change_permission(request, row) if row else self.has_add_permission(request)):
            return {}
        form: Any = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        view = form.view_to_check() if form.is_valid() else None
        if view is None:
            return {}
        made: Any = self
        formsets, _inlines = made._create_formsets(request, form.instance, change=row is not None)
        changed = {each.prefix: each for formset in formsets for each in formset.forms if _is_to_check(each)}
        try:
            return widget_check.problems(view, {prefix: each.spec for prefix, each in changed.items()})
        except GoogleError as error:
            text = gettext("Whether the fields go together could not be checked: %(why)s")
            messages.warning(request, text % {"why": in_words(error)})
            return {}

    def _offer(self, response: TemplateResponse) -> None:
        """Names of the chosen view's property, or of any."""
        context: Any = response.context_data
        form = context["adminform"].form
        view = form.view_to_check() if isinstance(form, DashboardForm) else None
        context["offered"] = fields.offered(view.property_id if view else "")
        context["fields_url"] = reverse("admin:dashboards_view_fields")

    # A copy for a client

    def get_urls(self) -> list[URLPattern]:
        """Also: a copy for a client."""
        view = self.admin_site.admin_view(self.copy_view)
        return [path("<uuid:object_id>/copy/", view, name="dashboards_dashboard_copy"), *super().get_urls()]

    def copy_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """A dashboard of a client's own, made from a shared one or from another of its own."""
        dashboard = self.get_object(request, str(object_id))
        if dashboard is None or not self.has_view_permission(request, dashboard):
            raise Http404
        form = DashboardCopy(request.POST if request.method == "POST" else None, dashboard=dashboard)
        if form.is_valid():
            made = boards.copy(dashboard=dashboard, **form.cleaned_data)
            self.log_addition(request, made, [{"added": {}}])
            text = gettext("“%(name)s” is %(tenant)s's own. Choose it in the client's views.")
            messages.success(request, text % {"name": made.name, "tenant": made.tenant})
            return self.to_row(made)
        title = gettext("Copy “%(name)s” for a client") % {"name": gettext(dashboard.name)}
        return self.form_page(request, form, title=title, submit=gettext("Copy"), original=dashboard)


def _is_to_check(form: Any) -> bool:
    """Whether a widget was changed, makes sense by itself, and stays."""
    return bool(
        form.has_changed() and form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
    )
