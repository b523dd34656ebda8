"""Brings tenants and views in line with a table: all of it, or, where a line is wrong, nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, cast

from django.db import transaction
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEntry, Tenant
from accounts.races import looks_again
from dashboards import offers
from dashboards.bulk.sources import LineError, Source, Sources
from dashboards.bulk.table import Problem, Row, Table
from dashboards.models import Dashboard, View
from provisioning import assignments
from provisioning.models import Credential

OVERVIEW = "overview"
SHOPS_ONLY = "e-commerce"  # offered where it is asked for: elsewhere it would be empty
CHUNK = 500  # ids in one query


class BadLines(ValueError):
    """Some lines are wrong; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


@dataclass
class Counts:
    """How many rows of one kind a load made, changed and found as they should be."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Loaded:
    """What a load did, or with `dry_run` would do."""

    tenants: Counts = field(default_factory=Counts)
    views: Counts = field(default_factory=Counts)

    @property
    def nothing_changed(self) -> bool:
        """Whether all was as the table says already."""
        return not any((self.tenants.created, self.tenants.changed, self.views.created, self.views.changed))


@looks_again
def load(table: Table, *, dry_run: bool = False) -> Loaded:
    """Creates and updates what the table names; what it does not name stays.

    Empty names and optional cells leave what an existing row has. A property's zone, currency and names
    are Google's. Raises BadLines with every problem. Runs in a scope of all tenants, and asks Google only
    for properties that a service account was not yet seen to reach. Where somebody else has made the same
    rows meanwhile, it finds them made.
    """
    plan = _Plan(table.rows)
    if problems := sorted({*table.problems, *plan.problems}):
        raise BadLines(problems)
    if not dry_run:
        plan.write()
    return plan.loaded


class _Plan:
    """What is to be written. Reads the database in few queries, however long the table."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.loaded = Loaded()
        self.problems: list[Problem] = []
        self.new_tenants: list[Tenant] = []
        self.renamed_tenants: list[Tenant] = []
        self.new_views: list[View] = []
        self.changed_views: dict[frozenset[str], list[View]] = defaultdict(list)
        self.offers: list[tuple[View, Dashboard]] = []
        slugs = {row.tenant for row in rows}
        self.tenants = {each.slug: each for each in Tenant.objects.all() if each.slug in slugs}
        self.views = _views_of([tenant.pk for tenant in self.tenants.values()])
        self.dashboards = _Dashboards()
        self.sources = Sources(rows, self.tenants)
        self._plan_tenants(rows)
        for row in rows:
            self._plan_view(row)
        self._check_old_ids(rows)

    def write(self) -> None:
        """All of it in one transaction."""
        with transaction.atomic():
            Tenant.objects.bulk_create(self.new_tenants)
            Tenant.objects.bulk_update(self.renamed_tenants, ["name"])
            View.objects.bulk_create(self.new_views)
            self._clear_old_ids()
            for fields, views in self.changed_views.items():
                for view in views:
                    view.check_tenant()
                View.objects.bulk_update(views, sorted(fields))
            through = View.more_dashboards.through
            through.objects.bulk_create(
                [through(view_id=view.pk, dashboard_id=each.pk) for view, each in self.offers],
                ignore_conflicts=True,
            )
            offers.changed()
            self._assign()
            audit.record_all(self._entries())

    def _entries(self) -> Iterator[AuditEntry]:
        """What the record says of it."""
        tenants = {each.pk: each for each in self.tenants.values()}
        yield from (_entry("admin.added", each, each) for each in self.new_tenants)
        yield from (_entry("admin.changed", each, each, ["name"]) for each in self.renamed_tenants)
        yield from (_entry("admin.added", each, tenants[each.tenant_id]) for each in self.new_views)
        for fields, views in self.changed_views.items():
            for view in views:
                yield _entry("admin.changed", view, tenants[view.tenant_id], sorted(fields))

    def _clear_old_ids(self) -> None:
        """Of those that get another: two views may swap theirs, which no client has twice at any time."""
        changed = [
            view.pk
            for fields, views in self.changed_views.items()
            if "ua_view_id" in fields
            for view in views
        ]
        for start in range(0, len(changed), CHUNK):
            View.objects.filter(pk__in=changed[start : start + CHUNK]).update(ua_view_id="")

    def _assign(self) -> None:
        """What a view shows from an agency's account is its client's from then on."""
        pairs: dict[Credential, list[assignments.Pair]] = defaultdict(list)
        for view in [*self.new_views, *chain(*self.changed_views.values())]:
            pairs[view.credential].append((view.property_id, view.tenant_id))
        for credential, found in pairs.items():
            assignments.assign(credential=credential, pairs=found)

    def _check_old_ids(self, rows: Sequence[Row]) -> None:
        """A view that the table does not name may have an old id that the table gives to another."""
        named = {(row.tenant, row.view) for row in rows}
        slugs = {tenant.pk: slug for slug, tenant in self.tenants.items()}
        taken = {
            (slugs[view.tenant_id], view.ua_view_id): view.slug
            for view in self.views.values()
            if view.ua_view_id and (slugs[view.tenant_id], view.slug) not in named
        }
        for row in rows:
            if row.ua_view_id and (holder := taken.get((row.tenant, row.ua_view_id))):
                self._problem(
                    row,
                    _("The ua_view_id %(number)s is the view %(view)s's already.")
                    % {"number": row.ua_view_id, "view": holder},
                )

    # ---- tenants

    def _plan_tenants(self, rows: Sequence[Row]) -> None:
        lines: dict[str, Row] = {}  # the line that names the tenant, else its first
        for row in rows:
            if row.tenant not in lines or (row.tenant_name and not lines[row.tenant].tenant_name):
                lines[row.tenant] = row
        for row in lines.values():
            self._plan_tenant(row)

    def _plan_tenant(self, row: Row) -> None:
        tenant = self.tenants.get(row.tenant)
        if tenant is None:
            self._plan_new_tenant(row)
        elif row.tenant_name in {"", tenant.name}:
            self.loaded.tenants.unchanged += 1
        else:
            tenant.name = row.tenant_name
            self.renamed_tenants.append(tenant)
            self.loaded.tenants.changed += 1

    def _plan_new_tenant(self, row: Row) -> None:
        if not row.tenant_name:
            self._problem(
                row, _("The client %(slug)s is new and needs a tenant_name.") % {"slug": row.tenant}
            )
        tenant = Tenant(slug=row.tenant, name=row.tenant_name)
        self.tenants[row.tenant] = tenant
        self.new_tenants.append(tenant)
        self.loaded.tenants.created += 1

    # ---- views

    def _plan_view(self, row: Row) -> None:
        tenant = self.tenants[row.tenant]
        view = self.views.get((tenant.pk, row.view))
        try:
            source = self.sources.of(row)
            dashboard = self._dashboard(row, tenant, view)
        except LineError as error:
            self._problem(row, str(error))
            return
        if view is None:
            self._plan_new_view(row, tenant, source, dashboard)
        else:
            self._plan_change(row, view, source, dashboard)

    def _dashboard(self, row: Row, tenant: Tenant, view: View | None) -> Dashboard:
        if row.dashboard or view is None:
            found = self.dashboards.named(row.dashboard or OVERVIEW, tenant)
        else:
            found = self.dashboards.by_id[view.dashboard_id]
        if found is None:
            raise LineError(
                _("There is no dashboard “%(slug)s” for this client. There are: %(known)s.")
                % {"slug": row.dashboard or OVERVIEW, "known": ", ".join(self.dashboards.slugs_for(tenant))}
            )
        return found

    def _plan_new_view(self, row: Row, tenant: Tenant, source: Source, dashboard: Dashboard) -> None:
        if not row.view_name:
            self._problem(row, _("The view %(slug)s is new and needs a view_name.") % {"slug": row.view})
        view = View(tenant=tenant, slug=row.view, dashboard=dashboard, **_wanted(row, source))
        self.new_views.append(view)
        self.offers += [(view, each) for each in self.dashboards.offered_beside(dashboard)]
        self.loaded.views.created += 1

    def _plan_change(self, row: Row, view: View, source: Source, dashboard: Dashboard) -> None:
        before = self.dashboards.by_id[view.dashboard_id]
        changed = _apply(view, _wanted(row, source) | {"dashboard": dashboard})
        if not changed:
            self.loaded.views.unchanged += 1
            return
        if "dashboard" in changed:  # what the view has offered it goes on offering
            self.offers.append((view, before))
        if changed & {"property_id", "filter", "agency_credential", "tenant_credential"}:
            changed |= _apply(view, {"state": View.State.NEW, "last_error_code": ""})
        self.changed_views[frozenset(changed)].append(view)
        self.loaded.views.changed += 1

    def _problem(self, row: Row, sentence: str) -> None:
        self.problems.append(Problem(row.line, sentence))


