"""What `tick` does for dashboards: keeps the views that people read fresh, prunes what nobody needs."""

import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.tenancy import all_tenants
from dashboards import snapshots
from dashboards.embed import authorising
from dashboards.flows import QUEUE_LEASE, RECENTLY
from dashboards.models import RequestSlots, View
from dashboards.tasks import refresh_view

KEEP_SNAPSHOTS = datetime.timedelta(days=30)


def queue_refreshes() -> int:
    """Queues a refresh for every view that was read lately and is not queued; returns how many.

    Claiming the view and queueing are one step, so that any number of ticks may run at once.
    """
    with all_tenants(reason="tick refreshes the views that people read"):
        return sum(_queue(view) for view in _due())


def _due() -> list[View]:
    now = timezone.now()
    free = Q(refresh_queued_until=None) | Q(refresh_queued_until__lt=now)
    return list(
        View.objects.filter(free, last_opened_at__gte=now - RECENTLY, tenant__paused_at=None)
        .filter(_stale(now))
        .only("id", "tenant_id")
    )


def _stale(now: datetime.datetime) -> Q:
    """Nothing was fetched in the last quarter of an hour; the task itself looks closer."""
    return Q(last_success_at=None) | Q(last_success_at__lt=now - datetime.timedelta(minutes=15))


def _queue(view: View) -> int:
    now = timezone.now()
    free = Q(refresh_queued_until=None) | Q(refresh_queued_until__lt=now)
    claimed = View.objects.filter(free, pk=view.pk).update(refresh_queued_until=now + QUEUE_LEASE)
    if claimed:
        refresh_view.enqueue(str(view.tenant_id), str(view.pk))
    return claimed


def prune() -> int:
    """Throws away snapshots nobody looked at, agreements that no page collected, and slots of processes that
    died; returns how many rows.
    """
    with all_tenants(reason="tick prunes old snapshots"):
        old = snapshots.prune(KEEP_SNAPSHOTS) + authorising.prune()
    slots, _ = RequestSlots.objects.filter(until__lt=timezone.now()).delete()
    return old + slots
