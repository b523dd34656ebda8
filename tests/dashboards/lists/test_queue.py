"""`tick` queues each active view once a night, however many ticks there are."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Tenant
from accounts.tenancy import all_tenants
from dashboards.lists import queue
from dashboards.models import Summary, View
from tests import factories
from tests.conftest import Cast
from tests.google import Google

DAY = datetime.timedelta(days=1)


@pytest.fixture
def work(monkeypatch):
    """The worker, run until its queue is empty; a test's transaction must not be closed under it."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    return lambda: call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


@pytest.fixture
def views(cast: Cast, google: Google) -> Cast:
    """alice's view and charlie's, whose keys work."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    key = google.key("310000001", email="another@demo.iam.gserviceaccount.com")
    factories.store_key(cast.other_view.agency_credential, key)
    return cast


def change(view: View, **values) -> None:
    with all_tenants(reason="a test"):
        View.objects.filter(pk=view.pk).update(**values)


def change_summary(view: View, **values) -> None:
    with all_tenants(reason="a test"):
        Summary.objects.filter(view=view).update(**values)


def test_new_views_are_queued_at_once_and_once(views: Cast):
    assert [queue.queue_summaries() for _ in range(3)] == [2, 0, 0]
    assert DBTaskResult.objects.count() == 2


def test_a_view_that_was_read_is_due_again_the_next_night(views: Cast, work, monkeypatch):
    queue.queue_summaries()
    work()
    assert queue.queue_summaries() == 0
    with all_tenants(reason="a test"):
        nights = sorted(Summary.objects.values_list("next_at", flat=True))
    monkeypatch.setattr(timezone, "now", lambda: nights[0])
    assert [queue.queue_summaries() for _ in range(2)] == [1, 0]
    monkeypatch.setattr(timezone, "now", lambda: nights[1])
    assert [queue.queue_summaries() for _ in range(2)] == [1, 0]


def test_people_who_wait_come_before_the_night(views: Cast):
    queue.queue_summaries()
    assert set(DBTaskResult.objects.values_list("priority", flat=True)) == {-10}


ACTIVE = [
    ({"last_opened_at": 59 * DAY}, 1),
    ({"last_opened_at": 61 * DAY}, 0),
    ({"created_at": 59 * DAY}, 1),
    ({"created_at": 61 * DAY}, 0),
    ({"created_at": 300 * DAY, "last_opened_at": 1 * DAY}, 1),
]


@pytest.mark.parametrize(("ages", "queued"), ACTIVE)
def test_only_views_in_use_are_read(views: Cast, ages, queued):
    change_summary(views.other_view, next_at=timezone.now() + DAY)
    change(views.view, **{name: timezone.now() - age for name, age in ages.items()})
    assert queue.queue_summaries() == queued


def test_a_paused_client_is_left_alone(views: Cast):
    with all_tenants(reason="a test's set-up"):
        Tenant.objects.filter(pk=views.tenant.pk).update(paused_at=timezone.now())
    assert queue.queue_summaries() == 1


def test_a_lost_task_is_queued_again_in_time(views: Cast):
    queue.queue_summaries()
    change_summary(views.view, queued_until=timezone.now() - datetime.timedelta(seconds=1))
    assert queue.queue_summaries() == 1


def test_a_view_whose_page_works_again_does_not_wait(views: Cast):
    now = timezone.now()
    failed = {"error_code": "property_forbidden", "failed_at": now - DAY, "next_at": now + DAY}
    for view in (views.view, views.other_view):
        change_summary(view, **failed)
    assert queue.queue_summaries() == 0
    change(views.view, last_success_at=now)
    assert queue.queue_summaries() == 1


def test_a_view_that_came_past_the_models_gets_its_summary(views: Cast):
    with all_tenants(reason="a test"):
        Summary.objects.all().delete()
    assert queue.queue_summaries() == 2


def test_a_tick_takes_so_many_and_leaves_the_rest_to_the_next(views: Cast, monkeypatch):
    monkeypatch.setattr(queue, "AT_ONCE", 1)
    assert [queue.queue_summaries() for _ in range(3)] == [1, 1, 0]