def _entry(kind: str, row: Model, tenant: Tenant, changed: Sequence[str] = ()) -> AuditEntry:
    said = {"change": _("from a table"), "fields": ", ".join(changed)}
    target = f"{row._meta.verbose_name} {row}"
    return audit.entry(
        kind, tenant=tenant, target=target, details={name: text for name, text in said.items() if text}
    )


def _views_of(tenant_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, str], View]:
    chunks = (tenant_ids[start : start + CHUNK] for start in range(0, len(tenant_ids), CHUNK))
    return {
        (view.tenant_id, view.slug): view
        for chunk in chunks
        for view in View.objects.filter(tenant__in=chunk)
    }


def _wanted(row: Row, source: Source) -> dict[str, Any]:
    """What the line and Google say of the view."""
    is_agencys = source.credential.tenant_id is None
    reached = source.reached
    wanted = {
        "property_id": row.property,
        "property_name": reached.name,
        "account_name": reached.account_name,
        "time_zone": reached.time_zone,
        "currency": reached.currency,
        "filter": row.filter,
        "agency_credential": source.credential if is_agencys else None,
        "tenant_credential": None if is_agencys else source.credential,
    }
    said = {"name": row.view_name, "ua_view_id": row.ua_view_id, "origins": row.origins.split()}
    return wanted | {name: value for name, value in said.items() if value}


