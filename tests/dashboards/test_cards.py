"""From reports to what a page shows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dashboards import cards, periods
from dashboards.blanks import Background
from dashboards.cards import Column, Figure, ReportState, TableRow
from dashboards.countries import MAPPED
from dashboards.figures import Change
from dashboards.notices import Notice
from dashboards.planner import WidgetSpec, plan, with_choices
from dashboards.vocabulary import metric
from google_api.reports import ReportMetadata

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

VISITS = WidgetSpec("visits", "Visits", "figure", ("sessions",))
PEOPLE = WidgetSpec("people", "People", "figure", ("activeUsers",))
LINE = WidgetSpec("line", "Visits by day", "line", ("sessions",), ("date",))
SOURCES = WidgetSpec("sources", "Sources", "table", ("sessions", "activeUsers"), ("sessionSource",), limit=3)
DEVICES = WidgetSpec("devices", "Devices", "donut", ("sessions",), ("deviceCategory",))
CHANNELS = WidgetSpec("channels", "Channels", "bar", ("sessions",), ("sessionDefaultChannelGroup",))


def _page(widgets, states, **params):
    """The page of these widgets; `states` stand in the order of the plan's reports."""
    asked = plan(widgets, periods.resolve(params, TODAY), None)
    assert len(asked.reports) == len(states)
    known = Background(agency="Northlight")
    return cards.build(asked, dict(enumerate(states)), currency="EUR", now=NOW, known=known)


def _there(answer):
    return ReportState(answer, NOW)


WAITING = ReportState(waiting=True)


# ---- headline figures


def test_figures_are_googles_totals_against_the_comparison(report):
    answer = report(
        (),
        ("activeUsers", "sessions"),
        [("current", [[90, 120]], [90, 120]), ("comparison", [[100, 100]], [100, 100])],
    )
    page = _page([VISITS, PEOPLE], [_there(answer)])
    visits = Figure(
        "visits",
        "Visits",
        metric("sessions").explanation,
        "ready",
        "120",
        Change(120 / 100 - 1, "20.0\xa0%", "+20.0\xa0%", "up", "good"),
        metric="sessions",
    )
    people = Figure(
        "people",
        "People",
        metric("activeUsers").explanation,
        "ready",
        "90",
        Change(90 / 100 - 1, "10.0\xa0%", "−10.0\xa0%", "down", "bad"),
        metric="activeUsers",
    )
    assert (page.figures, page.complete) == ((visits, people), True)


def test_a_change_of_a_month_so_far_is_measured_over_its_complete_days(report):
    parts = [("current", [[900]], [900]), ("complete", [[880]], [880]), ("comparison", [[800]], [800])]
    page = _page([VISITS], [_there(report((), ("sessions",), parts))], period="month")
    assert (page.figures[0].value, page.figures[0].change.signed) == ("900", "+10.0\xa0%")


def test_a_figure_on_its_way_keeps_its_place():
    page = _page([VISITS], [WAITING])
    assert page.figures == (
        Figure(
            "visits",
            "Visits",
            metric("sessions").explanation,
            "waiting",
            message="On its way …",
            metric="sessions",
        ),
    )
    assert (page.lead.state, page.complete, page.parts_there, page.parts) == ("waiting", False, 0, 1)


def test_no_rows_and_no_totals_are_nothing(report):
    rate = WidgetSpec("rate", "Engaged", "figure", ("engagementRate",))
    answer = report((), ("engagementRate", "sessions"), [("current", [], None), ("comparison", [], None)])
    page = _page([VISITS, rate], [_there(answer)])
    assert [figure.value for figure in page.figures] == ["0", "–"]


def test_the_figure_that_the_line_shows_is_marked(report):
    page = _page([VISITS, PEOPLE, LINE], [WAITING, WAITING])
    assert [figure.drawn for figure in page.figures] == [True, False]


def test_a_stale_page_is_shown_and_not_complete(report):
    answer = report((), ("sessions",), [("current", [[5]], [5]), ("comparison", [[5]], [5])])
    page = _page([VISITS], [ReportState(answer, NOW, stale=True)])
    assert (page.figures[0].value, page.complete, page.as_of) == ("5", False, "As of 09:30 today")


