"""Which dashboards a view offers and what they consist of: read once, kept in the process until any changes.

A stamp in the cache that all processes share tells: whoever changes something puts a new one there. A stamp
that the cache has lost is as good as a new one.
"""

import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed, post_delete, post_save

from dashboards.asides import aside
from dashboards.models import Dashboard, View, Widget
from dashboards.planner import WidgetSpec

STAMP = "dashboards:stamp"


@dataclass(frozen=True)
class Board:
    """A dashboard with its widgets in their order."""

    dashboard: Dashboard
    widgets: tuple[WidgetSpec, ...]


def of(view: View) -> tuple[Board, ...]:
    """What a view offers, the dashboard it opens with first. Whoever asks may see the view."""
    if connection.in_atomic_block:  # what is read there may never come to be
        return _read(view.pk, view.dashboard_id)
    return _kept(_stamp(), view.pk, view.dashboard_id)


def changed(**about: Any) -> None:
    """Has everybody read anew. In a transaction the stamp goes with it where the cache is in the same
    database; any other cache is told again at its end, as only then there is something new to read.
    """
    _put_stamp()
    if connection.in_atomic_block:
        transaction.on_commit(_put_stamp)


def watch() -> None:
    """Notices changes that are made through the models; bulk ones call `changed` themselves."""
    for model in (Dashboard, Widget):
        post_save.connect(changed, sender=model, dispatch_uid="offers")
        post_delete.connect(changed, sender=model, dispatch_uid="offers")
    m2m_changed.connect(changed, sender=View.more_dashboards.through, dispatch_uid="offers")


@lru_cache(maxsize=1000)
def _kept(stamp: str, view_id: uuid.UUID, first_id: uuid.UUID) -> tuple[Board, ...]:
    return _read(view_id, first_id)


def _read(view_id: uuid.UUID, first_id: uuid.UUID) -> tuple[Board, ...]:
    more = View.more_dashboards.through.objects.filter(view=view_id).values("dashboard")
    rows = Dashboard.objects.filter(Q(pk=first_id) | Q(pk__in=more)).prefetch_related("widgets")
    boards = [Board(row, tuple(widget.spec() for widget in row.widgets.all())) for row in rows]
    return tuple(sorted(boards, key=lambda board: board.dashboard.pk != first_id))


def _stamp() -> str:
    found = cache.get(STAMP)
    if found is None:
        with aside():
            cache.add(STAMP, _new(), timeout=None)
        found = cache.get(STAMP)
    return found or _new()


def _put_stamp() -> None:
    cache.set(STAMP, _new(), timeout=None)


def _new() -> str:
    return uuid.uuid4().hex
