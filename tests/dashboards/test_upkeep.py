"""The worker keeps fresh what people read; tasks are taken up again; all of it may run twice."""

import datetime

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.tenancy import all_tenants, tenant_scope
from dashboards import asked, flows, snapshots, upkeep
from dashboards.models import Snapshot, View
from portal import upkeep as portal_upkeep
from portal.management.commands import db_worker
from tests import factories
from tests.conftest import Cast
from tests.google import Google


@pytest.fixture
def opened(cast: Cast, google: Google) -> View:
    """alice's view, opened a minute ago; the other client's was never opened."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    with tenant_scope({cast.tenant.pk}):
        flows.note_opened(view=cast.view)
    return cast.view


@pytest.fixture
def work(monkeypatch):
    """The worker, run until its queue is empty; a test's transaction must not be closed under it."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    monkeypatch.setattr("portal.management.commands.tick.close_old_connections", lambda: None)
    return lambda: call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def states(view: View) -> list[bool]:
    with tenant_scope({view.tenant_id}):
        row = View.objects.for_page().get(pk=view.pk)
        plan = asked.usual(row).plan
        return [state.waiting or state.stale for state in snapshots.states(row, plan, usual=True).values()]


def test_only_views_that_people_read_are_refreshed_and_once(opened):
    assert upkeep.queue_refreshes() == 1
    assert upkeep.queue_refreshes() == 0
    assert DBTaskResult.objects.count() == 1


def test_a_view_nobody_opened_for_a_week_is_left_alone(opened):
    with all_tenants(reason="a test"):
        View.objects.update(last_opened_at=timezone.now() - datetime.timedelta(days=8))
    assert upkeep.queue_refreshes() == 0


def test_the_worker_fetches_what_the_page_will_show(opened, work):
    call_command("tick")
    work()
    refreshed = DBTaskResult.objects.get(task_path="dashboards.tasks.refresh_view")
    assert refreshed.status == "SUCCESSFUL"
    assert not any(states(opened))
    assert upkeep.queue_refreshes() == 0


def test_a_task_for_a_view_that_is_gone_ends_well(opened, work):
    upkeep.queue_refreshes()
    with all_tenants(reason="a test"):
        opened.delete()
    work()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_task_whose_worker_died_is_taken_up_again(opened, work):
    upkeep.queue_refreshes()
    task = DBTaskResult.objects.get()
    task.claim("a worker that is killed")
    assert portal_upkeep.revive_lost_tasks() == 0
    DBTaskResult.objects.update(started_at=timezone.now() - datetime.timedelta(minutes=11))
    assert portal_upkeep.revive_lost_tasks() == 1
    work()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_task_that_has_cost_several_workers_is_given_up(opened):
    upkeep.queue_refreshes()
    DBTaskResult.objects.update(
        status="RUNNING",
        worker_ids=["w"] * portal_upkeep.MAX_WORKERS,
        started_at=timezone.now() - datetime.timedelta(hours=1),
    )
    assert portal_upkeep.revive_lost_tasks() == 0
    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_tick_throws_away_what_nobody_needs(opened, work):
    call_command("tick")
    work()
    with all_tenants(reason="a test"):
        Snapshot.objects.update(last_used_at=timezone.now() - datetime.timedelta(days=31))
    DBTaskResult.objects.update(finished_at=timezone.now() - datetime.timedelta(days=8))
    call_command("tick")
    with all_tenants(reason="a test"):
        assert Snapshot.objects.count() == 0
    assert list(DBTaskResult.objects.exclude(task_path__startswith="portal.")) == []  # which asks for life


def test_the_worker_survives_a_locked_database(monkeypatch, db):
    calls = []

    def refuse_once(self, *args, **options):
        calls.append(options)
        if len(calls) == 1:
            raise OperationalError("database is locked")

    monkeypatch.setattr(db_worker.DbWorker, "handle", refuse_once)
    monkeypatch.setattr(db_worker, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(db_worker.connections, "close_all", lambda: None)
    db_worker.Command().handle(batch=True)
    assert calls == [{"batch": True}, {"batch": True}]