def test_what_google_says_of_the_figures_is_told_once(report):
    answer = report((), ("sessions",), [("", [[5]], [5])], ReportMetadata(sampled=0.5))
    page = _page([VISITS], [_there(answer)], compare="none")
    assert page.notices == (Notice("info", "Estimated by Google from 50\xa0% of the data."),)


# ---- tables


def _sources(report, before=((), None)):
    now = [["google", 700, 1000], ["(direct)", 300, 400], ["", 20, 30], ["bing", 9, 10]]
    parts = [("current", now, [900, 1500]), ("comparison", *before)]
    return [_there(report(("sessionSource",), ("activeUsers", "sessions"), parts))]


def test_a_table_shows_its_rows_beside_their_change(report):
    states = _sources(report, ([["google", 800, 800], ["", 5, 60]], [805, 860]))
    card = _page([SOURCES], states).cards[0]
    assert (card.state, card.title, card.compared, card.chart) == ("ready", "Sources", True, None)
    assert card.rows == (
        TableRow(
            "google",
            ("1,000", "700"),
            100,
            Change(0.25, "25\xa0%", "+25\xa0%", "up", "good"),
            filter="sessionSource==google",
        ),
        TableRow("(direct)", ("400", "300"), 40, filter="sessionSource==(direct)"),
        TableRow("(not set)", ("30", "20"), 3, Change(-0.5, "50\xa0%", "−50\xa0%", "down", "bad")),
    )


def test_a_table_names_its_columns(report):
    card = _page([SOURCES], _sources(report)).cards[0]
    assert (str(card.name_column.label), [str(column.label) for column in card.columns]) == (
        "Source",
        ["Visits", "People"],
    )


def test_changes_that_nobody_has_take_no_column(report):
    assert _page([SOURCES], _sources(report)).cards[0].compared is False


def test_a_comparison_on_its_way_keeps_its_column(report):
    card = _page([replace(SOURCES, limit=300)], [*_sources(report), WAITING]).cards[0]
    assert (card.compared, [row.change for row in card.rows]) == (True, [None] * 4)


def test_rows_of_nothing_but_zeros_are_left_out(report):
    events = WidgetSpec("events", "Key events", "table", ("keyEvents",), ("eventName",))
    answer = report(("eventName",), ("keyEvents",), [("", [["purchase", 3], ["page_view", 0]], [3])])
    card = _page([events], [_there(answer)], compare="none").cards[0]
    assert [row.label for row in card.rows] == ["purchase"]


def test_a_second_dimension_stands_beside_the_first(report):
    pages = WidgetSpec("pages", "Pages", "table", ("screenPageViews",), ("pagePath", "pageTitle"))
    answer = report(("pagePath", "pageTitle"), ("screenPageViews",), [("", [["/", "Home", 5]], [5])])
    card = _page([pages], [_there(answer)], compare="none").cards[0]
    assert card.rows == (TableRow("/", ("5",), 100, more=("Home",), filter="pagePath==/;pageTitle==Home"),)


def test_what_google_could_not_match_filters_nothing(report):
    rows = [["(other)", 3, 3], ["", 2, 2], ["(not set)", 1, 1], ["a,b;c", 1, 1]]
    answer = report(("sessionSource",), ("activeUsers", "sessions"), [("", rows, None)])
    sources = replace(SOURCES, limit=4)
    card = _page([sources], [_there(answer)], compare="none").cards[0]
    assert [(row.label, row.filter) for row in card.rows] == [
        ("(other)", ""),
        ("(not set)", ""),
        ("(not set)", "sessionSource==(not set)"),
        ("a,b;c", "sessionSource==a\\,b\\;c"),
    ]


def test_dates_are_dates(report):
    days = WidgetSpec("days", "Days", "table", ("sessions",), ("date",))
    answer = report(("date",), ("sessions",), [("", [["20261101", 5]], [5])])
    card = _page([days], [_there(answer)], compare="none").cards[0]
    assert card.rows[0].label == "1 Nov 2026"


