"""Every kind of chart, its options, and what of it can be chosen."""

import pytest
from playwright.sync_api import expect

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site


@pytest.fixture
def draw(guest: Guest, shop: Site):  # noqa: ANN201  # a function
    """Draws one chart on an empty page; what `success` gave as `data`, or what `error` did."""
    visitor = guest("blank")
    visitor.page.wait_for_function("window.gapi && gapi.analytics.auth")
    visitor.page.evaluate("scenarios.authorise", shop.token())

    def run(kind: str, query: dict[str, object], options: dict[str, object] | None = None):  # noqa: ANN202
        return visitor.page.evaluate("scenarios.chart", [shop.views[0], kind, query, options or {}])

    run.page = visitor.page
    return run


COUNTRIES = {"metrics": "ga:sessions", "dimensions": "ga:country", "sort": "-ga:sessions", "max-results": 5}
DAYS = {"metrics": ["ga:sessions", "ga:bounceRate"], "dimensions": "ga:date"}


def test_every_kind_is_drawn(guest: Guest) -> None:
    visitor = guest("kinds")
    visitor.page.wait_for_function("window.done && done.length + errors.length == 8")
    assert visitor.page.evaluate("errors") == []
    assert visitor.page.locator("#all canvas").count() == 6
    expect(visitor.page.locator("#PROVINCES")).to_contain_text("A map of provinces cannot be drawn")
    visitor.look("embed-kinds")


def test_columns_are_called_as_universal_analytics_did(draw) -> None:  # noqa: ANN001
    data = draw("TABLE", DAYS)
    assert [(each["id"], each["label"], each["type"]) for each in data["cols"]] == [
        ("ga:date", "Date", "date"),
        ("ga:sessions", "Sessions", "number"),
        ("ga:bounceRate", "Bounce Rate", "number"),
    ]
    assert data["rows"][0]["c"][0]["v"].startswith("Date(")
    assert data["rows"][0]["c"][2]["f"].endswith("%")


def test_a_table_has_the_classes_that_pages_restyle(draw) -> None:  # noqa: ANN001
    draw("TABLE", COUNTRIES)
    names = ("th", "td", "tr-head", "tr-odd")
    counts = [draw.page.locator(f".gapi-analytics-data-chart-styles-table-{name}").count() for name in names]
    assert counts == [2, 10, 1, 2]
    assert draw.page.locator("#one.gapi-analytics-data-chart").count() == 1


def test_a_table_is_sorted_by_its_heads(draw) -> None:  # noqa: ANN001
    draw("TABLE", COUNTRIES)
    first = draw.page.locator("#one tbody tr").first.locator("td").last
    most = first.text_content()
    head = draw.page.locator("#one th").last
    head.click()
    least = first.text_content()
    draw.page.locator("#one th").last.press("Enter")
    assert (first.text_content(), least != most) == (most, True)
    expect(draw.page.locator("#one th").last).to_have_attribute("aria-sort", "descending")


def test_a_table_may_come_in_pages(draw) -> None:  # noqa: ANN001
    draw("TABLE", COUNTRIES, {"page": "enable", "pageSize": 2})
    draw.page.get_by_label("Next page").click()
    draw.page.get_by_label("Next page").click()
    expect(draw.page.locator("#one tbody tr")).to_have_count(1)
    expect(draw.page.get_by_label("Next page")).to_be_disabled()


@pytest.mark.parametrize(
    ("kind", "entry"), [("COLUMN", {"row": 2, "column": 1}), ("PIE", {"row": 2}), ("GEO", {"row": 2})]
)
def test_what_is_set_as_chosen_is_what_is_chosen(draw, kind: str, entry: dict[str, int]) -> None:  # noqa: ANN001
    draw(kind, COUNTRIES)
    draw.page.evaluate("(entry) => last.chart.setSelection([entry])", entry)
    assert draw.page.evaluate("last.chart.getSelection()") == [entry]


