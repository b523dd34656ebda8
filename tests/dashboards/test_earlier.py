"""With Google down at a property's midnight, the figures of the days before stay up and say of which days
they are; nothing stands in for a day by itself, or for what can never be answered."""

import datetime

import pytest
from django.test import Client

from dashboards.models import View
from dashboards.periods import DateSpan, format_span
from tests import factories
from tests.conftest import Cast
from tests.google import Google

PAGE = "/clients/acme/views/site/"
TODAY = datetime.datetime.now(datetime.UTC).date()
REPORTS = ":(runReport|batchRunReports)$"


@pytest.fixture
def alice(cast: Cast, google: Google) -> Client:
    """alice's browser; her view's key works."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    client = Client()
    client.force_login(cast.alice)
    return client


def on(monkeypatch: pytest.MonkeyPatch, days_ago: int) -> None:
    """Makes it so many days ago at the property."""
    day = TODAY - datetime.timedelta(days=days_ago)
    monkeypatch.setattr(View, "today", property(lambda view: day))


def last(days: int, days_ago: int) -> str:
    """The complete days that a period of so many had so many days ago, as a page writes them."""
    end = TODAY - datetime.timedelta(days=days_ago + 1)
    return format_span(DateSpan(end, end).reaching_back(days))


def ask(alice: Client, query: str = "") -> dict:
    """The page's data, asked for as its script asks: again until it is complete."""
    for _ in range(10):
        answer = alice.get(f"{PAGE}data.json{query}").json()
        if answer["complete"]:
            return answer
    raise AssertionError("the page is never complete")


def test_after_midnight_the_last_days_stay_up_while_google_is_down(
    alice: Client, google: Google, monkeypatch: pytest.MonkeyPatch
):
    on(monkeypatch, 1)
    before = ask(alice)
    on(monkeypatch, 0)
    google.fail(REPORTS, status=503)
    after = ask(alice)
    assert after["figures"] == before["figures"]
    assert after["charts"] == before["charts"]
    page = alice.get(PAGE).content.decode()
    for said in (after["warnings"], page):
        assert f"Shown: {last(28, 1)}." in said
        assert "Google Analytics has a fault of its own at the moment." in said


def test_they_stay_up_for_days(alice: Client, google: Google, monkeypatch: pytest.MonkeyPatch):
    on(monkeypatch, 7)
    before = ask(alice)
    on(monkeypatch, 0)
    google.fail(REPORTS, status=503)
    assert ask(alice)["figures"] == before["figures"]


def test_google_back_the_days_are_the_right_ones(
    alice: Client, cast: Cast, google: Google, monkeypatch: pytest.MonkeyPatch
):
    on(monkeypatch, 1)
    ask(alice)
    on(monkeypatch, 0)
    google.fail(REPORTS, status=503)
    kept = ask(alice)
    assert "Shown: " in kept["warnings"]
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    google.control("DELETE", "faults")
    google.control("POST", "clock", {"advance_s": 7200})
    page = alice.get(PAGE).content.decode()
    assert "Shown: " in page
    assert 'data-complete="false"' in page
    assert "Shown: " not in ask(alice)["warnings"]


def test_a_day_by_itself_has_no_other_in_its_place(
    alice: Client, google: Google, monkeypatch: pytest.MonkeyPatch
):
    on(monkeypatch, 1)
    ask(alice, "?period=yesterday")
    on(monkeypatch, 0)
    google.fail(REPORTS, status=503)
    after = ask(alice, "?period=yesterday")
    assert "Shown: " not in after["warnings"]
    assert "Google does not answer right now." in after["lead"]


def test_what_can_never_be_answered_says_so(alice: Client, google: Google, monkeypatch: pytest.MonkeyPatch):
    on(monkeypatch, 1)
    ask(alice)
    on(monkeypatch, 0)
    google.fail(REPORTS, status=400, reason="INVALID_ARGUMENT")
    after = ask(alice)
    assert "Shown: " not in after["warnings"]
    assert "This cannot be shown." in after["lead"]


def test_a_week_is_no_stand_in_for_a_month(alice: Client, google: Google, monkeypatch: pytest.MonkeyPatch):
    on(monkeypatch, 1)
    ask(alice, "?period=7d")
    on(monkeypatch, 0)
    google.fail(REPORTS, status=503)
    assert "Shown: " not in ask(alice)["warnings"]


def test_what_was_filtered_stays_filtered(alice: Client, google: Google, monkeypatch: pytest.MonkeyPatch):
    on(monkeypatch, 1)
    before = ask(alice, "?filter=country==Italy")
    ask(alice)
    on(monkeypatch, 0)
    google.fail(REPORTS, status=503)
    assert ask(alice, "?filter=country==Italy")["figures"] == before["figures"]
    assert "Shown: " not in ask(alice, "?filter=country==France")["warnings"]