def test_a_table_says_what_google_says_of_it(report):
    answer = report(("sessionSource",), ("activeUsers", "sessions"), [("", [["a", 1, 1]], [1, 1])])
    answer = report(
        answer.dimensions,
        answer.metrics,
        [("", [["a", 1, 1]], [1, 1])],
        ReportMetadata(subject_to_thresholding=True),
    )
    page = _page([SOURCES], [_there(answer)], compare="none")
    note = "Google withholds small numbers here, so that nobody can be recognised."
    assert (page.cards[0].notes, page.notices) == ((note,), ())


# ---- states


def test_a_card_that_cannot_take_the_filter_says_so():
    asked = plan([SOURCES], periods.resolve({"compare": "none"}, TODAY), None)
    states = {0: ReportState(error="incompatible_fields")}
    known = Background(agency="Northlight", is_narrowed=True)
    page = cards.build(asked, states, currency="EUR", now=NOW, known=known)
    assert page.cards[0].message == "Google cannot narrow this down by the filter above."


def test_one_widget_that_fails_spoils_no_other(report):
    answer = report((), ("sessions",), [("", [[5]], [5])])
    page = _page(
        [VISITS, SOURCES], [_there(answer), ReportState(error="incompatible_fields")], compare="none"
    )
    card = page.cards[0]
    assert (page.figures[0].value, page.lead.state, card.state, card.message) == (
        "5",
        "ready",
        "failed",
        "Google Analytics cannot show these dimensions and metrics together. Remove one of them from the "
        "widget or the filter.",
    )


def test_a_page_that_fails_says_why_once():
    states = [ReportState(error="not_found"), ReportState(error="not_found")]
    page = _page([VISITS, SOURCES], states, compare="none")
    assert (page.lead.state, page.lead.text, page.lead.ask) == (
        "failed",
        "Northlight has lost its access to this property's figures.",
        True,
    )
    assert (page.is_bare, page.cards[0].message, page.complete) == (True, "No figures right now.", True)


def test_a_failure_that_is_being_tried_again_is_waited_for():
    page = _page([VISITS], [ReportState(error="server_error", waiting=True)])
    assert (page.lead.state, page.figures[0].state) == ("waiting", "waiting")


def test_the_last_answer_stays_when_google_fails(report):
    answer = report((), ("sessions",), [("", [[5]], [5])])
    page = _page([VISITS], [ReportState(answer, NOW, error="unreachable")], compare="none")
    assert (page.figures[0].value, [notice.kind for notice in page.warnings]) == ("5", ["bad"])


def test_a_card_without_rows_says_so(report):
    answer = report(("deviceCategory",), ("sessions",), [("", [], None)])
    card = _page([DEVICES], [_there(answer)], compare="none").cards[0]
    assert (card.state, card.message, card.rows, card.chart) == ("empty", "Nothing in this period.", (), None)


def test_a_card_on_its_way_keeps_the_place_of_its_rows():
    card = _page([SOURCES], [WAITING], compare="none").cards[0]
    assert (card.state, card.message, len(card.places)) == ("waiting", "On its way …", 3)


# ---- charts


def test_the_first_line_is_the_pages_main_chart():
    second = WidgetSpec("second", "People by day", "line", ("activeUsers",), ("date",))
    page = _page([LINE, second, SOURCES], [WAITING, WAITING], compare="none")
    boxes = [[card.id for card in panel.cards] for panel in page.panels]
    assert (page.main.id, boxes, page.charts) == ("line", [["second"], ["sources"]], {})


def test_the_line_carries_what_else_it_can_be_drawn_of(report):
    asked = with_choices([VISITS, PEOPLE, LINE])
    days = report(("date",), ("activeUsers", "sessions"), [("", [["20261122", 3, 20]], [3, 20])])
    totals = report((), ("activeUsers", "sessions"), [("", [[3, 20]], [3, 20])])
    one_day = {"from": "2026-11-21", "to": "2026-11-22", "compare": "none"}
    page = _page(asked, [_there(totals), _there(days)], **one_day)
    assert page.charts["line"]["choices"] == {
        "activeUsers": {
            "values": [[0, 3]], "texts": [["0", "3"]], "ticks": [[1, "1"], [2, "2"], [3, "3"]],
            "max": 3 * 1.08, "min": 0,
        }
    }  # fmt: skip
    assert [(figure.drawn, figure.drawable) for figure in page.figures] == [(True, True), (False, True)]