def test_a_click_on_a_slice_chooses_it_and_another_lets_go(draw) -> None:  # noqa: ANN001
    draw("PIE", COUNTRIES, {"legend": "none", "width": 300, "height": 300})
    draw.page.evaluate("""() => {
      window.heard = [];
      const hear = () => heard.push(last.chart.getSelection());
      google.visualization.events.addListener(last.chart, "select", hear);
    }""")
    slice_ = {"x": 170, "y": 120}  # right of noon, where the largest one begins
    for times in (1, 2):
        draw.page.locator("#one canvas").click(position=slice_)
        draw.page.wait_for_function(f"heard.length == {times}")
    assert draw.page.evaluate("heard") == [[{"row": 0}], []]


def test_a_map_knows_countries_by_name_and_may_show_one_alone(draw) -> None:  # noqa: ANN001
    data = draw("GEO", {**COUNTRIES, "max-results": 50}, {"region": "DE", "width": 300, "height": 300})
    names = [row["c"][0]["v"] for row in data["rows"]]
    draw.page.locator("#one canvas").click(position={"x": 150, "y": 150})
    draw.page.wait_for_function("last.chart.getSelection().length")
    assert draw.page.evaluate("last.chart.getSelection()") == [{"row": names.index("Germany")}]


def test_a_size_in_pixels_is_kept(draw) -> None:  # noqa: ANN001
    draw("LINE", DAYS, {"width": 420, "height": 260, "title": "A title"})
    assert draw.page.locator("#one canvas").bounding_box()["width"] == 420
    assert draw.page.locator("#one canvas").bounding_box()["height"] == 260
    expect(draw.page.get_by_role("img", name="A title")).to_be_visible()


def test_no_rows_is_said_in_words(draw) -> None:  # noqa: ANN001
    data = draw("LINE", {**COUNTRIES, "filters": "ga:country==Nowhere"})
    assert data["rows"] == []
    expect(draw.page.locator("#one")).to_have_text("No data for these days.")


def test_another_kind_in_the_same_container_takes_the_place(draw) -> None:  # noqa: ANN001
    draw("LINE", DAYS)
    draw("TABLE", COUNTRIES)
    assert draw.page.locator("#one canvas").count() == 0
    draw.page.evaluate(
        "new Promise((done) => chart.once('success', done).set({chart: {type: 'BAR'}}).execute())"
    )
    assert (draw.page.locator("#one canvas").count(), draw.page.locator("#one table").count()) == (1, 0)


def test_only_the_last_question_is_drawn(draw) -> None:  # noqa: ANN001
    draw("TABLE", COUNTRIES)
    draw.page.evaluate("""() => {
      window.counts = [];
      chart.on("success", ({ response }) => counts.push(response.rows.length));
      chart.set({ query: { "max-results": 4 } }).execute();
      chart.set({ query: { "max-results": 3 } }).execute();
    }""")
    draw.page.wait_for_function("counts.length == 1")
    expect(draw.page.locator("#one tbody tr")).to_have_count(3)
    assert draw.page.evaluate("counts") == [3]


def test_an_unknown_kind_and_a_missing_container_are_errors(draw) -> None:  # noqa: ANN001
    assert draw("SANKEY", COUNTRIES)["code"] == 400
    draw.page.evaluate("document.getElementById('one').remove()")
    assert "one" in draw("TABLE", COUNTRIES)["message"]


def test_google_visualization_draws_what_a_page_gives_it(draw) -> None:  # noqa: ANN001
    draw.page.evaluate("""() => new Promise((done) => {
      const table = google.visualization.arrayToDataTable([["Dish", "Cups"], ["<b>Tea</b>", 3], ["Soup", 5]]);
      const chart = new google.visualization.Table(document.getElementById("two"));
      google.visualization.events.addListener(chart, "ready", done);
      chart.draw(table, { sortColumn: 1, sortAscending: false });
    })""")
    assert draw.page.locator("#two tbody").all_inner_texts() == ["Soup\t5\n<b>Tea</b>\t3"]
