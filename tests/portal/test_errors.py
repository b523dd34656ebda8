"""A database that cannot be had is no fault of the request; anything else is a plain 500."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

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


@pytest.mark.parametrize("error", [OperationalError("database is locked"), InterfaceError("closed")])
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