def test_channels_and_columns_are_explained(report):
    rows = [["Organic Search", 2], ["Telepathy", 1]]
    answer = report(("sessionDefaultChannelGroup",), ("sessions",), [("", rows, None)])
    card = _page([replace(CHANNELS, kind="table")], [_there(answer)], compare="none").cards[0]
    assert [str(each.label) for each in card.meanings] == ["Channel", "Visits", "Organic Search", "Telepathy"]
    assert all(each.explanation for each in card.meanings)


# ---- tabs


def _tabs(*states):
    """Two tabs and a card of its own, with these answers."""
    tabs = [replace(each, group="Where people came from") for each in (SOURCES, CHANNELS)]
    return _page([tabs[0], DEVICES, tabs[1]], list(states), compare="none")


def test_widgets_of_one_group_are_tabs_of_one_card():
    page = _tabs(WAITING, WAITING, WAITING)
    boxes = [(panel.name, [(card.id, card.hidden) for card in panel.cards]) for panel in page.panels]
    assert boxes == [
        ("Where people came from", [("sources", False), ("channels", True)]),
        ("", [("devices", False)]),
    ]


def test_the_first_tab_with_something_to_show_is_open(report):
    nothing = _there(report(("sessionSource",), ("activeUsers", "sessions"), [("", [], None)]))
    something = _there(report(("sessionDefaultChannelGroup",), ("sessions",), [("", [["Referral", 3]], [3])]))
    page = _tabs(nothing, WAITING, something)
    assert [(card.id, card.hidden) for card in page.panels[0].cards] == [
        ("sources", True),
        ("channels", False),
    ]


def test_a_page_is_seen_while_tabs_behind_others_are_on_their_way(report):
    sources = _there(
        report(("sessionSource",), ("activeUsers", "sessions"), [("", [["google", 7, 9]], None)])
    )
    devices = _there(report(("deviceCategory",), ("sessions",), [("", [["mobile", 3]], [3])]))
    pages = [_tabs(*states) for states in ((sources, WAITING, WAITING), (sources, devices, WAITING))]
    assert [(page.seen, page.complete, page.parts_there, page.parts) for page in pages] == [
        (False, False, 1, 2),
        (True, False, 2, 2),
    ]
    renewed = replace(devices, stale=True)
    assert _tabs(sources, renewed, sources).seen is False


def test_what_stands_in_the_place_of_an_empty_tab_is_seen(report):
    nothing = _there(report(("sessionSource",), ("activeUsers", "sessions"), [("", [], None)]))
    devices = _there(report(("deviceCategory",), ("sessions",), [("", [["mobile", 3]], [3])]))
    page = _tabs(nothing, devices, WAITING)
    assert (page.seen, page.parts_there, page.parts) == (False, 1, 2)


def test_a_map_asks_for_all_countries_and_lists_a_few(report):
    countries = WidgetSpec("map", "Countries", "map", ("sessions",), MAPPED, limit=2)
    asked = plan([countries], periods.resolve({"compare": "none"}, TODAY), None)
    rows = [["Italy", "IT", 3], ["Türkiye", "TR", 2], ["Malta", "MT", 1]]
    answer = report(MAPPED, ("sessions",), [("", rows, [6])])
    page = _page([countries], [_there(answer)], compare="none")
    shown = [(row.label, row.more, row.filter) for row in page.cards[0].rows]
    assert asked.reports[0].limit == 250
    assert shown == [("Italy", (), "country==Italy"), ("Türkiye", (), "country==Türkiye")]
    assert page.cards[0].chart == {
        "kind": "map",
        "countries": {"380": [3, "3", "Italy"], "792": [2, "2", "Türkiye"]},
    }


