"""Commands, the worker and tick while the database refuses, and afterwards."""

import datetime
import os
import subprocess
import sys

import psycopg
import pytest
from django.core.management import call_command
from django.db import InternalError, OperationalError, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import upkeep
from portal.management.commands import db_worker, tick
from portal.tasks import beat
from tests.installation import ROOT, free_port


@pytest.fixture
def work(monkeypatch, db):
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    return lambda: call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def refused(kind: str) -> Exception:
    if kind == "away":
        return OperationalError("server closed the connection unexpectedly\n\tThis probably means")
    error = InternalError("cannot execute UPDATE in a read-only transaction")
    error.__cause__ = psycopg.errors.ReadOnlySqlTransaction()
    return error


def test_a_command_says_in_a_line_that_the_database_refuses():
    port = free_port()
    away = {
        **os.environ,
        "BASE_URL": "http://localhost:8000",
        "DATABASE_URL": f"postgres://nobody@127.0.0.1:{port}/none",
    }
    ended = subprocess.run(
        [sys.executable, "manage.py", "rotate_keys"], cwd=ROOT, env=away, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("The database refuses: connection ")
    assert ended.stderr.endswith(". Run this again when it is back.\n")


@pytest.mark.parametrize("kind", ["away", "read-only"])
def test_a_task_that_met_a_refusing_database_is_tried_again(work, kind):
    beat.enqueue()
    task = DBTaskResult.objects.get()
    task.claim("a worker")
    task.set_failed(refused(kind))
    assert upkeep.revive_refused_tasks() == 1
    work()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_task_that_failed_for_another_reason_stays_failed(db):
    beat.enqueue()
    DBTaskResult.objects.get().set_failed(ValueError("a mistake of ours"))
    assert upkeep.revive_refused_tasks() == 0


def test_a_task_that_meets_it_each_time_is_given_up(db):
    beat.enqueue()
    task = DBTaskResult.objects.get()
    for _number in range(upkeep.MAX_WORKERS):
        task.claim("a worker")
    task.set_failed(refused("away"))
    assert upkeep.revive_refused_tasks() == 0


def test_an_old_failure_is_not_dug_out(db):
    beat.enqueue()
    DBTaskResult.objects.get().set_failed(refused("away"))
    DBTaskResult.objects.update(finished_at=timezone.now() - datetime.timedelta(days=1))
    assert upkeep.revive_refused_tasks() == 0


def test_a_worker_that_lost_the_database_in_a_task_takes_it_up_again_itself(work):
    beat.enqueue()
    DBTaskResult.objects.get().claim("this one")
    beat.enqueue()
    other = DBTaskResult.objects.ready().get()
    other.claim("another")
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, worker_id="this one")
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["RUNNING", "SUCCESSFUL"]
    other.refresh_from_db()
    assert other.status == "RUNNING"


@pytest.mark.parametrize("kind", ["away", "read-only"])
def test_the_worker_goes_on_after_a_refusal(monkeypatch, db, kind):
    calls = []

    def refuse_once(self, *args, **options):
        calls.append(options)
        if len(calls) == 1:
            raise refused(kind)

    monkeypatch.setattr(db_worker.DbWorker, "handle", refuse_once)
    monkeypatch.setattr(db_worker, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    db_worker.Command().handle(batch=True)
    assert calls == [{"batch": True}, {"batch": True}]


class Enough(Exception):
    """Ends the loop of a test."""


@pytest.mark.parametrize("error", [refused("away"), refused("read-only"), RuntimeError("a mistake of ours")])
def test_after_a_tick_that_failed_the_next_one_comes(monkeypatch, db, error):
    ticks = []

    def once_broken() -> dict[str, int]:
        ticks.append(error)
        if len(ticks) == 1:
            raise error
        raise Enough

    def end(*args: object) -> None:
        if len(ticks) > 1:
            raise Enough

    monkeypatch.setattr(tick.upkeep, "tick", once_broken)
    monkeypatch.setattr(tick.time, "sleep", end)
    monkeypatch.setattr(tick.connections, "close_all", lambda: None)
    monkeypatch.setattr(tick, "close_old_connections", lambda: None)
    with pytest.raises(Enough):
        call_command("tick", "--loop")
    assert len(ticks) == 2


def test_a_single_tick_that_failed_for_another_reason_says_so(monkeypatch, db):
    def broken() -> dict[str, int]:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(tick.upkeep, "tick", broken)
    monkeypatch.setattr(tick.connections, "close_all", lambda: None)
    monkeypatch.setattr(tick, "close_old_connections", lambda: None)
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        call_command("tick")
