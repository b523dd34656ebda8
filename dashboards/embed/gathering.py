"""Puts questions of one view that come at almost the same time to Google together.

A page with nine charts may ask nine times at once. Whoever of a process comes first waits a moment for the
others and asks for all of them, five to a call. Other processes do the same; the rows of the questions see
to it that none is asked twice.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from threading import Event, Lock

from dashboards import periods, snapshots
from dashboards.models import View
from dashboards.planner import Plan
from google_api.data import ReportRequest

MOMENT_SECONDS = 0.03
PATIENCE_SECONDS = 30.0  # longer than the one who asks goes on


@dataclass
class _Round:
    """The questions that are put together, and when their answers are there."""

    requests: list[ReportRequest] = field(default_factory=list)
    done: Event = field(default_factory=Event)


_rounds: dict[uuid.UUID, _Round] = {}
_lock = Lock()


def plan_of(view: View, requests: Iterable[ReportRequest]) -> Plan:
    """These reports as the snapshots take them, each once; no widget stands behind them."""
    return _plan(tuple(dict.fromkeys(requests)), view.today)


@lru_cache(maxsize=1_000)
def _plan(requests: tuple[ReportRequest, ...], today: date) -> Plan:
    return Plan(periods.resolve({}, today), requests, {})


def bring(view: View, requests: Sequence[ReportRequest]) -> None:
    """Sees to it that Google is asked for these, whoever asks; answers and failures are in the snapshots."""
    with _lock:
        found = _rounds.get(view.pk)
        leads = found is None
        if found is None:
            found = _rounds[view.pk] = _Round()
        found.requests.extend(requests)
    if leads:
        _lead(view, found)
    else:
        found.done.wait(PATIENCE_SECONDS)


def _lead(view: View, gathered: _Round) -> None:
    try:
        time.sleep(MOMENT_SECONDS)
    finally:
        with _lock:
            del _rounds[view.pk]
    try:
        snapshots.bring(view, plan_of(view, gathered.requests), usual=False)
    finally:
        gathered.done.set()
