"""Lines without gaps, and scales with few round marks."""

from datetime import date

import pytest

from dashboards import charts, periods
from dashboards.periods import DateSpan

TODAY = date(2026, 11, 23)


def _period(**params):
    return periods.resolve(params, TODAY)


def test_a_day_that_google_leaves_out_had_nothing():
    period = _period(**{"from": "2026-11-01", "to": "2026-11-03"})
    series = charts.line_series(period, {("20261101",): (5,), ("20261103",): (7,)})
    assert series == charts.Series("1 – 3 Nov 2026", ("Sun 1 Nov", "Mon 2 Nov", "Tue 3 Nov"), (5, 0, 7))


def test_a_line_over_new_year_tells_the_years():
    period = _period(**{"from": "2025-12-31", "to": "2026-01-01"})
    assert charts.line_series(period, {}).labels == ("31 Dec 2025", "1 Jan 2026")


def test_what_is_to_come_of_today_is_not_known():
    values = {("2026112300",): (3,), ("2026112302",): (4,)}
    series = charts.line_series(_period(period="today"), values)
    assert (series.values[:5], series.labels[:2], len(series.values)) == (
        (3, 0, 4, None, None),
        ("00:00", "01:00"),
        24,
    )


def test_a_today_without_figures_is_not_nothing():
    period = _period(**{"from": "2026-11-22", "to": "2026-11-23"})
    assert charts.line_series(period, {("20261122",): (9,)}).values == (9, None)


def test_the_comparison_runs_by_its_own_days():
    span = DateSpan(date(2026, 10, 1), date(2026, 10, 2))
    series = charts.comparison_series(_period(period="7d"), span, {("20261002",): (2,)})
    assert (series.labels, series.values) == (("Thu 1 Oct", "Fri 2 Oct"), (0, 2))


@pytest.mark.parametrize(
    ("largest", "unit", "marks"),
    [
        (96_000, "count", [40_000, 80_000]),
        (1_511, "count", [400, 800, 1_200]),
        (600, "count", [200, 400, 600]),
        (2, "count", [1, 2]),
        (0, "count", []),
        (0.613, "percent", [0.2, 0.4, 0.6]),
        (2.04, "decimal", [1, 2]),
        (131, "seconds", [60, 120]),
        (50_000, "seconds", [14_400, 28_800, 43_200]),
    ],
)
def test_a_scale_has_at_most_three_round_marks(largest, unit, marks):
    assert charts.ticks(largest, unit) == marks


def test_a_scale_begins_at_nothing_and_leaves_air_above():
    scale = charts.scale([10, None, 100], "count", "")
    assert scale == {"ticks": [[40, "40"], [80, "80"]], "max": 108, "min": 0}


def test_a_scale_reaches_down_to_refunds():
    assert charts.scale([-20, 100], "money", "EUR")["min"] == -20


def test_a_scale_of_nothing_is_still_a_scale():
    assert charts.scale([0, 0], "count", "") == {"ticks": [], "max": 1, "min": 0}


@pytest.mark.parametrize(
    ("params", "index"), [({}, None), ({"period": "today"}, None), ({"period": "month"}, 22)]
)
def test_the_day_that_is_not_over_is_marked(params, index):
    period = _period(**params)
    assert charts.unfinished_from(period, charts.line_series(period, {})) == index


def test_an_axis_of_years_shows_months():
    labels = charts.axis_labels(_period(**{"from": "2024-01-01", "to": "2025-12-31"}))
    assert (labels[0], labels[-1]) == ("Jan 2024", "Dec 2025")


# ---- weeks and months


def test_weeks_are_googles_and_end_with_the_period():
    period = periods.resolve({"from": "2025-12-27", "to": "2026-01-06"}, date(2026, 11, 23))
    found = charts.line_series(period, {("202552",): (3,), ("202601",): (7,), ("202602",): (2,)}, "week")
    assert found.values == (3, 7, 2)
    assert found.labels == ("27 – 28 Dec 2025", "29 Dec 2025 – 4 Jan 2026", "5 – 6 Jan 2026")
    assert charts.axis_labels(period, "week") == ["27 Dec", "29 Dec", "5 Jan"]
    assert charts.is_cut_at_start(period, "week") is True
    assert charts.unfinished_from(period, found, "week") == 2


def test_whole_months_are_final():
    period = periods.resolve({"from": "2026-09-01", "to": "2026-10-31"}, date(2026, 11, 23))
    found = charts.line_series(period, {("202609",): (3,)}, "month")
    assert (found.labels, found.values) == (("September 2026", "October 2026"), (3, 0))
    assert charts.axis_labels(period, "month") == ["Sep 2026", "Oct 2026"]
    assert charts.is_cut_at_start(period, "month") is False
    assert charts.unfinished_from(period, found, "month") is None


def test_a_month_so_far_is_not_over():
    period = periods.resolve({"period": "month"}, date(2026, 11, 23))
    assert charts.unfinished_from(period, charts.line_series(period, {}, "month"), "month") == 0


def test_the_last_hour_that_google_knows_of_today_is_not_final():
    period = _period(period="today")
    line = charts.line_series(period, {("2026112300",): (3,), ("2026112302",): (4,)})
    assert charts.unfinished_from(period, line) == 2


@pytest.mark.parametrize(
    ("zone", "day", "gaps"),
    [
        ("Europe/Rome", "2026-03-29", [2]),
        ("America/New_York", "2026-03-08", [2]),
        ("Africa/Cairo", "2026-04-24", [0]),
        ("Europe/Rome", "2026-10-25", []),
        ("Europe/Rome", "2026-11-20", []),
        ("", "2026-03-29", []),
    ],
)
def test_an_hour_that_a_day_does_not_have_is_left_out(zone, day, gaps):
    period = periods.resolve({"from": day, "to": day}, TODAY, zone)
    line = charts.line_series(period, {})
    assert [at for at, value in enumerate(line.values) if value is None] == gaps
    against = charts.comparison_series(_period(period="today"), period.span, {})
    assert None not in against.values