def test_a_line_is_drawn_against_its_comparison(report):
    parts = [("current", [["20261121", 10], ["20261122", 20]], [30]), ("comparison", [["20261119", 5]], [5])]
    answer = report(("date",), ("sessions",), parts)
    page = _page([LINE], [_there(answer)], **{"from": "2026-11-21", "to": "2026-11-22"})
    assert page.charts == {
        "line": {
            "kind": "line",
            "metric": "sessions",
            "series": [
                {
                    "name": "21 – 22 Nov 2026",
                    "labels": ["Sat 21 Nov", "Sun 22 Nov"],
                    "values": [10, 20],
                    "texts": ["10", "20"],
                },
                {
                    "name": "19 – 20 Nov 2026",
                    "labels": ["Thu 19 Nov", "Fri 20 Nov"],
                    "values": [5, 0],
                    "texts": ["5", "0"],
                },
            ],
            "axis": ["21 Nov", "22 Nov"],
            "unfinished": None,
            "cut": False,
            "choices": {},
            "ticks": [[10, "10"], [20, "20"]],
            "max": 20 * 1.08,
            "min": 0,
        }
    }
    assert page.main.legend == ("21 – 22 Nov 2026", "19 – 20 Nov 2026")
    assert page.main.rows == (TableRow("Sat 21 Nov", ("10", "5")), TableRow("Sun 22 Nov", ("20", "0")))


def test_a_donuts_shares_are_of_googles_total_and_not_of_the_rows(report):
    rows = [["desktop", 60], ["mobile", 50]]  # more than the total: a visit may count for both
    answer = report(("deviceCategory",), ("sessions",), [("", rows, [100])])
    card = _page([DEVICES], [_there(answer)], compare="none").cards[0]
    assert card.rows == (
        TableRow("desktop", ("60", "60\xa0%"), 100, shade=1, filter="deviceCategory==desktop"),
        TableRow("mobile", ("50", "50\xa0%"), 83, shade=2, filter="deviceCategory==mobile"),
    )
    assert card.columns[-1] == Column("Share", "The part of the total.")
    name = "26 Oct – 22 Nov 2026"
    drawn = {"name": name, "labels": ["desktop", "mobile"], "values": [60, 50], "texts": ["60", "50"]}
    assert card.chart == {"kind": "donut", "series": [drawn]}


@pytest.mark.parametrize(
    ("part", "share"), [(0, "0\xa0%"), (1, "<1\xa0%"), (4, "<1\xa0%"), (6, "1\xa0%"), (994, "99\xa0%")]
)
def test_a_small_share_is_never_shown_as_nothing(report, part, share):
    rows = [["desktop", 1000 - part, 1], ["mobile", part, 1]]
    answer = report(("deviceCategory",), ("sessions", "activeUsers"), [("", rows, [1000, 2])])
    devices = replace(DEVICES, metrics=("sessions", "activeUsers"))
    card = _page([devices], [_there(answer)], compare="none").cards[0]
    assert card.rows[1].values[-1] == share


def test_bars_stand_beside_those_of_the_comparison(report):
    fields = (("sessionDefaultChannelGroup",), ("sessions",))
    now = ("current", [["Direct", 1200], ["Email", 5]], [1205])
    answer = report(*fields, [now, ("comparison", [["Direct", 1000]], [1000])])
    card = _page([CHANNELS], [_there(answer)]).cards[0]
    labels = ["Direct", "Email"]
    assert card.chart == {
        "kind": "bar",
        "series": [
            {"name": "26 Oct – 22 Nov 2026", "labels": labels, "values": [1200, 5], "texts": ["1,200", "5"]},
            {
                "name": "28 Sep – 25 Oct 2026",
                "labels": labels,
                "values": [1000, None],
                "texts": ["1,000", ""],
            },
        ],
    }


@pytest.mark.parametrize("kind", ["table", "bar", "donut"])
def test_money_is_in_the_views_currency(kind, report):
    revenue = WidgetSpec("revenue", "Revenue", kind, ("totalRevenue",), ("country",))
    answer = report(
        ("country",), ("totalRevenue",), [("", [["Italy", 12.5]], [12.5])], types=["TYPE_CURRENCY"]
    )
    card = _page([revenue], [_there(answer)], compare="none").cards[0]
    assert card.rows[0].values[0] == "€12.50"


def test_a_custom_metric_is_read_by_googles_type(report):
    custom = WidgetSpec("custom", "Deposits", "figure", ("customEvent:deposit",))
    answer = report((), ("customEvent:deposit",), [("", [[1500]], [1500])], types=["TYPE_CURRENCY"])
    assert _page([custom], [_there(answer)], compare="none").figures[0].value == "€1,500"
