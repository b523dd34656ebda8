"""Views in the admin: a new one begins with the choice of a property."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.admin_rights import StaffToo, is_agency_owner
from dashboards import admin_connection, admin_links, admin_load, admin_many, admin_search
from dashboards import admin_properties as properties
from dashboards.admin_quotas import percent
from dashboards.forms.properties import PropertyByHand, PropertySearch
from dashboards.forms.views import ViewForm, chosen_viewers
from dashboards.models import Dashboard, PropertyUse, View
from provisioning import assignments
from provisioning.admin_doctor import ExaminedAdmin
from provisioning.admin_filters import ClientFilter
from provisioning.doctor.sight import Examined
from provisioning.models import ReachableProperty
from provisioning.property_table import matching

LISTED = 300  # properties on one page of choices; the search narrows the rest
QUOTA_KNOWN_FOR = datetime.timedelta(hours=1)


@admin.register(View)
class ViewAdmin(StaffToo, ExaminedAdmin):
    """Views. A new one begins with the choice of a property."""

    form = ViewForm
    list_display = ["name", "tenant", "property", "state", "last_error_in_words", "last_success_at", "quota"]
    list_filter = [ClientFilter, ("state", admin_search.FewFirst)]
    sortable_by = ["name", "tenant", "property", "last_success_at"]  # these have an index
    list_per_page = 50
    paginator = admin_search.IdsFirst
    show_full_result_count = False  # another count of all rows, beside that of the rows found
    list_select_related = ["tenant"]
    search_fields = ["search_text", "tenant__name", "tenant__slug"]
    ordering = ["tenant__slug", "slug"]  # two unique indexes: fifty rows are read, not fifty thousand sorted
    autocomplete_fields = ["tenant"]
    change_form_template = "admin/dashboards/view/change_form.html"

    described = ["account_name", "property", "time_zone", "currency", "read_with"]
    connection = ["state", "last_success_at", "last_error_in_words", "quota"]
    embedding = ["number", "origins", "ua_view_id", "ua_map", "links"]
    _of_known_views = [
        (_("On other sites"), {"fields": embedding}),
        (_("Connection"), {"fields": connection}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[View]:
        """With what is left of each property's quota, where that was read of late."""
        read = PropertyUse.objects.filter(
            pk=OuterRef("property_id"), quota_read_at__gte=timezone.now() - QUOTA_KNOWN_FOR
        )
        return super().get_queryset(request).annotate(quota_left=Subquery(read.values("quota_left")))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """See admin_search."""
        return admin_search.OneOrder

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[View], search_term: str
    ) -> tuple[QuerySet[View], bool]:
        """See admin_search; a search that finds more is told to be narrower."""
        return admin_search.matching(queryset, search_term), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Says so where a search found more than it shows."""
        response = super().changelist_view(request, extra_context)
        found = (getattr(response, "context_data", None) or {}).get("cl")
        if found and found.query and found.result_count >= admin_search.MOST:
            text = gettext("Only the first %(most)s found are listed. Type more of what you look for.")
            messages.info(request, text % {"most": number_format(admin_search.MOST, force_grouping=True)})
        return response

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

    @admin.display(description=_("number in embedded pages"))
    def number(self, view: View) -> str:
        """As queries name the view."""
        return f"ga:{view.embed_id}"

    @admin.display(description=_("links to share"))
    def links(self, view: View) -> str:
        """Those that still lead to the view. They are made and ended on a page of their own."""
        return admin_links.listed(view)

    @admin.display(description=_("last error"))
    def last_error_in_words(self, view: View) -> str:
        """What went wrong, and what to do; a dash when the last try worked."""
        return gettext(view.last_error) if view.last_error else "–"

    @admin.display(description=_("quota left"))
    def quota(self, view: View) -> str:
        """The property's scarcest bucket at Google."""
        return percent(getattr(view, "quota_left", None))

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
        return [*sets, *self._of_known_views] if obj else sets

    def _for_chosen_viewers(self, view: View | None) -> list[str]:
        """The choice of viewers, where any see chosen views only."""
        return ["shown_to"] if view and chosen_viewers(view.tenant_id).exists() else []

    def get_readonly_fields(self, request: HttpRequest, obj: View | None = None) -> list[str]:
        """A view stays with its tenant; one on a tenant's own credential can be that tenant's only."""
        target = self._target(request, obj)
        tenant_is_known = obj or (target and target.tenant_id)
        return [
            *self.described,
            *self.connection,
            "number",
            "links",
            *(["tenant"] if tenant_is_known else []),
        ]

    def get_prepopulated_fields(self, request: HttpRequest, obj: View | None = None) -> dict[str, Any]:
        """The address is the name, until somebody types another."""
        return {} if obj else {"slug": ["name"]}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told which property the address names."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.target = self._target(request, obj)
        form.tenants = self._tenants_for(request, form.target)
        form.only_previews = "_preview" in request.POST
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
            "tenant": super().get_changeform_initial_data(request).get("tenant"),
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

    def _target(self, request: HttpRequest, view: View | None) -> ReachableProperty | None:
        """The property that the address names, by credential and number: both outlive a new listing."""
        return properties.named(properties.reachable(view, agencys=is_agency_owner(request)), request.GET)

    def _tenants_for(self, request: HttpRequest, target: ReachableProperty | None) -> set[uuid.UUID] | None:
        """Whose view may show it: staff give an agency's property to whom it was assigned."""
        if target is None or target.tenant_id or is_agency_owner(request):
            return None
        return assignments.tenants_of(target.credential_id, target.property_id)

    def save_model(self, request: HttpRequest, obj: View, form: Any, change: bool) -> None:
        """What the owner points a client's view at is that client's from then on."""
        super().save_model(request, obj, form, change)
        if form.target:
            assignments.assign(credential=obj.credential, pairs=[(obj.property_id, obj.tenant_id)])

    # Pages of our own

    def get_urls(self) -> list[URLPattern]:
        """Also: the choice of a property, many at once, and what asks Google."""
        wrap = self.admin_site.admin_view
        return [
            path("many/", wrap(self.many_view), name="dashboards_view_many"),
            path("load/", wrap(self.load_view), name="dashboards_view_load"),
            path("load/views.csv", wrap(admin_load.example), name="dashboards_view_load_example"),
            path("choose/", wrap(self.choose_view), name="dashboards_view_choose"),
            path("fields.json", wrap(self.fields_view), name="dashboards_view_fields"),
            path("<uuid:object_id>/test/", wrap(self.test_view), name="dashboards_view_test"),
            path("<uuid:object_id>/refresh/", wrap(self.refresh_view), name="dashboards_view_refresh"),
            *super().get_urls(),
        ]

    def choose_view(self, request: HttpRequest) -> HttpResponse:
        """The properties to choose from, for a new view or for the one that `view` names."""
        view = self._view_to_point(request)
        asked = {"view": request.GET.get("view", ""), "tenant": request.GET.get("tenant", "")}
        tenant_id = view.tenant_id if view else properties.tenant_named(request.GET)
        by_hand = None
        if is_agency_owner(request):
            by_hand = PropertyByHand(**self.posted(request), tenant_id=tenant_id)
        if request.method == "POST":
            if by_hand is None:
                raise PermissionDenied
            if found := properties.found_by_hand(by_hand):
                return redirect(_form_address(found, **asked))
        search = PropertySearch(request.GET)
        wanted = search.cleaned_data["q"] if search.is_valid() else ""
        rows = matching(properties.reachable(view, agencys=is_agency_owner(request)), wanted)
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

    def many_view(self, request: HttpRequest) -> HttpResponse:
        """Clients and views for many properties at once."""
        return admin_many.page(self, request)

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Clients and views from a table."""
        return admin_load.page(self, request)

    def _view_to_point(self, request: HttpRequest) -> View | None:
        if "view" in request.GET and request.GET["view"]:
            return self.row_to_change(request, request.GET["view"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        return None

    def fields_view(self, request: HttpRequest) -> HttpResponse:
        """The dimensions and metrics of a view's property, or of one that may be chosen."""
        view = self.row_to_change(request, request.GET["view"]) if request.GET.get("view") else None
        target = None if view else self._target(request, None)
        return admin_connection.fields_of(view or target)

    @method_decorator(require_POST)
    def test_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Asks Google now, and says what came back."""
        view = self.row_to_change(request, object_id)
        admin_connection.test(request, view)
        return self.to_row(view)

    @method_decorator(require_POST)
    def refresh_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Brings the view's figures up to date, and says how that went."""
        view = self.row_to_change(request, object_id)
        admin_connection.refresh(request, view)
        return self.to_row(view)

    def examined(self, request: HttpRequest, row: View) -> Examined:
        """The view's chain."""
        return admin_connection.examined(request, row)

    # What is asked of Google about the form: outside the transaction that saves

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Also: a preview of the filter, and after saving, which widgets it cannot be combined with."""
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if "_preview" in request.POST and isinstance(response, TemplateResponse):
            admin_connection.preview((response.context_data or {})["adminform"].form)
        if saved := getattr(request, "view_to_check", None):
            admin_connection.warn_of_misfits(request, saved)
        return response

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Also notes that what the view shows was changed."""
        super().save_related(request, form, formsets, change)
        if form.target or {"filter", "dashboard", "more_dashboards"} & set(form.changed_data):
            request.view_to_check = form.instance  # type: ignore[attr-defined]


def _address(page: str, *args: Any, **query: str) -> str:
    said = {key: value for key, value in query.items() if value}
    address = reverse(f"admin:dashboards_view_{page}", args=args)
    return f"{address}?{urlencode(said)}" if said else address


def _form_address(target: ReachableProperty, *, view: str, tenant: str) -> str:
    """The form of a new view of `target`, or of the view that shall show it from now on."""
    chosen = {"credential": str(target.credential_id), "property": target.property_id}
    return _address("change", view, **chosen) if view else _address("add", **chosen, tenant=tenant)
