"""What is known of a view's reports, kept in the process for as long as nothing of it changed."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Min
from django.utils import timezone

from accounts.prepared import Prepared
from accounts.recalled import Recalled
from accounts.tenancy import tenant_scope
from dashboards import snapshots
from dashboards.models import Snapshot, View
from dashboards.planner import Plan
from dashboards.readings import ReportState


@dataclass(frozen=True)
class _Settled:
    """What is known of reports while all of them are fresh, and until when; None where one is not."""

    states: dict[int, ReportState]
    until: datetime.datetime | None


def of(view: View, plan: Plan, *, usual: bool) -> dict[int, ReportState]:
    """As `snapshots.outlines`, without which it answers where everything is fresh. Runs in the tenant's
    scope.
    """
    prints = plan.fingerprints(view.property_id)
    found = _kept.get((view.tenant_id, view.pk, *prints), lambda: _read(view, plan, prints))
    if found.until is not None and found.until > timezone.now():
        return found.states
    return snapshots.outlines(view, plan, usual=usual)


def _read(view: View, plan: Plan, prints: list[str]) -> _Settled:
    """Whether the question is a usual one makes no difference to what is fresh."""
    states = snapshots.outlines(view, plan, usual=True)
    if any(not state.fetched_at or state.stale or state.error for state in states.values()):
        return _Settled({}, None)
    ends = Snapshot.objects.filter(view=view, fingerprint__in=prints).aggregate(until=Min("fresh_until"))
    return _Settled(states, ends["until"])


def _rows(tenant: uuid.UUID, view: uuid.UUID, *prints: str) -> Any:
    with tenant_scope({tenant}):
        rows = Snapshot.objects.filter(view=view, fingerprint__in=prints)
        return rows.order_by("fingerprint").values_list(*snapshots.OUTLINE)


_kept: Recalled[_Settled] = Recalled(Prepared(_rows))
