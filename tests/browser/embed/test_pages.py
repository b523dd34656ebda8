"""Pages written for Google's Embed API, with one address changed, on another site than the portal's."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed import own_page
from tests.browser.embed.conftest import Guest
from tests.browser.embed.own_page import Shown, day
from tests.browser.embed.site import Site
from tests.installation import Installation

NINO = "nino@osteria.example"
Own = Callable[..., Shown]


@pytest.fixture(scope="session")
def _board(portal: Installation) -> None:
    own_page.make_board(portal)


@pytest.fixture
def own(portal: Installation, guest: Guest, _board: None) -> Own:
    """Reads the portal's own page, as its owner sees it."""
    owner = guest(url=portal.url).sign_in(NINO)
    return lambda *days, **how: own_page.read(owner, *days, **how)


def _column(page: Page, result: str, at: int) -> list[Any]:
    found: list[Any] = page.evaluate(
        f"() => {result}.data.rows.map((row) => row.c[{at}].v)",
    )
    return found


def _rows(page: Page, result: str) -> list[list[Any]]:
    """The rows of a report with one dimension and one metric, as the portal's own page has them."""
    found: list[list[Any]] = page.evaluate(f"{result}.response.rows.map((row) => [row[0], Number(row[1])])")
    return found


def _totals(page: Page, result: str) -> list[int]:
    found: list[int] = page.evaluate(f"Object.values({result}.response.totalsForAllResults).map(Number)")
    return found


def _first_levels(pages: list[list[Any]]) -> list[list[Any]]:
    """Universal Analytics' first level of paths, with what was viewed of it."""
    found: Counter[str] = Counter()
    for path, views in pages:
        level, slash, _ = path.removeprefix("/").partition("/")
        found[f"/{level}{slash}"] += views
    return [[level, views] for level, views in found.most_common() if level != "/"]


def _wait(page: Page, what: str) -> Any:
    return page.wait_for_function(what).json_value()


def test_authorised_by_the_server_and_executed_at_once(guest: Guest, own: Own) -> None:
    visitor = guest("server_side")
    page = visitor.page
    _wait(page, "window.sessionsResult && window.pagesResult && true")
    visits, users = own(30, 1), own(30, 1, metric="totalUsers")
    assert [_column(page, "sessionsResult", at) for at in (1, 2)] == [visits.line, users.line]
    assert _totals(page, "sessionsResult") == [visits.figures["Visits"], visits.figures["Users"]]
    assert _rows(page, "pagesResult") == _first_levels(visits.tables["Pages"])[:7]
    expect(page.locator("canvas")).to_have_count(2)
    visitor.look("embed-server-side")


def test_basic_dashboard_with_sign_in(guest: Guest, shop: Site, portal: Installation, own: Own) -> None:
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
    italy = own(30, 1, view="italy")
    assert (_column(page, "result", 1), _totals(page, "result")) == (italy.line, [italy.figures["Visits"]])
    expect(page.locator("#embed-api-auth-container")).to_contain_text("logged in")
    visitor.look("embed-basic")
    page.get_by_label("View").select_option(label="Whole site")
    _wait(page, "seen.length == 2 && result.response.profileInfo.profileName == 'Whole site'")
    whole = own(30, 1)
    assert (_column(page, "result", 1), _totals(page, "result")) == (whole.line, [whole.figures["Visits"]])
    page.reload()  # this tab keeps its token
    _wait(page, "window.result && true")


def test_several_views_side_by_side(guest: Guest, shop: Site, own: Own) -> None:
    shop.views = shop.all_views
    visitor = guest("multiple_views")
    page = visitor.page
    _wait(page, "results[1] && results[2] && true")
    page.locator("#view-selector-2-container").get_by_label("View").select_option(label="From Italy")
    _wait(page, "results[2].response.profileInfo.profileName == 'From Italy'")
    whole, italy = own(30, 1), own(30, 1, view="italy")
    assert _rows(page, "results[1]") == whole.tables["Countries"][:6]
    assert _rows(page, "results[2]") == italy.tables["Countries"] == [["Italy", italy.figures["Visits"]]]
    totals = [_totals(page, f"results[{number}]") for number in (1, 2)]
    assert totals == [[whole.figures["Visits"]], [italy.figures["Visits"]]]
    visitor.look("embed-several-views")


def test_several_date_ranges(guest: Guest, own: Own) -> None:
    visitor = guest("ranges")
    page = visitor.page
    _wait(page, "results[1] && results[2] && true")
    for number, (start, end) in {1: (7, 1), 2: (15, 8)}.items():
        shown = own(start, end, metric="screenPageViews")
        days = [day(ago).replace("-", "") for ago in range(start, end - 1, -1)]
        assert _rows(page, f"results[{number}]") == [
            list(each) for each in zip(days, shown.line, strict=True)
        ]
        assert _totals(page, f"results[{number}]") == [shown.figures["Page views"]]
    visitor.look("embed-ranges")


def test_a_row_that_is_chosen_narrows_another_chart(guest: Guest, own: Own) -> None:
    visitor = guest("interactive")
    page = visitor.page
    _wait(page, "window.main && true")
    rows = page.locator("#main-chart-container tbody tr")
    drawn = [each.split("\t") for each in rows.all_inner_texts()]
    whole = own(7, 1)
    assert _rows(page, "main") == whole.tables["Browsers"][:6]
    assert [[name, int(number.replace(",", ""))] for name, number in drawn] == whole.tables["Browsers"][:6]
    browser = rows.nth(1).locator("td").first.text_content()
    rows.nth(1).click()
    _wait(page, "window.breakdown && true")
    assert page.evaluate("filters") == f"ga:browser=={browser}"
    narrowed = own(7, 1, only=f"browser=={browser}")
    assert _column(page, "breakdown", 1) == narrowed.line
    assert _totals(page, "breakdown") == [narrowed.figures["Visits"]]
    assert narrowed.figures["Visits"] == page.evaluate("main.dataTable.getValue(1, 1)")
    assert page.evaluate("main.chart.getSelection()") == [{"row": 1}]
    visitor.look("embed-interactive")
    page.locator("#main-chart-container th").nth(1).click()  # from few to many
    last = page.locator("#main-chart-container tbody tr").last
    last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("main.chart.getSelection()") == [{"row": 0}]


def test_components_of_the_page_and_of_the_demos(guest: Guest, own: Own) -> None:
    visitor = guest("custom")
    page = visitor.page
    _wait(page, "results[1] && results[2] && window.shown && window.active && true")
    expect(page.locator("#view-name")).to_contain_text("(Whole site)")
    before, now = own(14, 8), own(7, 1)
    assert [_column(page, f"results[{number}]", 1) for number in (1, 2)] == [before.line, now.line]
    number, metric = page.evaluate("shown")
    assert (int(number), metric) == (now.figures["Visits"], "ga:sessions")
    assert page.locator("#active-users-container b").text_content() == str(
        page.evaluate("active.activeUsers")
    )
    page.locator("#date-range-selector-1-container input").first.fill(day(10))
    _wait(page, "results[1].response.rows.length == 3")
    assert _column(page, "results[1]", 1) == own(10, 8).line
    visitor.look("embed-custom")


def test_charts_of_another_library(guest: Guest, own: Own) -> None:
    visitor = guest("third_party")
    page = visitor.page
    _wait(page, "window.rows && true")
    this_week, week_before = page.evaluate("rows")
    assert [row[1] for row in this_week] == [f"{at:04}" for at in range(7)]
    assert [int(row[2]) for row in this_week] == own(7, 1).line
    assert [int(row[2]) for row in week_before] == own(14, 8).line
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
