"""Signs of life of tick and worker."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal import heartbeat, upkeep
from portal.tasks import beat

pytestmark = pytest.mark.django_db
BEATS = {"task_path": beat.module_path}


def work() -> None:
    """What the worker does when it is alive."""
    call_command("db_worker", batch=True, startup_delay=False, interval=0)


def test_tick_is_noted_each_time():
    assert heartbeat.last_tick() is None
    before = timezone.now()
    upkeep.tick()
    upkeep.tick()
    assert before < heartbeat.last_tick() <= timezone.now()


def test_an_idle_worker_is_asked_once_until_it_answers():
    assert [heartbeat.ask_worker() for _ in range(3)] == [1, 0, 0]
    assert heartbeat.waiting() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_task_done_is_a_sign_of_life_for_some_minutes():
    heartbeat.ask_worker()
    work()
    assert (heartbeat.waiting(), heartbeat.ask_worker()) == (0, 0)
    assert timezone.now() - heartbeat.last_task() < datetime.timedelta(minutes=1)


def test_signs_of_life_do_not_pile_up():
    old = timezone.now() - heartbeat.EVERY - datetime.timedelta(seconds=1)
    heartbeat.ask_worker()
    for _ in range(3):
        DBTaskResult.objects.filter(**BEATS).update(status="SUCCESSFUL", finished_at=old)
        assert heartbeat.ask_worker() == 1
    assert DBTaskResult.objects.filter(**BEATS).count() == 1
