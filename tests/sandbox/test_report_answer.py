"""How an answer is put: headers, order, pages, totals, several ranges, empty answers, numbers."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.reports.answer import number_text
from tests.sandbox.conftest import SHOP, SITE, Robot, cells, rows

TWO = [
    {"startDate": "28daysAgo", "endDate": "yesterday", "name": "current"},
    {"startDate": "56daysAgo", "endDate": "29daysAgo"},
]
FUTURE = "2030-01-01..2030-01-31"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (0, "0"),
        (2.0, "2"),
        (0.5, "0.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1 / 3, "0.33333333333333331"),
        (576208.41, "576208.41"),
        (1e20, "1e+20"),
    ],
)
def test_numbers_are_printed_as_protobuf_prints(value: float, text: str) -> None:
    assert number_text(value) == text


def test_the_whole_answer(robot: Robot) -> None:
    report = robot.report(SITE, dimensions="country", metrics="sessions bounceRate", limit=1)
    row = report["rows"].pop()
    assert report == {
        "dimensionHeaders": [{"name": "country"}],
        "metricHeaders": [
            {"name": "sessions", "type": "TYPE_INTEGER"},
            {"name": "bounceRate", "type": "TYPE_FLOAT"},
        ],
        "rows": [],
        "rowCount": report["rowCount"],
        "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Rome"},
        "kind": "analyticsData#runReport",
    }
    assert row["dimensionValues"] == [{"value": "Italy"}]


def test_empty_answers_have_neither_rows_nor_count(robot: Robot) -> None:
    report = robot.report(SITE, dimensions="country", metrics="sessions", days=FUTURE)
    assert sorted(report) == ["dimensionHeaders", "kind", "metadata", "metricHeaders"]


def test_totals_of_nothing_are_zeros(robot: Robot) -> None:
    report = robot.report(
        SITE, dimensions="country", metrics="sessions", days=FUTURE, metricAggregations=["TOTAL"]
    )
    assert rows(report, "totals") == [("RESERVED_TOTAL", "0")]


def test_default_order_is_the_first_metric_descending(robot: Robot) -> None:
    values = [
        int(sessions) for _, sessions in rows(robot.report(SITE, dimensions="city", metrics="sessions"))
    ]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({"dimension": {"dimensionName": "nthDay", "orderType": "NUMERIC"}}, ["0000", "0001", "0002"]),
        ({"dimension": {"dimensionName": "nthDay"}, "desc": True}, ["0027", "0026", "0025"]),
    ],
)
def test_order_by_dimension(robot: Robot, order: dict[str, Any], expected: list[str]) -> None:
    report = robot.report(SITE, dimensions="nthDay", metrics="sessions", orderBys=[order], limit=3)
    assert [day for day, _ in rows(report)] == expected


def test_order_by_two_columns(robot: Robot) -> None:
    orders = [
        {"dimension": {"dimensionName": "deviceCategory"}},
        {"metric": {"metricName": "sessions"}, "desc": True},
    ]
    found = rows(robot.report(SITE, dimensions="browser deviceCategory", metrics="sessions", orderBys=orders))
    assert found == sorted(found, key=lambda row: (row[1], -int(row[2])))
    assert len({row[1] for row in found}) > 1


def test_pages_join_to_the_whole(robot: Robot) -> None:
    whole = robot.report(SITE, dimensions="city browser", metrics="sessions")
    pages = [
        robot.report(SITE, dimensions="city browser", metrics="sessions", limit=7, offset=offset)
        for offset in range(0, whole["rowCount"], 7)
    ]
    assert [row for page in pages for row in page["rows"]] == whole["rows"]
    assert {page["rowCount"] for page in pages} == {whole["rowCount"]}


def test_limit_as_text_and_zero_for_the_default(robot: Robot) -> None:
    assert len(robot.report(SITE, dimensions="city", metrics="sessions", limit="2")["rows"]) == 2
    whole = robot.report(SITE, dimensions="city", metrics="sessions", limit="0")
    assert len(whole["rows"]) == whole["rowCount"]


def test_two_ranges_add_a_dimension_and_share_the_limit(robot: Robot) -> None:
    report = robot.report(SITE, dimensions="country", metrics="sessions", dateRanges=TWO, limit=3)
    assert [header["name"] for header in report["dimensionHeaders"]] == ["country", "dateRange"]
    assert {part for _, part, _ in rows(report)} == {"current", "date_range_1"}
    assert len(report["rows"]) == 3


def test_each_range_has_its_totals(robot: Robot) -> None:
    report = robot.report(
        SITE, dimensions="country", metrics="sessions", dateRanges=TWO, metricAggregations=["TOTAL"]
    )
    alone = [
        robot.report(SITE, metrics="sessions", days=days)["rows"][0]
        for days in ("28daysAgo..yesterday", "56daysAgo..29daysAgo")
    ]
    assert rows(report, "totals") == [
        ("RESERVED_TOTAL", "current", *cells(alone[0])),
        ("RESERVED_TOTAL", "date_range_1", *cells(alone[1])),
    ]


def test_least_and_most(robot: Robot) -> None:
    report = robot.report(
        SITE, dimensions="date", metrics="sessions", metricAggregations=["MINIMUM", "MAXIMUM", "COUNT"]
    )
    values = [int(sessions) for _, sessions in rows(report)]
    assert rows(report, "minimums") == [("RESERVED_MIN", str(min(values)))]
    assert rows(report, "maximums") == [("RESERVED_MAX", str(max(values)))]
    assert "totals" not in report


def test_no_dimensions_is_one_row_without_dimension_values(robot: Robot) -> None:
    report = robot.report(SITE, metrics="sessions activeUsers")
    assert (report["rowCount"], list(report["rows"][0])) == (1, ["metricValues"])
    assert "dimensionHeaders" not in report


def test_no_metrics_lists_values(robot: Robot) -> None:
    report = robot.report(SITE, dimensions="deviceCategory")
    assert rows(report) == [("desktop",), ("mobile",), ("tablet",)]
    assert "metricHeaders" not in report


def test_rows_of_zeros_only_when_asked(robot: Robot) -> None:
    without = robot.report(SITE, dimensions="eventName", metrics="keyEvents")
    with_zeros = robot.report(SITE, dimensions="eventName", metrics="keyEvents", keepEmptyRows=True)
    assert {name for name, _ in rows(without)} == {"generate_lead", "sign_up"}
    assert ("scroll", "0") in rows(with_zeros)


def test_invisible_metrics_order_but_do_not_show(robot: Robot) -> None:
    metrics = [{"name": "sessions"}, {"name": "newUsers", "invisible": True}]
    orders = [{"metric": {"metricName": "newUsers"}, "desc": True}]
    report = robot.report(SITE, dimensions="country", metrics=metrics, orderBys=orders)
    plain = robot.report(SITE, dimensions="country", metrics="sessions newUsers", orderBys=orders)
    assert rows(report) == [row[:2] for row in rows(plain)]
    assert report["metricHeaders"] == [{"name": "sessions", "type": "TYPE_INTEGER"}]


def test_metric_filter_may_use_another_metric(robot: Robot) -> None:
    at_least = {"numericFilter": {"operation": "GREATER_THAN", "value": {"int64Value": "100"}}}
    expression = {"filter": {"fieldName": "newUsers"} | at_least}
    report = robot.report(SITE, dimensions="country", metrics="sessions", metricFilter=expression)
    both = rows(robot.report(SITE, dimensions="country", metrics="sessions newUsers"))
    assert rows(report) == [row[:2] for row in both if int(row[2]) > 100]


def test_query_strings_lose_detail_and_say_so(robot: Robot) -> None:
    report = robot.report(SHOP, dimensions="pagePathPlusQueryString", metrics="screenPageViews")
    assert report["metadata"]["dataLossFromOtherRow"] is True
    assert "(other)" in {path for path, _ in rows(report)}


def test_few_people_of_an_age_are_withheld_and_it_says_so(robot: Robot) -> None:
    report = robot.report(SITE, dimensions="userAgeBracket city", metrics="totalUsers")
    assert report["metadata"]["subjectToThresholding"] is True
    assert min(int(users) for *_, users in rows(report)) >= 10


def test_batch_answers_as_each_alone(robot: Robot) -> None:
    bodies = [
        {"dateRanges": TWO, "metrics": [{"name": "sessions"}]},
        {"dateRanges": TWO[:1], "metrics": [{"name": "activeUsers"}], "dimensions": [{"name": "date"}]},
    ]
    batch = robot.post(f"/v1beta/properties/{SITE}:batchRunReports", {"requests": bodies}).json()
    alone = [robot.post(f"/v1beta/properties/{SITE}:runReport", body).json() for body in bodies]
    assert batch == {"reports": alone, "kind": "analyticsData#batchRunReports"}
