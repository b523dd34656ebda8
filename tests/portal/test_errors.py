"""A database that cannot be had is no fault of the request; anything else is a plain 500."""

import psycopg
import pytest
from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.test import Client

from tests import factories
from tests.conftest import Cast

PAGE = "/clients/acme/views/site/"


@pytest.fixture
def browser(cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.alice)
    return client


def breaks(monkeypatch, error: Exception) -> None:
    def broken(*args: object) -> None:
        raise error

    monkeypatch.setattr("dashboards.views.asked.read", broken)


def read_only() -> InternalError:
    error = InternalError("cannot execute UPDATE in a read-only transaction")
    error.__cause__ = psycopg.errors.ReadOnlySqlTransaction()
    return error


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), InterfaceError("closed"), read_only()]
)
def test_a_busy_database_is_said_and_when_to_come_back(browser, monkeypatch, error):
    breaks(monkeypatch, error)
    page, data = browser.get(PAGE), browser.get(f"{PAGE}data.json")
    assert [(each.status_code, each["Retry-After"]) for each in (page, data)] == [(503, "10"), (503, "10")]
    assert "<h1>The portal is busy at the moment.</h1>" in page.content.decode()
    assert data.json() == {"error": "The portal is busy. Please try again in a minute."}


def test_anything_else_is_a_fault_of_ours(browser, monkeypatch):
    breaks(monkeypatch, RuntimeError("a detail that nobody may see"))
    page, data = browser.get(PAGE), browser.get(f"{PAGE}data.json")
    assert (page.status_code, data.status_code) == (500, 500)
    assert "<h1>Something went wrong on our side.</h1>" in page.content.decode()
    assert data.json() == {"error": "Something went wrong on our side."}


def test_such_an_answer_asks_the_database_nothing(browser, monkeypatch, django_assert_num_queries):
    from django.test import RequestFactory

    from portal.errors import server_error

    with django_assert_num_queries(0):
        assert server_error(RequestFactory().get(PAGE)).status_code == 500


def test_a_script_is_answered_in_json_wherever_it_asks(browser, monkeypatch):
    breaks(monkeypatch, OperationalError("database is locked"))
    answer = browser.get(PAGE, headers={"Accept": "*/*"})
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/json")
    assert browser.get(PAGE, headers={"Accept": "text/html,*/*"})["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "is_open"), [("/embed/query", True), ("/embed/token", False), (f"{PAGE}access-token", False)]
)
@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OperationalError("locked"), 503, "The portal is busy. Please try again in a minute."),
        (RuntimeError("a detail"), 500, "Something went wrong on our side."),
    ],
)
def test_embedding_answers_in_the_shape_that_its_callers_read(  # noqa: PLR0917 - all of it is the table's
    browser, monkeypatch, path, is_open, error, status, sentence
):
    def broken(*args: object, **more: object) -> None:
        raise error

    for place in ("recall.grant_of", "issuing.read", "tickets.spend"):
        monkeypatch.setattr(f"dashboards.embed.{place}", broken)
    ask = browser.get if is_open else browser.post
    answer = ask(path)
    said = answer.json()["error"]
    assert (answer.status_code, said["code"], said["message"]) == (status, status, sentence)
    assert answer.headers.get("Access-Control-Allow-Origin") == ("*" if is_open else None)
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such transactions")
def test_pages_are_read_while_the_database_takes_no_writes(browser, cast):
    factories.ViewFactory(tenant=cast.tenant, slug="unopened")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        answer = browser.get("/clients/acme/views/unopened/")
        transaction.set_rollback(True)
    assert answer.status_code == 200
