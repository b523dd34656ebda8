"""What a page's request needs to know of a view, kept in the process for as long as nothing of it changed.

Each request asks the database whether that is so, by a query that it answers at once: so what is revoked or
changed counts for the next request, whichever process changed it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Min
from django.http import HttpRequest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from dashboards import snapshots
from dashboards.embed import access
from dashboards.embed.access import Grant
from dashboards.embed.prepared import Prepared, Rows, Value
from dashboards.kept import Kept
from dashboards.models import Snapshot, View
from dashboards.planner import Plan
from dashboards.readings import ReportState

T = TypeVar("T")


class Recalled(Generic[T]):
    """Things read from rows, each with the rows as they stood before it was read."""

    def __init__(self, rows: Prepared, most: int = 1_000) -> None:
        self._rows = rows
        self._kept: Kept[tuple[Rows, T]] = Kept(most)

    def get(self, values: tuple[Value, ...], read: Callable[[], T]) -> T:
        """What was read when the rows of these values stood as they do now; else `read` reads it."""
        rows = self._rows.rows(*values)
        known = self._kept.get(values)
        if known is not None and known[0] == rows:
            return known[1]
        found = read()
        if rows:
            self._kept.put(values, (rows, found))
        return found


# ---- what a token opens

UNREAD = frozenset(
    {"state", "last_success_at", "last_error_code", "last_error_at", "last_opened_at", "refresh_queued_until"}
)
"""Columns of a view that change all the time and that no answer is made from."""


def grant_of(request: HttpRequest) -> Grant:
    """As `access.grant_of`, with views that are read and never changed; what asks Google takes them anew."""
    token = access.token_of(request)
    if token.key_id is None:
        return access.grant_for(token)
    key = (token.tenant_id, token.key_id, *token.view_ids)
    return access.opened(token, _views.get(key, lambda: access.views_for(token)))


def _rows_of_views(tenant: uuid.UUID, key: uuid.UUID, *views: uuid.UUID) -> Any:
    columns = [field.attname for field in View._meta.concrete_fields if field.name not in UNREAD]
    with tenant_scope({tenant}):
        found = access.of_key(View.objects.filter(pk__in=views), tenant, key)
        return found.order_by("pk").values_list(*columns, "cutoff", "tenant__name", "tenant__paused_at")


_views: Recalled[list[View]] = Recalled(Prepared(_rows_of_views))

# ---- what is known of reports


@dataclass(frozen=True)
class _Outline:
    """What is known of reports, and until when that stays so by itself."""

    states: dict[int, ReportState]
    until: datetime.datetime | None


def outlines(view: View, plan: Plan) -> dict[int, ReportState]:
    """As `snapshots.outlines` for what not every visitor asks. Runs in the tenant's scope."""
    prints = plan.fingerprints(view.property_id)
    found = _outlines.get((view.tenant_id, view.pk, *prints), lambda: _read(view, plan, prints))
    if found.until is not None and found.until > timezone.now():
        return found.states
    return snapshots.outlines(view, plan, usual=False)


def _read(view: View, plan: Plan, prints: list[str]) -> _Outline:
    states = snapshots.outlines(view, plan, usual=False)
    settled = all(state.fetched_at and not (state.stale or state.error) for state in states.values())
    if not settled:
        return _Outline({}, None)
    ends = Snapshot.objects.filter(view=view, fingerprint__in=prints).aggregate(until=Min("fresh_until"))
    return _Outline(states, ends["until"])


def _rows_of_outlines(tenant: uuid.UUID, view: uuid.UUID, *prints: str) -> Any:
    with tenant_scope({tenant}):
        rows = Snapshot.objects.filter(view=view, fingerprint__in=prints)
        return rows.order_by("fingerprint").values_list(*snapshots.OUTLINE)


_outlines: Recalled[_Outline] = Recalled(Prepared(_rows_of_outlines))
