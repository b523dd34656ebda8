"""Widgets become the fewest reports that answer them exactly."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.periods import NAMED, Period, resolve
from dashboards.planner import (
    Answer,
    Plan,
    Source,
    WidgetSpec,
    batches,
    fingerprint,
    plan,
    rows_enough,
    with_choices,
)
from google_api.data import DateRange, OrderBy, ReportRequest

TODAY = date(2026, 11, 23)


def period(key: str = "28d", compare: str = "previous", today: date = TODAY) -> Period:
    return resolve({"period": key, "compare": compare}, today)


def figure(metric: str) -> WidgetSpec:
    return WidgetSpec(metric, metric, "figure", (metric,))


def line(*metrics: str) -> WidgetSpec:
    return WidgetSpec("line", "By day", "line", metrics, ("date",))


def table(dimension: str, *metrics: str, **options) -> WidgetSpec:
    name = options.pop("id", dimension)
    return WidgetSpec(name, name, "table", metrics or ("sessions",), (dimension,), **options)


OVERVIEW = (
    *map(figure, ["sessions", "activeUsers", "screenPageViews", "engagementRate", "keyEvents", "newUsers"]),
    line("sessions", "activeUsers", "screenPageViews", "engagementRate", "keyEvents", "newUsers"),
    table("sessionDefaultChannelGroup"),
    table("sessionSource"),
    table("pagePath", "screenPageViews", "sessions"),
    table("landingPage"),
    table("country"),
    table("deviceCategory"),
    table("browser"),
    table("operatingSystem"),
    WidgetSpec("events", "Key events", "table", ("keyEvents",), ("eventName",)),
)


def made(*widgets: WidgetSpec, key: str = "28d", compare: str = "previous", today: date = TODAY) -> Plan:
    return plan(widgets, period(key, compare, today), None)


def asked(report: ReportRequest) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    return report.dimensions, report.metrics, report.limit


def ranges(report: ReportRequest) -> dict[str, tuple[str, str]]:
    return {each.name: (each.start.isoformat(), each.end.isoformat()) for each in report.date_ranges}


CURRENT = ("2026-10-26", "2026-11-22")
BEFORE = ("2026-09-28", "2026-10-25")


# ---- figures


def test_figures_come_from_one_report_without_dimensions():
    planned = made(figure("sessions"), figure("activeUsers"))
    assert [asked(report) for report in planned.reports] == [((), ("activeUsers", "sessions"), 10_000)]
    assert planned.reports[0].order_bys == ()


def test_figures_carry_their_comparison_in_the_same_report():
    planned = made(figure("sessions"))
    assert ranges(planned.reports[0]) == {"current": CURRENT, "comparison": BEFORE}
    sources = Source(0, "current"), None, Source(0, "comparison")
    assert planned.answers == {"sessions": Answer(figure("sessions"), *sources)}


def test_figures_of_a_period_with_today_are_compared_over_complete_days():
    planned = made(figure("sessions"), key="month")
    assert ranges(planned.reports[0]) == {
        "current": ("2026-11-01", "2026-11-23"),
        "complete": ("2026-11-01", "2026-11-22"),
        "comparison": ("2026-10-01", "2026-10-22"),
    }
    sources = Source(0, "current"), Source(0, "complete"), Source(0, "comparison")
    assert planned.answers["sessions"] == Answer(figure("sessions"), *sources)


@pytest.mark.parametrize(("key", "compare"), [("28d", "none"), ("month", "none"), ("today", "previous")])
def test_figures_without_comparison_ask_one_range(key, compare):
    planned = made(figure("sessions"), key=key, compare=compare)
    assert list(ranges(planned.reports[0])) == ["current"]
    assert planned.answers["sessions"] == Answer(figure("sessions"), Source(0, "current"))


def test_a_widget_without_dimensions_is_a_total_whatever_its_kind():
    total = WidgetSpec("t", "Total", "table", ("sessions",))
    assert len(made(figure("sessions"), total).reports) == 1


def test_eleven_metrics_are_two_reports():
    planned = made(*(figure(f"m{number}") for number in range(11)))
    assert [len(report.metrics) for report in planned.reports] == [10, 1]
    assert planned.answers["m10"].current == Source(1, "current")


# ---- lines


def test_a_line_runs_along_the_days_with_its_comparison():
    planned = made(line("sessions"))
    assert [asked(report) for report in planned.reports] == [(("date",), ("sessions",), 10_000)]
    assert planned.reports[0].order_bys == (OrderBy("date", desc=False, dimension=True),)
    assert ranges(planned.reports[0]) == {"current": CURRENT, "comparison": BEFORE}
    sources = Source(0, "current"), None, Source(0, "comparison")
    assert planned.answers["line"] == Answer(line("sessions"), *sources)


def test_a_line_of_a_period_with_today_needs_no_complete_range():
    planned = made(line("sessions"), key="month")
    assert list(ranges(planned.reports[0])) == ["current", "comparison"]


@pytest.mark.parametrize("key", ["today", "yesterday"])
def test_a_single_day_runs_by_the_hour(key):
    report = made(line("sessions"), key=key).reports[0]
    assert report.dimensions == ("dateHour",)
    assert report.order_bys == (OrderBy("dateHour", desc=False, dimension=True),)


def test_todays_hours_are_drawn_against_yesterdays_though_its_figures_are_not_compared():
    planned = made(figure("sessions"), line("sessions"), key="today")
    assert ranges(planned.reports[1]) == {
        "current": ("2026-11-23", "2026-11-23"),
        "comparison": ("2026-11-22", "2026-11-22"),
    }
    assert planned.answers["line"].comparison == Source(1, "comparison")
    assert planned.answers["sessions"].comparison is None


def test_lines_share_a_report():
    other = WidgetSpec("other", "Views", "line", ("screenPageViews",))
    assert [asked(report) for report in made(line("sessions"), other).reports] == [
        (("date",), ("screenPageViews", "sessions"), 10_000)
    ]


# ---- tables


def test_a_table_carries_its_comparison_and_asks_for_many_more_rows_than_it_shows():
    planned = made(table("country"))
    assert [asked(report) for report in planned.reports] == [(("country",), ("sessions",), 500)]
    assert ranges(planned.reports[0]) == {"current": CURRENT, "comparison": BEFORE}
    sources = Source(0, "current"), None, Source(0, "comparison")
    assert planned.answers["country"] == Answer(table("country"), *sources)


def test_a_table_without_a_comparison_asks_for_what_it_shows():
    assert [asked(each) for each in made(table("country"), compare="none").reports] == [
        (("country",), ("sessions",), 10)
    ]


@pytest.mark.parametrize(("shown", "limit"), [(10, 500), (50, 500), (51, 510), (250, 2_500)])
def test_ten_rows_are_asked_for_each_that_is_shown(shown, limit):
    report = made(table("country", limit=shown)).reports[0]
    assert report.limit == limit
    assert rows_enough(report) >= shown


@pytest.mark.parametrize(("limit", "comparison"), [(251, 2_510), (100_000, 250_000)])
def test_a_long_table_asks_its_comparison_in_a_report_of_its_own_with_ten_times_the_limit(limit, comparison):
    planned = made(table("country", limit=limit))
    assert [report.limit for report in planned.reports] == [limit, comparison]
    assert [ranges(report) for report in planned.reports] == [{"current": CURRENT}, {"comparison": BEFORE}]
    assert planned.answers["country"].comparison == Source(1, "comparison")


@pytest.mark.parametrize("key", ["today", "month", "year"])
def test_tables_of_a_period_with_today_are_not_compared(key):
    planned = made(table("country"), key=key)
    assert len(planned.reports) == 1
    assert planned.answers["country"] == Answer(table("country"), Source(0, "current"))


def test_tables_by_date_are_not_compared():
    assert len(made(table("date")).reports) == 1


def test_tables_of_the_same_dimensions_and_order_share_a_report_with_the_largest_limit():
    few = table("pagePath", "screenPageViews", "sessions", id="few", limit=5)
    more = table("pagePath", "screenPageViews", "activeUsers", id="more", limit=20)
    planned = made(few, more, compare="none")
    assert [asked(report) for report in planned.reports] == [
        (("pagePath",), ("activeUsers", "screenPageViews", "sessions"), 20)
    ]


def test_tables_that_share_a_report_share_their_comparison():
    planned = made(table("country", id="few"), table("country", id="more", limit=60))
    assert [report.limit for report in planned.reports] == [600]
    assert [planned.answers[name].comparison for name in ("few", "more")] == [Source(0, "comparison")] * 2


@pytest.mark.parametrize(
    "other",
    [
        table("city", id="other"),
        table("country", "activeUsers", id="other"),
        table("country", id="other", order_by="country"),
        table("country", id="other", descending=False),
        table("country", id="other", limit=10_000),
    ],
    ids=["dimensions", "metric to order by", "ordered by the dimension", "ascending", "much longer"],
)
def test_what_asks_something_else_is_a_report_of_its_own(other):
    assert len(made(table("country"), other, compare="none").reports) == 2


def test_a_table_is_ordered_by_its_first_metric_descending():
    report = made(table("country", "activeUsers", "sessions")).reports[0]
    assert report.order_bys == (OrderBy("activeUsers", desc=True),)


def test_a_table_may_be_ordered_by_its_dimension():
    report = made(table("country", order_by="country", descending=False)).reports[0]
    assert report.order_bys == (OrderBy("country", desc=False, dimension=True),)


def test_what_a_table_is_ordered_by_is_asked_even_if_not_shown():
    report = made(table("country", "activeUsers", order_by="sessions")).reports[0]
    assert (report.metrics, report.order_bys) == (
        ("activeUsers", "sessions"),
        (OrderBy("sessions", desc=True),),
    )


def test_metrics_beyond_ten_split_a_shared_table_and_keep_its_order():
    halves = [table("country", "sessions", *(f"{half}{n}" for n in range(6)), id=half) for half in ("a", "b")]
    planned = made(*halves, compare="none")
    assert [len(report.metrics) for report in planned.reports] == [7, 7]
    assert {report.order_bys for report in planned.reports} == {(OrderBy("sessions", desc=True),)}


# ---- the whole page


@pytest.mark.parametrize(
    ("key", "compare", "reports", "calls"),
    [
        ("28d", "none", 11, 3),
        ("28d", "previous", 11, 3),
        ("month", "previous", 11, 3),
        ("today", "year", 11, 3),
    ],
)
def test_cost_of_a_cold_overview(key, compare, reports, calls):
    planned = made(*OVERVIEW, key=key, compare=compare)
    assert (len(planned.reports), len(list(batches(range(len(planned.reports)))))) == (reports, calls)


def test_reports_come_in_the_order_in_which_a_reader_looks():
    planned = made(table("country", limit=300), line("sessions"), table("browser"), figure("sessions"))
    dimensions = [report.dimensions for report in planned.reports]
    assert dimensions == [(), ("date",), ("country",), ("browser",), ("country",)]
    assert list(ranges(planned.reports[4])) == ["comparison"]


def test_tabs_behind_others_are_asked_last():
    def tab(dimension: str, group: str) -> WidgetSpec:
        return replace(table(dimension), group=group)

    page = [tab("country", "where"), tab("city", "where"), tab("browser", "what"), table("pagePath")]
    again = replace(table("city", id="seen"), group="")
    assert [report.dimensions for report in made(*page).reports] == [
        ("country",),
        ("browser",),
        ("pagePath",),
        ("city",),
    ]
    assert [report.dimensions for report in made(*page, again).reports] == [
        ("country",),
        ("city",),
        ("browser",),
        ("pagePath",),
    ]


def test_answers_stand_in_the_pages_order():
    assert list(made(*reversed(OVERVIEW)).answers) == [widget.id for widget in reversed(OVERVIEW)]


def test_the_filter_is_in_every_report():
    wire = {"filter": {"fieldName": "country", "stringFilter": {"matchType": "EXACT", "value": "Chad"}}}
    planned = plan(OVERVIEW, period(), wire)
    assert [report.dimension_filter for report in planned.reports] == [wire] * 11


def test_no_widgets_ask_nothing():
    assert made().reports == ()


@pytest.mark.parametrize(("reports", "sizes"), [(0, []), (1, [1]), (5, [5]), (6, [5, 1]), (20, [5, 5, 5, 5])])
def test_batches_hold_five_at_most(reports, sizes):
    grouped = list(batches(range(reports)))
    assert [len(each) for each in grouped] == sizes
    assert [index for each in grouped for index in each] == list(range(reports))


# ---- what cannot be a widget


@pytest.mark.parametrize(
    "wrong",
    [
        {"metrics": ()},
        {"metrics": tuple(f"m{n}" for n in range(11))},
        {"metrics": tuple(f"m{n}" for n in range(10)), "order_by": "another"},
        {"dimensions": tuple(f"d{n}" for n in range(10))},
        {"limit": 0},
        {"limit": 250_001},
        {"kind": "line", "dimensions": ("date", "country")},
    ],
)
def test_what_no_report_could_answer_is_no_widget(wrong):
    options = {"kind": "table", "metrics": ("sessions",), "dimensions": ("country",), **wrong}
    with pytest.raises(ValueError, match="^Widget w: "):
        WidgetSpec(id="w", title="W", **options)


# ---- fingerprints


def question(**changes) -> ReportRequest:
    asked_for = {
        "date_ranges": (DateRange(date(2026, 10, 1), date(2026, 10, 31), "current"),),
        "dimensions": ("country",),
        "metrics": ("sessions",),
        "dimension_filter": None,
        "order_bys": (OrderBy("sessions"),),
        "limit": 10,
    }
    return ReportRequest(**{**asked_for, **changes})


def test_a_fingerprint_is_64_hexadecimal_digits_and_always_the_same():
    assert fingerprint("1234", question()) == fingerprint("1234", question())
    assert len(bytes.fromhex(fingerprint("1234", question()))) == 32


@pytest.mark.parametrize(
    "changes",
    [
        {"date_ranges": (DateRange(date(2026, 10, 1), date(2026, 10, 30), "current"),)},
        {"dimensions": ("city",)},
        {"metrics": ("activeUsers",)},
        {"dimension_filter": {"filter": {"fieldName": "country", "stringFilter": {"value": "Chad"}}}},
        {"order_bys": ()},
        {"limit": 11},
    ],
)
def test_another_question_has_another_fingerprint(changes):
    assert fingerprint("1234", question(**changes)) != fingerprint("1234", question())


def test_the_same_question_of_another_property_has_another_fingerprint():
    assert fingerprint("1234", question()) != fingerprint("1235", question())


def test_the_order_of_keys_in_a_filter_does_not_matter():
    one = {"filter": {"fieldName": "country", "stringFilter": {"matchType": "EXACT", "value": "Chad"}}}
    other = {"filter": {"stringFilter": {"value": "Chad", "matchType": "EXACT"}, "fieldName": "country"}}
    assert fingerprint("1", question(dimension_filter=one)) == fingerprint(
        "1", question(dimension_filter=other)
    )


def test_rearranging_a_page_asks_nothing_anew():
    def asked_of(widgets: Iterable[WidgetSpec]) -> set[str]:
        return {fingerprint("1", report) for report in made(*widgets).reports}

    assert asked_of(OVERVIEW) == asked_of(reversed(OVERVIEW))


# ---- what holds for all plans

METRICS = [f"metric{number}" for number in range(14)]
DIMENSIONS = ["date", "country", "city", "browser"]


@st.composite
def widgets(draw) -> tuple[WidgetSpec, ...]:
    def one(name: int) -> WidgetSpec:
        kind = draw(st.sampled_from(["figure", "line", "bar", "table", "donut"]))
        metrics = tuple(draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=9, unique=True)))
        dimensions = tuple(draw(st.lists(st.sampled_from(DIMENSIONS), max_size=2, unique=True)))
        return WidgetSpec(
            str(name),
            "",
            kind,
            metrics,
            () if kind == "line" else dimensions,
            order_by=draw(st.sampled_from(["", METRICS[0], *dimensions])),
            descending=draw(st.booleans()),
            limit=draw(st.sampled_from([5, 10, 250, 251, 10_000])),
        )

    return tuple(one(name) for name in range(draw(st.integers(0, 12))))


@st.composite
def plans(draw) -> tuple[tuple[WidgetSpec, ...], Plan]:
    page = draw(widgets())
    today = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
    compare = draw(st.sampled_from(["previous", "year", "none"]))
    return page, made(*page, key=draw(st.sampled_from(list(NAMED))), compare=compare, today=today)


@given(plans())
def test_every_report_keeps_googles_limits(planned):
    for report in planned[1].reports:
        assert 1 <= len(report.metrics) <= 10
        assert len(report.dimensions) <= 9
        assert 1 <= len(report.date_ranges) <= 4
        assert {each.name for each in report.order_bys} <= {*report.dimensions, *report.metrics}


@given(plans())
def test_every_widget_finds_all_it_asks(planned):
    page, made_plan = planned
    assert list(made_plan.answers) == [widget.id for widget in page]
    for answer in made_plan.answers.values():
        for source in filter(None, (answer.current, answer.complete, answer.comparison)):
            report = made_plan.reports[source.report]
            assert set(answer.widget.metrics) <= set(report.metrics)
            assert source.date_range in {each.name for each in report.date_ranges}
            if answer.widget.kind not in ("figure", "line"):
                assert report.dimensions == answer.widget.dimensions
                assert report.limit >= answer.widget.limit


@given(plans())
def test_no_report_is_asked_twice_or_for_nobody(planned):
    reports, answers = planned[1].reports, planned[1].answers.values()
    assert len({fingerprint("1", report) for report in reports}) == len(reports)
    used = {s.report for a in answers for s in (a.current, a.complete, a.comparison) if s}
    assert used == set(range(len(reports)))


@given(plans())
def test_what_carries_two_ranges_cannot_be_cut_or_has_room_for_both(planned):
    page, made_plan = planned
    for answer in made_plan.answers.values():
        report = made_plan.reports[answer.current.report]
        if len(report.date_ranges) > 1 and report.dimensions not in ((), ("date",), ("dateHour",)):
            assert "date" not in report.dimensions
            assert rows_enough(report) >= answer.widget.asked_limit


# ---- what the line can be drawn of, and by what


def test_the_daily_values_of_all_figures_ride_in_the_lines_report():
    widgets = [
        WidgetSpec("a", "Visits", "figure", ("sessions",)),
        WidgetSpec("b", "People", "figure", ("activeUsers",)),
        WidgetSpec("l", "Visits", "line", ("sessions",), ("date",)),
    ]
    as_shown, chosen = with_choices(widgets), with_choices(widgets, "activeUsers")
    assert (as_shown[2].metrics, as_shown[2].choices) == (("sessions",), ("activeUsers",))
    assert (chosen[2].metrics, chosen[2].choices) == (("activeUsers",), ("sessions",))
    assert with_choices(widgets, "bounceRate") == as_shown
    days = resolve({}, TODAY)
    assert plan(chosen, days, None).reports == plan(as_shown, days, None).reports


@pytest.mark.parametrize(
    ("step", "name"), [("day", "date"), ("week", "isoYearIsoWeek"), ("month", "yearMonth")]
)
def test_weeks_and_months_are_asked_of_google(step, name):
    line = WidgetSpec("l", "People", "line", ("activeUsers",), ("date",))
    asked = plan([line], resolve({"period": "90d"}, TODAY), None, step)
    assert [report.dimensions for report in asked.reports] == [(name,)]


def test_a_single_day_runs_by_the_hour_whatever_was_asked():
    line = WidgetSpec("l", "People", "line", ("activeUsers",), ("date",))
    asked = plan([line], resolve({"period": "yesterday"}, TODAY), None, "month")
    assert asked.reports[0].dimensions == ("dateHour",)