def _apply(view: View, wanted: dict[str, Any]) -> set[str]:
    """Sets the values, and says which of them are new."""
    changed = set()
    for name, value in wanted.items():
        attname = cast("Field[Any, Any]", View._meta.get_field(name)).attname
        before = getattr(view, attname)
        setattr(view, name, value)
        if getattr(view, attname) != before:
            changed.add(name)
    return changed


class _Dashboards:
    """The agency's dashboards and the clients' own."""

    def __init__(self) -> None:
        self.by_id = {each.pk: each for each in Dashboard.objects.all()}
        self._by_address = {(each.tenant_id, each.slug): each for each in self.by_id.values()}

    def named(self, slug: str, tenant: Tenant) -> Dashboard | None:
        """The client's own of this address, else the agency's."""
        return self._by_address.get((tenant.pk, slug)) or self._by_address.get((None, slug))

    def slugs_for(self, tenant: Tenant) -> list[str]:
        """The addresses that a view of the client may name."""
        return sorted({slug for owner, slug in self._by_address if owner in {None, tenant.pk}})

    def offered_beside(self, dashboard: Dashboard) -> Iterator[Dashboard]:
        """The agency's others, without the one for shops."""
        for each in self.by_id.values():
            if each.tenant_id is None and each.pk != dashboard.pk and each.slug != SHOPS_ONLY:
                yield each
