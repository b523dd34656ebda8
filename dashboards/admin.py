"""Views, dashboards and quotas in the admin; and what clients and tasks show of them there."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from accounts.admin import TenantAdmin
from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import OwnerOnly, StaffToo, is_agency_owner, tenant_id_of
from accounts.models import Tenant
from dashboards import flows
from dashboards.forms import (
    DashboardForm,
    PropertyByHand,
    PropertySearch,
    ViewForm,
    WidgetForm,
    chosen_viewers,
)
from dashboards.models import Dashboard, PropertyUse, View, Widget
from google_api.errors import ApiDisabled, GoogleError, InvalidArgument
from provisioning import flows as provisioning_flows
from provisioning.models import ReachableProperty

LISTED = 300  # properties on one page of choices; the search narrows the rest
QUOTA_KNOWN_FOR = datetime.timedelta(hours=1)

admin.site.unregister(Tenant)
admin.site.unregister(DBTaskResult)


@admin.register(Tenant)
class ClientAdmin(TenantAdmin):
    """Clients, with their views."""

    list_display = ["name", "slug", "views", "created_at"]
    change_form_template = "admin/dashboards/client_change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        """With the number of views, counted by the database."""
        counted = View.objects.filter(tenant=OuterRef("pk")).order_by().values("tenant")
        number = Subquery(counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        return super().get_queryset(request).annotate(view_count=Coalesce(number, 0))

    @admin.display(description=_("views"), ordering="view_count")
    def views(self, tenant: Any) -> int:
        """How many there are."""
        return int(tenant.view_count)


@admin.register(View)
class ViewAdmin(StaffToo, PortalAdmin):
    """Views. A new one begins with the choice of a property."""

    form = ViewForm
    list_display = ["name", "tenant", "property", "state", "last_error_in_words", "last_success_at", "quota"]
    list_filter = [("tenant", admin.RelatedOnlyFieldListFilter), "state"]
    list_select_related = ["tenant"]
    search_fields = ["name", "slug", "tenant__name", "property_id", "property_name"]
    ordering = ["tenant__name", "name"]
    autocomplete_fields = ["tenant"]
    change_form_template = "admin/dashboards/view/change_form.html"

    described = ["account_name", "property", "time_zone", "currency", "read_with"]
    connection = ["state", "last_success_at", "last_error_in_words", "quota"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[View]:
        """With what is left of each property's quota, where that was read of late."""
        read = PropertyUse.objects.filter(
            pk=OuterRef("property_id"), quota_read_at__gte=timezone.now() - QUOTA_KNOWN_FOR
        )
        rows: Any = super().get_queryset(request)
        return rows.for_page().annotate(quota_left=Subquery(read.values("quota_left")))

    # What it shows

    @admin.display(description=_("property"), ordering="property_id")
    def property(self, view: View) -> str:
        """Its name and number."""
        return f"{view.property_name} ({view.property_id})" if view.property_name else view.property_id

    @admin.display(description=_("read with"))
    def read_with(self, view: View) -> str:
        """The credential, and whose it is."""
        if view.agency_credential:
            return gettext("%(name)s, the agency's") % {"name": view.agency_credential}
        return str(view.tenant_credential or "–")

    @admin.display(description=_("last error"))
    def last_error_in_words(self, view: View) -> str:
        """What went wrong, and what to do; a dash when the last try worked."""
        return gettext(view.last_error) if view.last_error else "–"

    @admin.display(description=_("quota left"), ordering="quota_left")
    def quota(self, view: View) -> str:
        """The property's scarcest bucket at Google."""
        return _percent(getattr(view, "quota_left", None))

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: View | None = None) -> Any:
        """Who sees it, what it shows, and whether its figures come."""
        sets = [
            (None, {"fields": ["tenant", "name", "slug"]}),
            (_("Property"), {"fields": self.described}),
            (
                _("What it shows"),
                {"fields": ["filter", "dashboard", "more_dashboards", *self._for_chosen_viewers(obj)]},
            ),
        ]
        return [*sets, (_("Connection"), {"fields": self.connection})] if obj else sets

    def _for_chosen_viewers(self, view: View | None) -> list[str]:
        """The choice of viewers, where any see chosen views only."""
        return ["shown_to"] if view and chosen_viewers(view.tenant_id).exists() else []

    def get_readonly_fields(self, request: HttpRequest, obj: View | None = None) -> list[str]:
        """A view stays with its tenant; one on a tenant's own credential can be that tenant's only."""
        target = self._target(request, obj)
        tenant_is_known = obj or (target and target.tenant_id)
        return [*self.described, *self.connection, *(["tenant"] if tenant_is_known else [])]

    def get_prepopulated_fields(self, request: HttpRequest, obj: View | None = None) -> dict[str, Any]:
        """The address is the name, until somebody types another."""
        return {} if obj else {"slug": ["name"]}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told which property the address names."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.target = self._target(request, obj)
        for field in form.base_fields.values():
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget = field.widget.widget  # no side door to other pages
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Few to choose from: boxes."""
        return super().formfield_for_manytomany(
            db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The property's name, and the dashboards that suit every site."""
        target = self._target(request, None)
        shared = {each.slug: each.pk for each in Dashboard.objects.filter(tenant=None)}
        return {
            "tenant": request.GET.get("tenant"),
            "name": target.name if target else "",
            "slug": slugify(target.name)[:50].strip("-") if target else "",
            "dashboard": shared.get("overview"),
            "more_dashboards": [shared[slug] for slug in ("content",) if slug in shared],
        }

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begins with the choice of a property."""
        if request.method == "GET" and not self._target(request, None):
            return redirect(_address("choose", tenant=request.GET.get("tenant", "")))
        return super().add_view(request, form_url, extra_context)

    def response_add(self, request: HttpRequest, obj: View, post_url_continue: Any = None) -> HttpResponse:
        """On to the view's page without the property in the address, which is in the view by now."""
        usual = super().response_add(request, obj, post_url_continue)
        return self.to_row(obj) if "_continue" in request.POST else usual

    def response_change(self, request: HttpRequest, obj: View) -> HttpResponse:
        """Likewise."""
        usual = super().response_change(request, obj)
        return self.to_row(obj) if "_continue" in request.POST else usual

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The views themselves: their snapshots can be many, and say nothing to anybody."""
        views = list(objs)
        return [str(view) for view in views], {self.opts.verbose_name_plural: len(views)}, set(), []

    # The property

    def _reachable(self, request: HttpRequest, view: View | None) -> QuerySet[ReachableProperty]:
        """What may be chosen: the agency's by the owner only, as its list names every client."""
        rows = ReachableProperty.objects.select_related("credential", "tenant")
        if view:
            rows = rows.filter(Q(tenant=None) | Q(tenant=view.tenant_id))
        return rows if is_agency_owner(request) else rows.exclude(tenant=None)

    def _target(self, request: HttpRequest, view: View | None) -> ReachableProperty | None:
        """The property that the address names, by credential and number: both outlive a new listing."""
        wanted = _TargetQuery(request.GET)
        if not wanted.is_valid():
            return None
        return self._reachable(request, view).filter(**wanted.cleaned_data).first()

    # Pages of our own

    def get_urls(self) -> list[URLPattern]:
        """Also: the choice of a property, and a test of the connection."""
        wrap = self.admin_site.admin_view
        return [
            path("choose/", wrap(self.choose_view), name="dashboards_view_choose"),
            path("<uuid:object_id>/test/", wrap(self.test_view), name="dashboards_view_test"),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """The properties to choose from, for a new view or for the one that `view` names."""
        view = self._view_to_point(request)
        asked = {"view": request.GET.get("view", ""), "tenant": request.GET.get("tenant", "")}
        by_hand = PropertyByHand(**self.posted(request)) if is_agency_owner(request) else None
        if request.method == "POST":
            found = _found_by_hand(by_hand)
            if found:
                return redirect(_form_address(found, **asked))
        search = PropertySearch(request.GET)
        wanted = search.cleaned_data["q"] if search.is_valid() else ""
        rows = _matching(self._reachable(request, view), wanted)
        listed = list(rows[: LISTED + 1])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": view,
            "title": gettext("Choose a property"),
            "search": search,
            "asked": asked,
            "by_hand": by_hand,
            "choices": [(each, _form_address(each, **asked)) for each in listed[:LISTED]],
            "cut": len(listed) > LISTED,
        }
        return TemplateResponse(request, "admin/dashboards/view/choose.html", context)

    def _view_to_point(self, request: HttpRequest) -> View | None:
        if "view" in request.GET and request.GET["view"]:
            return self.row_to_change(request, request.GET["view"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        return None

    @method_decorator(require_POST)
    def test_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Asks Google now, and says what came back."""
        view = self.row_to_change(request, object_id)
        tested = flows.test_connection(view=view)
        if tested.error:
            messages.error(request, _in_words(tested.error))
        else:
            messages.success(request, _sessions(tested.sessions_yesterday or 0))
        return self.to_row(view)


class _TargetQuery(forms.Form):
    """The part of an address that names a reachable property."""

    credential = forms.UUIDField()
    property = forms.RegexField(r"^[0-9]{1,19}\Z")

    def clean(self) -> dict[str, Any]:
        """As a filter takes it."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        return {"credential": cleaned["credential"], "property_id": cleaned["property"]}


def _address(page: str, *args: Any, **query: str) -> str:
    said = {key: value for key, value in query.items() if value}
    address = reverse(f"admin:dashboards_view_{page}", args=args)
    return f"{address}?{urlencode(said)}" if said else address


def _form_address(target: ReachableProperty, *, view: str, tenant: str) -> str:
    """The form of a new view of `target`, or of the view that shall show it from now on."""
    chosen = {"credential": str(target.credential_id), "property": target.property_id}
    return _address("change", view, **chosen) if view else _address("add", **chosen, tenant=tenant)


def _matching(rows: QuerySet[ReachableProperty], wanted: str) -> QuerySet[ReachableProperty]:
    for word in wanted.split():
        rows = rows.filter(
            Q(account_name__icontains=word) | Q(name__icontains=word) | Q(property_id__startswith=word)
        )
    return rows.order_by("account_name", "name", "property_id", "credential__name")


def _found_by_hand(form: PropertyByHand | None) -> ReachableProperty | None:
    """The property typed in, as Google knows it; None with the form's errors."""
    if form is None:
        raise PermissionDenied
    if not form.is_valid():
        return None
    try:
        return provisioning_flows.find_property(**form.cleaned_data)
    except GoogleError as error:
        form.add_error(None, _in_words(error))
        return None


def _in_words(error: GoogleError) -> str:
    """The error's sentence, with what Google named: fields of ours, or where to switch an API on."""
    sentence = gettext(error.user_message)
    if isinstance(error, InvalidArgument) and error.fields:
        return f"{sentence} ({', '.join(error.fields)})"
    if isinstance(error, ApiDisabled) and error.activation_url:
        link = '{} <a href="{}" rel="noreferrer">{}</a>'
        return format_html(link, sentence, error.activation_url, gettext("Enable it"))
    return sentence


def _sessions(count: int) -> str:
    text = ngettext(
        "It works: %(count)s session yesterday.", "It works: %(count)s sessions yesterday.", count
    )
    return text % {"count": number_format(count, force_grouping=True)}


def _percent(share: float | None) -> str:
    if share is None:
        return "–"
    return gettext("%(percent)s %%") % {"percent": number_format(share * 100, decimal_pos=0)}


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
    fields = ["position", "title", "kind", "metrics", "dimensions", "order_by", "descending", "limit"]


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


@admin.register(PropertyUse)
class PropertyUseAdmin(OwnerOnly, PortalAdmin):
    """What Google last said of each property's quota; read only."""

    list_display = ["property_id", "left", "of_the_day", "of_the_hour", "of_the_project", "quota_read_at"]
    search_fields = ["property_id"]
    ordering = ["quota_left", "property_id"]
    list_display_links = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Google's to say."""
        return False

    has_change_permission = has_delete_permission = has_add_permission

    @admin.display(description=_("quota left"), ordering="quota_left")
    def left(self, use: PropertyUse) -> str:
        """The scarcest bucket."""
        return _percent(use.quota_left)

    @admin.display(description=_("tokens left today"), empty_value="–")
    def of_the_day(self, use: PropertyUse) -> str | None:
        """Of the property, until midnight in California."""
        return _tokens(use, "tokens_per_day")

    @admin.display(description=_("this hour"), empty_value="–")
    def of_the_hour(self, use: PropertyUse) -> str | None:
        """Of the property."""
        return _tokens(use, "tokens_per_hour")

    @admin.display(description=_("this hour, this project"), empty_value="–")
    def of_the_project(self, use: PropertyUse) -> str | None:
        """Of the property, for this installation's Google Cloud project."""
        return _tokens(use, "tokens_per_project_per_hour")


def _tokens(use: PropertyUse, bucket: str) -> str | None:
    status = (use.quota or {}).get(bucket)
    return number_format(status["remaining"], force_grouping=True) if status else None


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin):
    """The queue, for the owner's eyes alone."""

    has_view_permission = OwnerOnly.has_view_permission
    has_module_permission = OwnerOnly.has_module_permission
    _may = OwnerOnly._may
    staff_may = OwnerOnly.staff_may
