"""One tick: every job that falls due by itself, each safe to run twice or at once."""

import datetime

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from dashboards import upkeep as dashboards
from dashboards.lists import queue as lists
from portal import heartbeat, tasks
from portal.closing import flows as closing
from provisioning import upkeep as provisioning
from provisioning.outbox import sending as outbox

TASK_DEADLINE = datetime.timedelta(minutes=10)
MAX_WORKERS = 5
REFUSED = tuple(f"django.db.utils.{each}" for each in ("OperationalError", "InterfaceError", "InternalError"))
REFUSED_LATELY = datetime.timedelta(hours=6)
KEEP_TASKS = datetime.timedelta(days=7)
STATISTICS_SECONDS = 60 * 60


def tick() -> dict[str, int]:
    """Runs every job and says how many rows each touched."""
    heartbeat.note_tick()
    return {
        "tasks for an idle worker": heartbeat.ask_worker(),
        "lost tasks taken up again": revive_lost_tasks(),
        "tasks that the database refused": revive_refused_tasks(),
        "refreshes queued": dashboards.queue_refreshes(),
        "nightly reports queued": lists.queue_summaries(),
        "requests taken up": provisioning.go_on(),
        "customers reminded": provisioning.remind(),
        "news for staff": provisioning.tell_staff(),
        "mails taken up again": outbox.queue(),
        "mails given up": outbox.give_up(),
        "consents forgotten": provisioning.forget(),
        "old snapshots removed": dashboards.prune(),
        "closings gone on with": go_on_closing(),
        "finished tasks removed": prune_tasks(),
        "sessions removed": prune_sessions(),
        "statistics refreshed": refresh_statistics(),
    }


def revive_lost_tasks() -> int:
    """Gives tasks whose worker died (a killed one leaves its task running for ever) to another.

    One that has cost several workers is given up: it may be what kills them.
    """
    lost = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - TASK_DEADLINE)
    hopeless = [each.pk for each in lost if len(each.worker_ids) >= MAX_WORKERS]
    DBTaskResult.objects.running().filter(pk__in=hopeless).update(status="FAILED", finished_at=timezone.now())
    return lost.exclude(pk__in=hopeless).update(status="READY", started_at=None)


def revive_refused_tasks() -> int:
    """Gives tasks that failed because the database was away, locked, full or read-only to a worker again.

    Each may run twice. One that was tried often is given up: then it is not the database.
    """
    failed = DBTaskResult.objects.failed().filter(
        exception_class_path__in=REFUSED, finished_at__gt=timezone.now() - REFUSED_LATELY
    )
    again = [each.pk for each in failed if len(each.worker_ids) < MAX_WORKERS]
    return failed.filter(pk__in=again).update(status="READY", started_at=None, finished_at=None)


def give_back(*, worker: str) -> int:
    """Lets tasks go that this worker, which has just begun to look for some, has not ended: the database was
    gone before it could say what came of them.
    """
    running = DBTaskResult.objects.running()
    mine = [each.pk for each in running if each.worker_ids and each.worker_ids[-1] == worker]
    return running.filter(pk__in=mine).update(status="READY", started_at=None)


def go_on_closing() -> int:
    """Queues the closings of clients that were cut off, or that Google kept waiting."""
    due = closing.due()
    for each in due:
        tasks.close.enqueue(str(each.pk))
    return len(due)


def refresh_statistics() -> int:
    """Tells SQLite, hourly, how its tables are filled, of which it takes no note by itself: without it, lists
    of many views are sorted whole where an index would give their first page. PostgreSQL sees to it.

    https://www.sqlite.org/lang_analyze.html#approx
    """
    if connection.vendor != "sqlite" or not cache.add("statistics", "fresh", STATISTICS_SECONDS):
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit=400")
        cursor.execute("ANALYZE")
    return 1


def prune_tasks() -> int:
    """Removes tasks finished a week ago."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_TASKS)
    return old.delete()[0]


def prune_sessions() -> int:
    """Removes sessions that have ended."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
