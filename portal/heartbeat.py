"""Signs of life: when tick last ran, and when the worker last did something."""

from __future__ import annotations

import datetime

from django.db.models import Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.models import Heartbeat
from portal.tasks import beat

TICK = "tick"
EVERY = datetime.timedelta(minutes=5)
"""After so long without a task the worker gets one that does nothing."""


def note_tick() -> None:
    """Tick runs."""
    Heartbeat.objects.update_or_create(name=TICK, defaults={"at": timezone.now()})


def last_tick() -> datetime.datetime | None:
    """When tick last ran."""
    return Heartbeat.objects.filter(name=TICK).values_list("at", flat=True).first()


def ask_worker() -> int:
    """Gives an idle worker something to do, so that it is seen to live. Returns how many tasks: 0 or 1."""
    at = last_task()
    beats = DBTaskResult.objects.filter(task_path=beat.module_path)
    if (at and at > timezone.now() - EVERY) or (beats & DBTaskResult.objects.ready()).exists():
        return 0
    (beats & DBTaskResult.objects.finished()).delete()
    beat.enqueue()
    return 1


def last_task() -> datetime.datetime | None:
    """When the worker last finished one."""
    found: datetime.datetime | None = DBTaskResult.objects.aggregate(at=Max("finished_at"))["at"]
    return found


def waiting() -> int:
    """How many tasks nobody has taken up yet."""
    return DBTaskResult.objects.ready().count()
