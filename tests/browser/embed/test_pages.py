"""Pages written for Google's Embed API, with one address changed, on another site than the portal's."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site
from tests.installation import Installation

NINO = "nino@osteria.example"
LAST = """() => {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  return charts[document.querySelector(".main[data-card]").dataset.card].series[0].values;
}"""


def _day(ago: int) -> str:
    today = datetime.datetime.now(ZoneInfo("Europe/Rome")).date()
    return (today - datetime.timedelta(days=ago)).isoformat()


@pytest.fixture
def by_day(portal: Installation, guest: Guest) -> Any:
    """Reads visits by day, as the portal's own page draws them, from so many days ago to so many."""
    owner = guest(url=portal.url).sign_in(NINO)

    def read(start: int, end: int, view: str = "site") -> list[int]:
        address = f"/clients/osteria/views/{view}/?from={_day(start)}&to={_day(end)}&metric=sessions"
        owner.open(address)
        owner.page.reload()  # what a page is made from, and not what it fetched
        found: list[int] = owner.page.evaluate(LAST)
        return found

    return read


def _column(page: Page, result: str, at: int) -> list[Any]:
    found: list[Any] = page.evaluate(
        f"() => {result}.data.rows.map((row) => row.c[{at}].v)",
    )
    return found


def _wait(page: Page, what: str) -> Any:
    return page.wait_for_function(what).json_value()


def test_authorised_by_the_server_and_executed_at_once(guest: Guest, by_day: Any) -> None:
    visitor = guest("server_side")
    page = visitor.page
    _wait(page, "window.sessionsResult && window.pagesResult && true")
    assert _column(page, "sessionsResult", 1) == by_day(30, 1)
    assert page.evaluate("pagesResult.response.rows.length") <= 7
    expect(page.locator("canvas")).to_have_count(2)
    visitor.look("embed-server-side")


def test_basic_dashboard_with_sign_in(guest: Guest, shop: Site, portal: Installation, by_day: Any) -> None:
    visitor = guest("basic")
    page = visitor.page
    button = page.locator(".gapi-analytics-auth-styles-signinbutton")
    expect(button).to_be_visible()
    visitor.look("embed-button")
    with page.context.expect_page() as opened:
        button.click()
    window = opened.value
    window.get_by_label("Email").fill(NINO)
    window.get_by_label("Password").fill("correct horse battery")
    window.get_by_role("button", name="Sign in", exact=True).click()
    window.locator("button[value=yes]").click()
    _wait(page, "window.result && true")
    assert page.evaluate("seen") == shop.all_views[1:]  # by name, and once by itself
    assert _column(page, "result", 1) == by_day(30, 1, "italy")
    expect(page.locator("#embed-api-auth-container")).to_contain_text("logged in")
    visitor.look("embed-basic")
    page.get_by_label("View").select_option(label="Whole site")
    _wait(page, "seen.length == 2 && result.response.profileInfo.profileName == 'Whole site'")
    assert _column(page, "result", 1) == by_day(30, 1)
    page.reload()  # this tab keeps its token
    _wait(page, "window.result && true")


def test_several_views_side_by_side(guest: Guest, shop: Site) -> None:
    shop.views = shop.all_views
    visitor = guest("multiple_views")
    page = visitor.page
    _wait(page, "results[1] && results[2] && true")
    page.locator("#view-selector-2-container").get_by_label("View").select_option(label="From Italy")
    _wait(page, "results[2].response.profileInfo.profileName == 'From Italy'")
    assert page.evaluate("results[2].response.rows.map((row) => row[0])") == ["Italy"]
    assert page.evaluate("results[1].response.rows.length") == 6
    visitor.look("embed-several-views")


def test_several_date_ranges(guest: Guest, by_day: Any) -> None:
    visitor = guest("ranges")
    page = visitor.page
    _wait(page, "results[1] && results[2] && true")
    days = [page.evaluate(f"results[{number}].response.rows.map((row) => row[0])") for number in (1, 2)]
    wanted = [
        [_day(ago).replace("-", "") for ago in range(start, end - 1, -1)] for start, end in ((7, 1), (15, 8))
    ]
    assert days == wanted
    visitor.look("embed-ranges")


def test_a_row_that_is_chosen_narrows_another_chart(guest: Guest) -> None:
    visitor = guest("interactive")
    page = visitor.page
    _wait(page, "window.main && true")
    row = page.locator("#main-chart-container tbody tr").nth(1)
    browser = row.locator("td").first.text_content()
    row.click()
    _wait(page, "window.breakdown && true")
    assert page.evaluate("filters") == f"ga:browser=={browser}"
    total = page.evaluate("breakdown.response.totalsForAllResults['ga:sessions']")
    assert int(total) == page.evaluate("main.dataTable.getValue(1, 1)")
    assert page.evaluate("main.chart.getSelection()") == [{"row": 1}]
    visitor.look("embed-interactive")
    page.locator("#main-chart-container th").nth(1).click()  # from few to many
    last = page.locator("#main-chart-container tbody tr").last
    last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("main.chart.getSelection()") == [{"row": 0}]


def test_components_of_the_page_and_of_the_demos(guest: Guest, by_day: Any) -> None:
    visitor = guest("custom")
    page = visitor.page
    _wait(page, "results[1] && results[2] && window.shown && window.active && true")
    expect(page.locator("#view-name")).to_contain_text("(Whole site)")
    assert _column(page, "results[1]", 1) == by_day(14, 8)
    assert _column(page, "results[2]", 1) == by_day(7, 1)
    number, metric = page.evaluate("shown")
    assert (int(number), metric) == (sum(by_day(7, 1)), "ga:sessions")
    assert page.locator("#active-users-container b").text_content() == str(
        page.evaluate("active.activeUsers")
    )
    page.locator("#date-range-selector-1-container input").first.fill(_day(10))
    _wait(page, "results[1].response.rows.length == 3")
    assert _column(page, "results[1]", 1) == by_day(10, 8)
    visitor.look("embed-custom")


def test_charts_of_another_library(guest: Guest, by_day: Any) -> None:
    visitor = guest("third_party")
    page = visitor.page
    _wait(page, "window.rows && true")
    this_week, week_before = page.evaluate("rows")
    assert [row[1] for row in this_week] == [f"{day:04}" for day in range(7)]
    assert [int(row[2]) for row in this_week] == by_day(7, 1)
    assert [int(row[2]) for row in week_before] == by_day(14, 8)
    assert page.evaluate("chartsVersion") == "1.0.2"
    visitor.look("embed-third-party")


def test_a_library_of_charts_that_the_page_has_stays_its_own(guest: Guest) -> None:
    visitor = guest()
    visitor.page.add_init_script(
        "window.Chart = 'the page\\'s'; window.define = () => { throw 'called'; }; define.amd = {};"
    )
    visitor.page.goto("/kinds")
    _wait(visitor.page, "window.done && done.length == 8")
    assert visitor.page.evaluate("[Chart, typeof ChartGeo]") == ["the page's", "undefined"]
