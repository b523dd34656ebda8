"""Each request has an id, which nobody outside may choose, and which its answer names."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from accounts import tracing
from portal import upkeep
from portal.tasks import beat
from tests.conftest import Cast

OURS = re.compile(r"[0-9a-f]{32}")
THEIRS = "proxy-0123456789"


def id_of(answer) -> str:
    return answer["X-Request-Id"]


@pytest.mark.parametrize("path", ["/healthz", "/nothing/here/", "/accounts/login/"])
def test_every_answer_names_its_id(db, path: str):
    first, second = (Client().get(path) for _ in range(2))
    assert OURS.fullmatch(id_of(first))
    assert id_of(first) != id_of(second)


def test_an_id_is_taken_from_our_own_proxy_alone(settings):
    settings.TRUSTED_PROXY = 0
    assert OURS.fullmatch(id_of(Client().get("/healthz", headers={"X-Request-Id": THEIRS})))
    settings.TRUSTED_PROXY = 1
    assert id_of(Client().get("/healthz", headers={"X-Request-Id": THEIRS})) == THEIRS


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f g", "abcdefgh\nX: y", "é" * 12, "<b>12345678"]
)
def test_an_id_that_is_none_is_not_repeated(settings, given: str):
    settings.TRUSTED_PROXY = 1
    answer = Client().get("/healthz", headers={"X-Request-Id": given})
    assert OURS.fullmatch(id_of(answer))


def test_the_page_for_a_fault_says_the_code_to_ask_with(cast: Cast, monkeypatch):
    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("dashboards.views.asked.read", broken)
    client = Client(raise_request_exception=False)
    client.force_login(cast.alice)
    answer = client.get("/clients/acme/views/site/")
    page = answer.content.decode()
    assert (answer.status_code, page.count(f"<code>{id_of(answer)}</code>")) == (500, 1)
    assert "mailto:hello@northlight.example" in page


def test_nothing_of_a_request_stays_behind(db):
    Client().get("/healthz")
    assert tracing.current() is None


# To the worker

seen: list[tuple[str, dict]] = []


@task()
def look(fails: bool = False) -> None:
    """Notes what it belongs to."""
    trace = tracing.current()
    assert trace is not None
    seen.append((trace.id, dict(trace.facts)))
    if fails:
        raise ValueError


@pytest.fixture
def noted():
    seen.clear()
    return seen


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("fails", [False, True])
def test_what_a_click_leaves_to_the_worker_has_its_id(noted, caplog, fails: bool):
    with tracing.traced(tracing.Trace("c" * 32)):
        queued = look.enqueue(fails=fails)
    other = look.enqueue()
    work()
    path = f"{__name__}.look"
    assert noted[0] == ("c" * 32, {"task": str(queued.id), "task_path": path})
    assert OURS.fullmatch(noted[1][0])
    assert noted[1][1] == {"task": str(other.id), "task_path": path}
    assert tracing.current() is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_task_taken_up_again_still_has_it(noted, settings):
    with tracing.traced(tracing.Trace("c" * 32)):
        queued = look.enqueue()
    DBTaskResult.objects.filter(pk=queued.id).update(status="RUNNING", started_at="2026-01-01T00:00Z")
    assert upkeep.revive_lost_tasks() == 1
    work()
    assert [each[0] for each in noted] == ["c" * 32]


@pytest.mark.django_db
def test_arguments_of_tasks_stay_as_they_were():
    with tracing.traced(tracing.Trace("c" * 32)):
        beat.enqueue()
    beat.enqueue()
    rows = DBTaskResult.objects.order_by("enqueued_at").values_list("args_kwargs", flat=True)
    assert list(rows) == [{"args": [], "kwargs": {}, "request_id": "c" * 32}, {"args": [], "kwargs": {}}]


@pytest.mark.django_db
def test_each_tick_has_an_id_of_its_own(monkeypatch, capsys):
    ids = []
    monkeypatch.setattr(upkeep, "tick", lambda: ids.append(tracing.current_id()) or {"things done": 2})
    call_command("tick")
    call_command("tick")
    assert [bool(OURS.fullmatch(each)) for each in ids] == [True, True]
    assert len(set(ids)) == 2
    assert capsys.readouterr().out == "things done: 2\n" * 2


def test_threads_that_ask_google_carry_the_id_and_nothing_else():
    from concurrent.futures import ThreadPoolExecutor

    with tracing.traced(tracing.Trace("c" * 32)), ThreadPoolExecutor(1) as pool:
        inside = pool.submit(tracing.carried(tracing.current_id)).result()
        after = pool.submit(tracing.current_id).result()
    assert (inside, after) == ("c" * 32, "")
