"""Time that passes: rests after failures, leases of processes that died. The drill looks how long they are,
and then moves them up instead of waiting.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.tenancy import all_tenants
from dashboards.models import PropertyUse, RequestSlots, Snapshot, View
from portal.upkeep import TASK_DEADLINE
from provisioning.models import Credential, ProvisioningRequest, WaitingMail


def left() -> float:
    """Seconds until the last of them is over by itself."""
    now = timezone.now()
    with all_tenants(reason="the drill looks how long something rests"):
        return max([0.0, *((each - now).total_seconds() for each in _ends())])


def pass_by() -> None:
    """All are over."""
    past = timezone.now() - datetime.timedelta(seconds=1)
    with all_tenants(reason="the drill moves time up"):
        Snapshot.objects.update(retry_at=None, leased_until=None)
        Credential.objects.update(minting_until=None)
        ProvisioningRequest.objects.update(working_until=None)
        View.objects.update(refresh_queued_until=None)
        WaitingMail.objects.update(try_at=past, leased_until=None)
        RequestSlots.objects.all().delete()
        PropertyUse.objects.update(quota_left=None)
        DBTaskResult.objects.running().update(started_at=past - TASK_DEADLINE)
        DBTaskResult.objects.ready().update(run_after=past)


def _ends() -> Iterator[datetime.datetime]:
    for model, column in (
        (Snapshot, "retry_at"),
        (Snapshot, "leased_until"),
        (Credential, "minting_until"),
        (ProvisioningRequest, "working_until"),
        (RequestSlots, "until"),
        (WaitingMail, "try_at"),
    ):
        yield from model.objects.exclude(**{column: None}).values_list(column, flat=True)  # type: ignore[attr-defined]
    for started in DBTaskResult.objects.running().values_list("started_at", flat=True):
        if started is not None:
            yield started + TASK_DEADLINE
