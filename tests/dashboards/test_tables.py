"""All rows of a widget, as an address asks for them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboards import periods, tables
from dashboards.planner import WidgetSpec, plan
from dashboards.readings import ReportState
from dashboards.tables import Wish

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SOURCES = WidgetSpec("s", "Sources", "table", ("sessions", "activeUsers"), ("sessionSource",), limit=1000)
ROWS = [["google", 700, 1000], ["(direct)", 300, 400], ["", 20, 30], ["Bing", 25, 10]]
BEFORE = [["google", 1, 2000], ["(direct)", 1, 100], ["Bing", 1, 10]]


@pytest.fixture
def shown(report):
    """The names on the page that a wish gets, and the page."""

    def build(wish, rows=ROWS, spec=SOURCES):
        fields = (("sessionSource",), ("activeUsers", "sessions"))
        answers = [report(*fields, [("", rows, None)]), report(*fields, [("", BEFORE, None)])]
        asked = plan([spec], periods.resolve({}, TODAY), None)
        states = {at: ReportState(answer, NOW) for at, answer in enumerate(answers)}
        table = tables.build(asked, states, wish, currency="EUR", now=NOW)
        return [row.label for row in table.rows], table

    return build


@pytest.mark.parametrize(
    ("wish", "names"),
    [
        (Wish(), ["google", "(direct)", "(not set)", "Bing"]),
        (Wish(sort="activeUsers"), ["google", "(direct)", "Bing", "(not set)"]),
        (Wish(sort="activeUsers", descending=False), ["(not set)", "Bing", "(direct)", "google"]),
        (Wish(sort="sessionSource", descending=False), ["(direct)", "(not set)", "Bing", "google"]),
        (Wish(sort="change"), ["(direct)", "Bing", "google", "(not set)"]),
        (Wish(sort="change", descending=False), ["google", "Bing", "(direct)", "(not set)"]),
        (Wish(sort="nonsense"), ["google", "(direct)", "(not set)", "Bing"]),
        (Wish(search="bIN"), ["Bing"]),
        (Wish(search="not set"), ["(not set)"]),
        (Wish(page=2), []),
    ],
)
def test_rows_are_searched_and_sorted(shown, wish, names):
    assert shown(wish)[0] == names


def test_a_bar_is_measured_against_all_rows_not_those_found(shown):
    assert [row.width for row in shown(Wish(search="direct"))[1].rows] == [40]


def test_fifty_rows_to_a_page(shown):
    many = [[f"source {number:03}", 1, 500 - number] for number in range(120)]
    names, table = shown(Wish(page=2), many)
    assert (names[0], names[-1], table.first, table.last, table.found) == (
        "source 050", "source 099", 51, 100, 120,
    )  # fmt: skip
    assert (table.previous, table.next) == (Wish(page=1), Wish(page=3))
    assert shown(Wish(page=3), many)[1].next is None


def test_a_second_click_on_a_heading_turns_the_order_around(shown):
    table = shown(Wish(search="o", sort="sessions", page=1))[1]
    assert [(str(each.column.label), each.wish, each.direction) for each in table.headings] == [
        ("Source", Wish("o", "sessionSource", False), ""),
        ("Visits", Wish("o", "sessions", False), "descending"),
        ("People", Wish("o", "activeUsers", True), ""),
        ("Change", Wish("o", "change", True), ""),
    ]


def test_rows_beyond_the_limit_are_told(shown):
    assert shown(Wish())[1].more == 0
    assert shown(Wish(), spec=replace(SOURCES, limit=3))[1].more == 4


@pytest.mark.parametrize(
    ("params", "wish"),
    [
        ({}, Wish(descending=False)),
        ({"q": " a ", "sort": "-sessions", "page": "3"}, Wish("a", "sessions", True, 3)),
        ({"sort": "sessions", "page": "0"}, Wish("", "sessions", False)),
        ({"page": "-1"}, Wish(descending=False)),
        ({"page": "²"}, Wish(descending=False)),
        ({"page": "9" * 50}, Wish(descending=False)),
    ],
)
def test_an_address_is_read_without_a_fuss(params, wish):
    assert tables.read(params) == wish
