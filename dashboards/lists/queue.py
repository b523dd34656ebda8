"""Which views are due for their nightly report, and who queues it: `tick`, any number of them at once."""

import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.tenancy import all_tenants
from dashboards.lists.nights import ACTIVE
from dashboards.models import Summary, View
from dashboards.tasks import read_summary

AT_ONCE = 1_000  # of one tick, so that the other jobs have their turn
QUEUE_LEASE = datetime.timedelta(hours=2)  # the queue keeps its tasks; this is for a task that failed


def queue_summaries() -> int:
    """Queues the nightly report of every active view that is due and not queued; returns how many.

    Claiming and queueing are one step, so that any number of ticks may run at once.
    """
    with all_tenants(reason="tick queues the nightly reports"):
        _make_missing()
        _let_mended_ones_try()
        return sum(_queue(row) for row in _due())


def active() -> Q:
    """As nights.is_active, for the database."""
    since = timezone.now() - ACTIVE
    return Q(view__last_opened_at__gte=since) | Q(view__last_opened_at=None, view__created_at__gte=since)


def _make_missing() -> None:
    """Rows that were written past the models, by raw SQL or a fixture, have no summary yet."""
    bare = View.objects.filter(summary=None).only("pk", "tenant_id")[:AT_ONCE]
    rows = [Summary(tenant_id=view.tenant_id, view=view) for view in bare]
    if rows:
        Summary.objects.bulk_create(rows, ignore_conflicts=True)


def _let_mended_ones_try() -> None:
    """A view whose page has worked since its report failed does not wait out its rest."""
    mended = Summary.objects.filter(view__last_success_at__gt=F("failed_at"))
    mended.filter(next_at__gt=timezone.now()).exclude(error_code="").update(next_at=timezone.now())


def _due() -> list[Summary]:
    rows = _free().filter(active()).order_by("next_at").only("pk", "tenant_id", "view_id")
    return list(rows[:AT_ONCE])


def _free() -> QuerySet[Summary]:
    now = timezone.now()
    idle = Q(queued_until=None) | Q(queued_until__lt=now)
    return Summary.objects.filter(idle, next_at__lte=now, tenant__paused_at=None)


def _queue(row: Summary) -> int:
    claimed = _free().filter(pk=row.pk).update(queued_until=timezone.now() + QUEUE_LEASE)
    if claimed:
        read_summary.enqueue(str(row.tenant_id), str(row.view_id))
    return claimed
