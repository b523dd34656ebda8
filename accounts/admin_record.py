"""The record in the admin: to read, to narrow and to take along, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import OwnerOnly
from accounts.audit import exporting
from accounts.audit.listing import Asked, found
from accounts.audit_kinds import AREAS
from accounts.models import AuditEntry, Tenant

COUNTED = 10_000
"""Entries that are counted and paged through; who looks for older ones narrows the list by day."""
MOST = 200
"""Clients that a part of a name may mean."""
FIELDS: Any = [
    "at", "what", "target", "who", "on_behalf_of", "tenant_name", "tenant_slug", "ip", "agent", "facts",
]  # fmt: skip
KEPT = ("q", "client", "kind", "person", "from", "to")


class BoundedPaginator(Paginator):
    """Counts no further than COUNTED: the whole record would be counted for each page."""

    @cached_property
    def count(self) -> int:
        """How many there are, as far as anybody pages."""
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk", flat=True)[:COUNTED])


class Box(admin.ListFilter):
    """One or more boxes beside the list, whose texts stand in the address."""

    template = "admin/boxes_filter.html"
    boxes: dict[str, tuple[Any, str]] = {}  # name in the address: label, type of the input

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.typed = {name: params.pop(name, [""])[-1] for name in self.boxes}

    def has_output(self) -> bool:
        """Always."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """The boxes' names."""
        return list(self.boxes)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """What the template needs: the boxes, and what else is asked of the list, to be kept."""
        asked = {name: changelist.params.get(name) or changelist.filter_params.get(name) for name in KEPT}
        kept = {name: _last(value) for name, value in asked.items() if value and name not in self.boxes}
        kept |= {"q": changelist.query} if changelist.query else {}
        kept.pop(PAGE_VAR, None)
        yield {"kept": kept, "boxes": [(name, *each, self.typed[name]) for name, each in self.boxes.items()]}


class ClientBox(Box):
    """A client's address, or a part of the name; one that was closed too."""

    title = _("client")
    boxes = {"client": (_("name or address"), "search")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the clients meant: those that are there by their id, others by what the rows say."""
        typed = self.typed["client"].replace("\0", "").strip()[:150]
        if not typed:
            return queryset
        meant = Tenant.objects.filter(Q(name__icontains=typed) | Q(slug=typed)).order_by("slug")[:MOST]
        ids = [each.pk for each in meant]
        return queryset.filter(tenant_id__in=ids) if ids else queryset.filter(tenant_slug=typed)


class PersonBox(Box):
    """Somebody's e-mail address."""

    title = _("person")
    boxes = {"person": (_("e-mail address"), "search")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What this person did."""
        return found(queryset, Asked.read({"person": self.typed["person"]}))


class DaysBox(Box):
    """From one day to another."""

    title = _("day")
    boxes = {"from": (_("from"), "date"), "to": (_("to"), "date")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What happened on these days."""
        return found(queryset, Asked.read(self.typed))


class AreaFilter(admin.SimpleListFilter):
    """By what it is about."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """Every area there is."""
        return list(AREAS)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen area."""
        return found(queryset, Asked.read({"kind": self.value() or ""}))


@admin.register(AuditEntry)
class AuditEntryAdmin(OwnerOnly, PortalAdmin):
    """Who did what. Staff see that of the clients they look after, the owner also the agency's own."""

    staff_may = frozenset({"view"})
    list_display = ["at", "happened", "person", "tenant_name", "ip"]
    list_display_links = ["at"]
    list_filter = [ClientBox, AreaFilter, PersonBox, DaysBox]
    search_fields = ["words"]
    search_help_text = _("Somebody's address, what it concerned, an IP address.")
    sortable_by = ()
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole record
    actions = None
    fields = readonly_fields = FIELDS
    change_list_template = "admin/accounts/auditentry/change_list.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is written by what happens."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def _reaches(self, act: str, row: Any) -> bool:
        """Whatever the scope finds: rows name tenants that may be gone."""
        return row is None or AuditEntry.objects.filter(pk=row.pk).exists()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the boxes ask; nothing else can be looked up."""
        return lookup in KEPT

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The text as it stands, in one column: Django's own way takes every word for itself."""
        return found(queryset, Asked.read({"q": search_term})), False

    @admin.display(description=_("what"))
    def what(self, row: AuditEntry) -> str:
        """In words."""
        return row.what

    @admin.display(description=_("what"))
    def happened(self, row: AuditEntry) -> str:
        """In words, and whom or what it concerned."""
        return format_html("<b>{}</b> {}", row.what, row.target)

    @admin.display(description=_("who"))
    def person(self, row: AuditEntry) -> str:
        """Leads to all that they did."""
        if not row.who:
            return gettext("somebody not signed in") if row.ip else gettext("the portal itself")
        who = format_html('<a href="{}">{}</a>', Asked(person=row.who).url(), row.who)
        return format_html("{} · {}", who, row.on_behalf_of) if row.on_behalf_of else who

    @admin.display(description=_("details"))
    def facts(self, row: AuditEntry) -> str:
        """One to a line."""
        return "\n".join(f"{name}: {text}" for name, text in row.facts) or "-"

    def get_urls(self) -> list[URLPattern]:
        """Also: the list as a table."""
        view = self.admin_site.admin_view(self.csv_view)
        return [path("csv/", view, name="accounts_auditentry_csv"), *super().get_urls()]

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        """All that the list would show, on all its pages; that somebody took it is written down."""
        changelist = self.get_changelist_instance(request)
        audit.record("export.record", details={"asked": Asked.read(request.GET.dict()).url()})
        return exporting.csv_response(changelist.get_queryset(request), "record")


def _last(value: Any) -> str:
    return str(value[-1]) if isinstance(value, list) else str(value)
