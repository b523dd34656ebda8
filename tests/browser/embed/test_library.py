"""The library without a portal's figures: its loader, what every component does, and tables of data."""

import pytest
from playwright.sync_api import Page

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site


@pytest.fixture
def page(guest: Guest) -> Page:
    """An empty page on which the library is ready."""
    opened = guest("blank").page
    opened.wait_for_function("window.gapi && gapi.analytics.auth")
    return opened


EARLY = """
window.ran = [];
addEventListener("DOMContentLoaded", () => {
  gapi.analytics.ready(() => { ran.push(1); throw new Error("the page's own"); });
  gapi.analytics.ready(() => ran.push(2));
  const script = document.querySelector("script[src]");
  script.addEventListener("load", () => gapi.analytics.ready(() => ran.push(3)));
});
"""


def test_what_waits_runs_in_its_order_and_what_comes_later_too(guest: Guest) -> None:
    visitor = guest()
    visitor.page.add_init_script(EARLY)
    visitor.page.goto("/blank")
    visitor.page.wait_for_function("ran.length == 3")
    assert visitor.page.evaluate("ran") == [1, 2, 3]
    assert visitor.troubles == ["script: the page's own"]
    visitor.troubles.clear()


def test_a_loader_that_runs_twice_meets_the_same_library(page: Page) -> None:
    page.evaluate("window.before = gapi.analytics.auth; gapi.analytics.createComponent('Mine', {}); 0")
    page.evaluate("scenarios.loadedTwice()")
    same = (
        "[gapi.analytics.auth === before, typeof gapi.analytics.ext.Mine, typeof gapi.analytics.report.Data]"
    )
    assert page.evaluate(same) == [True, "function", "function"]


def test_load_calls_back_for_whatever_is_asked(page: Page) -> None:
    assert page.evaluate("scenarios.called()") == ["analytics", "client:analytics"]
    loaded = "new Promise((done) => gapi.client.load('analytics', 'v3', () => done(1)))"
    assert page.evaluate(loaded) == 1


def test_set_goes_into_objects_and_copies_them(page: Page) -> None:
    plain = {"query": {"metrics": "m"}, "chart": {"options": {"width": 1}, "list": [1]}}
    assert page.evaluate("scenarios.options()") == [
        {"metrics": None, "ids": 1},
        {"options": {"width": 1, "title": "t"}, "list": [1, 2]},
        plain, plain, True, True, None,
    ]  # fmt: skip


def test_handlers_are_called_as_the_component_and_go_as_they_came(page: Page) -> None:
    heard = [[True, 1, 2], "once", [True], [True, 3], "again"]
    assert page.evaluate("scenarios.handlers()") == [heard, [1, 1], 2, True, True]


def test_a_component_may_have_a_set_of_its_own(page: Page) -> None:
    assert page.evaluate("scenarios.ownSet()") == {"seen": 2, "a": 1, "b": 2}


def test_charts_can_be_replaced_by_a_page(page: Page) -> None:
    assert page.evaluate("scenarios.patched()") == [{"wrapped": 1}, "patched"]


def test_a_data_table_reads_and_writes_as_googles(page: Page) -> None:
    assert page.evaluate("scenarios.dataTable()") == {
        "size": [3, 2],
        "cell": [10, "ten"],
        "column": ["Plates", "n"],
        "sorted": [1, 0, 2],
        "range": {"min": 2, "max": 10},
        "distinct": ["Pasta", "Rice", "Soup"],
        "filtered": [1],
        "month": 10,
    }


def test_listeners_of_events_are_added_and_removed(page: Page) -> None:
    assert page.evaluate("scenarios.listeners()") == [1, "once", 2]


def test_date_fields_take_what_reports_take(page: Page) -> None:
    assert page.evaluate("scenarios.dates()") == ["2026-01-02", "2026-01-02", True]


@pytest.mark.parametrize(
    ("component", "options", "begins"),
    [
        ("DateRangeSelector", {"start-date": "soon"}, "Cannot convert date"),
        ("ActiveUsers", {"pollingInterval": 4}, "Frequency must be 5 seconds or more."),
        ("ViewSelector2", {"ids": "ga:1", "viewId": "1"}, "You cannot specify more than one"),
    ],
)
def test_components_refuse_what_they_cannot_do(
    page: Page, component: str, options: object, begins: str
) -> None:
    said = page.evaluate("scenarios.refused", [component, options])
    assert said[: len(begins)] == begins


def test_the_client_answers_with_promises_and_callbacks(page: Page, shop: Site) -> None:
    found = page.evaluate("scenarios.client", [shop.token()["access_token"], shop.views[0]])
    assert found == {
        "promise": [True, 1, "analytics#gaData"],
        "callback": "analytics#gaData",
        "refused": [400, 400],
        "missing": [404, 404],
        "summaries": 1,
        "profiles": shop.views,
    }
