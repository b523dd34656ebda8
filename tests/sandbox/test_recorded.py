"""Recorded properties are answered from their tables, to the unit."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import SandboxServer
from tests.sandbox.conftest import Robot, rows, usgov

SMALL = "500000001"
MONTH = "30daysAgo..yesterday"
REAL = ("395246701", "395437327", "395461442")
needs_real = pytest.mark.skipif(usgov() is None, reason="the recorded properties are not on this machine")


def only(field: str, value: str) -> dict[str, Any]:
    return {"filter": {"fieldName": field, "stringFilter": {"value": value}}}


def days_ago(sandbox: SandboxServer, count: int) -> str:
    prop = sandbox.world.directory.property(SMALL)
    return f"{sandbox.world.now_at(prop).date() - timedelta(days=count):%Y%m%d}"


def test_last_recorded_day_is_yesterday(sandbox: SandboxServer, robot: Robot) -> None:
    report = robot.report(SMALL, dimensions="date", metrics="sessions", days="7daysAgo..today")
    assert rows(report) == [
        (days_ago(sandbox, 1), "100"),
        (days_ago(sandbox, 2), "80"),
        (days_ago(sandbox, 3), "60"),
    ]


def test_recorded_days_move_with_the_clock(sandbox: SandboxServer, robot: Robot) -> None:
    before = robot.report(SMALL, dimensions="date", metrics="sessions", days="7daysAgo..today")
    sandbox.world.clock.advance(86400)
    again = Robot(sandbox)
    after = again.report(SMALL, dimensions="date", metrics="sessions", days="7daysAgo..today")
    again.session.close()
    assert [value for _, value in rows(after)] == [value for _, value in rows(before)]
    assert rows(after) != rows(before)


def test_totals_come_from_the_table_with_the_fewest_dimensions(robot: Robot) -> None:
    report = robot.report(
        SMALL,
        dimensions="deviceCategory",
        metrics="sessions",
        days="2daysAgo..yesterday",
        metricAggregations=["TOTAL"],
    )
    assert rows(report) == [("desktop", "120"), ("mobile", "41")]
    assert rows(report, "totals") == [("RESERVED_TOTAL", "180")]


def test_a_table_that_begins_later_does_not_cover_the_whole(robot: Robot) -> None:
    report = robot.report(SMALL, dimensions="deviceCategory", metrics="sessions", days="3daysAgo..yesterday")
    assert "rows" not in report


def test_days_before_the_recording_do_not_spoil_it(robot: Robot) -> None:
    report = robot.report(SMALL, metrics="sessions", days="400daysAgo..today")
    assert rows(report) == [("240",)]


@pytest.mark.parametrize("days", ["400daysAgo..300daysAgo", "today..today", "2030-01-01..2030-01-02"])
def test_nothing_outside_the_recorded_days(robot: Robot, days: str) -> None:
    assert "rows" not in robot.report(SMALL, dimensions="date", metrics="sessions", days=days)


def test_several_titles_of_a_path_add_up_and_people_do_not(robot: Robot) -> None:
    report = robot.report(
        SMALL, dimensions="pagePath", metrics="screenPageViews sessions activeUsers bounceRate", days=MONTH
    )
    assert rows(report) == [("/", "330", "220", "0", "0"), ("/b", "7", "6", "5", "0.125")]


def test_with_titles_everything_is_known(robot: Robot) -> None:
    report = robot.report(
        SMALL, dimensions="pagePath pageTitle", metrics="screenPageViews activeUsers", days=MONTH
    )
    assert rows(report) == [("/", "Home", "300", "150"), ("/", "Welcome", "30", "19"), ("/b", "B", "7", "5")]


@pytest.mark.parametrize("days", ["29daysAgo..yesterday", "30daysAgo..today", "31daysAgo..2daysAgo"])
def test_a_table_without_dates_covers_its_named_range_only(robot: Robot, days: str) -> None:
    assert "rows" not in robot.report(SMALL, dimensions="pagePath", metrics="screenPageViews", days=days)


def test_coverage_is_decided_by_metric(robot: Robot) -> None:
    """Sessions are known by day, views only of the month by host, people of no total."""
    wide = robot.report(SMALL, metrics="sessions screenPageViews activeUsers", days=MONTH)
    week = robot.report(SMALL, metrics="sessions screenPageViews activeUsers", days="7daysAgo..yesterday")
    assert rows(wide) == [("240", "420", "0")]
    assert rows(week) == [("240", "0", "0")]


def test_coverage_is_decided_by_range(robot: Robot) -> None:
    ranges = [
        {"startDate": "30daysAgo", "endDate": "yesterday"},
        {"startDate": "60daysAgo", "endDate": "31daysAgo"},
    ]
    report = robot.report(
        SMALL, dimensions="hostName", metrics="sessions", dateRanges=ranges, metricAggregations=["TOTAL"]
    )
    assert rows(report) == [("a.example", "date_range_0", "240"), ("b.example", "date_range_0", "10")]
    assert rows(report, "totals") == [
        ("RESERVED_TOTAL", "date_range_0", "240"),
        ("RESERVED_TOTAL", "date_range_1", "0"),
    ]


def test_filters_choose_a_table_that_knows_the_field(robot: Robot) -> None:
    assert rows(
        robot.report(SMALL, metrics="sessions", days=MONTH, dimensionFilter=only("hostName", "b.example"))
    ) == [("10",)]
    assert rows(
        robot.report(
            SMALL,
            metrics="sessions",
            days="2daysAgo..yesterday",
            dimensionFilter=only("deviceCategory", "mobile"),
        )
    ) == [("41",)]


@pytest.mark.parametrize("dimension", ["country", "browser", "eventName"])
def test_what_no_table_has_is_no_data(robot: Robot, dimension: str) -> None:
    report = robot.report(SMALL, dimensions=dimension, metrics="sessions", days=MONTH)
    assert sorted(report) == ["dimensionHeaders", "kind", "metadata", "metricHeaders"]


def test_nobody_is_there_now(robot: Robot) -> None:
    answer = robot.post(
        f"/v1beta/properties/{SMALL}:runRealtimeReport", {"metrics": [{"name": "activeUsers"}]}
    )
    assert "rows" not in answer.json()


# The real ones


def table(property_id: str, name: str) -> list[dict[str, str]]:
    folder = usgov()
    assert folder is not None
    with (Path(folder) / property_id / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def last_days(records: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    first = date(2024, 1, 5) - timedelta(days=count)
    return [record for record in records if record["date"] >= f"{first:%Y%m%d}"]


def summed(records: list[dict[str, str]], by: tuple[str, ...], metric: str) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = defaultdict(int)
    for record in records:
        found[tuple(record[name] for name in by)] += int(record[metric])
    return dict(found)


def answered(report: dict[str, Any], dimensions: int, metric: int = 0) -> dict[tuple[str, ...], int]:
    return {row[:dimensions]: int(row[dimensions + metric]) for row in rows(report)}


@needs_real
@pytest.mark.parametrize("property_id", REAL)
def test_sessions_of_28_days_equal_the_table(robot: Robot, property_id: str) -> None:
    expected = sum(int(record["sessions"]) for record in last_days(table(property_id, "sessions_by_day"), 28))
    assert rows(robot.report(property_id, metrics="sessions")) == [(str(expected),)]


@needs_real
@pytest.mark.parametrize("property_id", REAL)
def test_the_daily_line_equals_the_table(robot: Robot, property_id: str) -> None:
    report = robot.report(property_id, dimensions="nthDay", metrics="sessions", days="90daysAgo..yesterday")
    expected = {record["date"]: int(record["sessions"]) for record in table(property_id, "sessions_by_day")}
    first = min(expected)
    days = [date(int(d[:4]), int(d[4:6]), int(d[6:])) for d in expected]
    start = date(int(first[:4]), int(first[4:6]), int(first[6:]))
    numbered = {
        (f"{(day - start).days:04}",): value for day, value in zip(days, expected.values(), strict=True)
    }
    assert answered(report, 1) == numbered


@needs_real
@pytest.mark.parametrize("property_id", REAL)
@pytest.mark.parametrize(
    ("name", "dimensions"),
    [
        ("devices_by_day", ("deviceCategory",)),
        ("browsers_by_day", ("browser",)),
        ("operating_systems_by_day", ("operatingSystem",)),
        ("languages_by_day", ("language",)),
        ("os_browsers_by_day", ("browser", "operatingSystem")),
    ],
)
def test_tables_by_day_equal_themselves_over_28_days(
    robot: Robot, property_id: str, name: str, dimensions: tuple[str, ...]
) -> None:
    report = robot.report(
        property_id, dimensions=" ".join(dimensions), metrics="sessions", metricAggregations=["TOTAL"]
    )
    expected = summed(last_days(table(property_id, name), 28), dimensions, "sessions")
    sessions = sum(int(record["sessions"]) for record in last_days(table(property_id, "sessions_by_day"), 28))
    assert answered(report, len(dimensions)) == {key: value for key, value in expected.items() if value}
    assert [row[-1] for row in rows(report, "totals")] == [str(sessions)]


@needs_real
@pytest.mark.parametrize("property_id", REAL)
@pytest.mark.parametrize(
    ("name", "dimensions"),
    [
        ("top_sources", ("sessionSource", "sessionDefaultChannelGroup")),
        ("top_sources", ("sessionSource",)),
        ("top_sources", ("sessionDefaultChannelGroup",)),
        ("top_pages", ("pagePath",)),
        ("top_landing_pages", ("hostName", "landingPage")),
        ("top_hosts", ("hostName",)),
    ],
)
def test_tables_of_the_month_equal_themselves(
    robot: Robot, property_id: str, name: str, dimensions: tuple[str, ...]
) -> None:
    report = robot.report(
        property_id, dimensions=" ".join(dimensions), metrics="sessions screenPageViews", days=MONTH
    )
    for place, metric in enumerate(("sessions", "screenPageViews")):
        assert answered(report, len(dimensions), place) == summed(
            table(property_id, name), dimensions, metric
        )
