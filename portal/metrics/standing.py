"""How the installation stands by now, read from the database in a few counts: for /metrics and for the page
that staff see. Runs in a scope of all tenants.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dashboards.freshness import LOW_QUOTA
from dashboards.models import PropertyUse, View
from portal import heartbeat
from provisioning.models import Credential, ProvisioningRequest
from provisioning.outbox import sending

QUOTA_KNOWN = datetime.timedelta(hours=1)
"""What Google said of a quota longer ago says nothing any more."""

Tally = dict[tuple[str, ...], int]


@dataclass(frozen=True)
class Queue:
    """Tasks that wait, that run, and that failed within the week that they are kept; and since when the
    oldest waits.
    """

    ready: int
    running: int
    failed: int
    oldest: datetime.datetime | None


@dataclass(frozen=True)
class Standing:
    """Everything. Tallies count rows by the values of their columns; `worst_quota` is 0 to 1, None where
    Google has said nothing within the hour.
    """

    views: Tally
    credentials: Tally
    requests: Tally
    queue: Queue
    worst_quota: float | None
    low_quotas: int
    mails_waiting: int
    mails_lost: int
    last_tick: datetime.datetime | None
    last_task: datetime.datetime | None


def read() -> Standing:
    """As it is now."""
    worst, low = _quotas()
    return Standing(
        views=_tally(View.objects.filter(tenant__paused_at=None), "state"),
        credentials=_tally(Credential.objects.all(), "kind", "state"),
        requests=_tally(ProvisioningRequest.objects.all(), "state"),
        queue=queue(),
        worst_quota=worst,
        low_quotas=low,
        mails_waiting=sending.waiting(),
        mails_lost=sending.lost(),
        last_tick=heartbeat.last_tick(),
        last_task=heartbeat.last_task(),
    )


def queue() -> Queue:
    """How the worker's queue stands."""
    ready = DBTaskResult.objects.ready()
    waiting: dict[str, Any] = ready.order_by().aggregate(number=Count("pk"), oldest=Min("enqueued_at"))
    others: dict[str, int] = DBTaskResult.objects.order_by().aggregate(
        running=Count("pk", filter=Q(status="RUNNING")), failed=Count("pk", filter=Q(status="FAILED"))
    )
    return Queue(waiting["number"], others["running"], others["failed"], waiting["oldest"])


def low_quotas() -> QuerySet[PropertyUse]:
    """Properties of whose quota Google has just said that little is left."""
    return _known_quotas().filter(quota_left__lt=LOW_QUOTA)


def _known_quotas() -> QuerySet[PropertyUse]:
    since = timezone.now() - QUOTA_KNOWN
    return PropertyUse.objects.filter(quota_read_at__gte=since, quota_left__isnull=False)


def _quotas() -> tuple[float | None, int]:
    found: dict[str, Any] = _known_quotas().aggregate(
        worst=Min("quota_left"), low=Count("pk", filter=Q(quota_left__lt=LOW_QUOTA))
    )
    return found["worst"], found["low"]


def _tally(rows: QuerySet[Any], *columns: str) -> Tally:
    """How many rows there are with each of the columns' values; those that nobody has count 0."""
    counted = rows.order_by().values_list(*columns).annotate(number=Count("pk"))
    return {tuple(values): number for *values, number in counted}
