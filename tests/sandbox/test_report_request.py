"""What a report request may say, checked in Google's order and refused in Google's words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.reports.fields import REALTIME_DIMENSIONS
from tests.sandbox.conftest import SHOP, SITE, Robot, report_body

SEE = "For a list of valid dimensions and metrics, see https://developers.google.com/analytics/devguides/reporting/data/v1/"
RANGE = {"startDate": "2026-01-01", "endDate": "2026-01-02"}
EXPLORER = "https://ga-dev-tools.web.app/ga4/dimensions-metrics-explorer/"
NINE = "country city region continent browser language hostName platform"


def names(text: str) -> list[dict[str, str]]:
    return [{"name": name} for name in text.split()]


def exact(field: str, value: str) -> dict[str, Any]:
    return {"filter": {"fieldName": field, "stringFilter": {"value": value}}}


CASES: list[tuple[dict[str, Any], str]] = [
    ({"metrics": "sessons"}, f"Field sessons is not a valid metric.  {SEE}api-schema "),
    ({"dimensions": "towns"}, f"Field towns is not a valid dimension. {SEE}api-schema "),
    (
        {"dimensions": "Country"},
        f"Did you mean country? Field Country is not a valid dimension. {SEE}api-schema ",
    ),
    (
        {"metrics": "sessions", "dimensionFilter": exact("sessions", "1")},
        f"Field sessions is not a valid dimension. {SEE}api-schema ",
    ),
    ({"metrics": "sessions", "limit": -1}, "limit must be positive. The API received limit = -1"),
    ({"metrics": "sessions", "dateRanges": []}, "A dateRange is required."),
    (
        {"metrics": "sessions", "dateRanges": [RANGE] * 5},
        "Requests are limited to 4 dateRanges.\n  This request contains 5 dateRanges.",
    ),
    (
        {"metrics": "sessions", "days": "tomorrow..today"},
        "Invalid startDate : tomorrow. startDate must be YYYY-MM-DD, NdaysAgo, yesterday, or today.",
    ),
    (
        {"metrics": "sessions", "days": "today..2026-02-30"},
        "Invalid endDate : 2026-02-30. endDate must be YYYY-MM-DD, NdaysAgo, yesterday, or today.",
    ),
    (
        {"metrics": "sessions", "days": "2026-03-02..2026-03-01"},
        "start_date must be less than or equal to end_date. "
        "start_date = 2026-03-02 and end_date = 2026-03-01",
    ),
    (
        {"metrics": "sessions", "days": "2015-08-13..2026-03-01"},
        "Invalid startDate : 2015-08-13. startDate must be after 2015-08-13 and before 3000-01-01.",
    ),
    (
        {"metrics": "sessions", "dateRanges": [RANGE | {"name": "RESERVED_x"}]},
        "The dateRange name RESERVED_x cannot begin with date_range_ or RESERVED_.",
    ),
    (
        {"metrics": "sessions", "dimensions": f"{NINE} date month"},
        "Requests are limited to 9 dimensions within a nested request. This request is for 10 dimensions.",
    ),
    (
        {"metrics": "sessions", "dimensions": f"{NINE} date", "dimensionFilter": exact("month", "01")},
        "Requests are limited to 9 dimensions within a nested request. This request is for 10 dimensions.",
    ),
    (
        {
            "metrics": "sessions activeUsers newUsers totalUsers eventCount keyEvents bounceRate "
            "engagementRate engagedSessions screenPageViews transactions"
        },
        "Requests are limited to 10 metrics within a nested request. This request is for 11 metrics.",
    ),
    ({}, "Requests require dimensions and/or metrics. Most requests include both."),
    ({"dimensions": "country city country"}, "Found duplicate dimensions: country"),
    (
        {"metrics": "sessions sessions"},
        "Duplicate metrics are not allowed. Found duplicate metrics: sessions",
    ),
    (
        {"metrics": "sessions", "orderBys": [{"metric": {"metricName": "newUsers"}}]},
        "Field newUsers exists in OrderBy but is not defined in input Dimensions/Metrics list",
    ),
    (
        {"metrics": "sessions", "dimensions": "itemName"},
        "Please remove itemName to make the request compatible for example. The request's dimensions & "
        f"metrics are incompatible. To learn more, see {EXPLORER}",
    ),
    (
        {"metrics": "sessions", "dimensionFilter": exact("itemName", "x")},
        "Please remove itemName to make the request compatible for example. The request's dimensions & "
        f"metrics are incompatible. To learn more, see {EXPLORER}",
    ),
    (
        {
            "metrics": "sessions",
            "dimensionFilter": {
                "filter": {"fieldName": "city", "stringFilter": {"matchType": "FULL_REGEXP", "value": "("}}
            },
        },
        "Invalid regular expression: (.",
    ),
    # The order in which Google looks
    ({"metrics": "sessons", "limit": -1}, f"Field sessons is not a valid metric.  {SEE}api-schema "),
    ({"limit": -1, "dateRanges": []}, "limit must be positive. The API received limit = -1"),
    ({"dateRanges": []}, "A dateRange is required."),
]


@pytest.mark.parametrize(("fields", "message"), CASES)
def test_each_mistake_has_googles_words(robot: Robot, fields: dict[str, Any], message: str) -> None:
    assert robot.refused(SITE, **fields) == (400, message)


@pytest.mark.parametrize(
    ("body", "message", "field"),
    [
        ({"foo": 1}, 'Invalid JSON payload received. Unknown name "foo": Cannot find field.', None),
        (
            {"metrics": [{"nam": "x"}]},
            "Invalid JSON payload received. Unknown name \"nam\" at 'metrics[0]': Cannot find field.",
            "metrics[0]",
        ),
        ({"limit": "many"}, "Invalid value at 'limit' (TYPE_INT64), \"many\"", "limit"),
        (
            {"keepEmptyRows": "yes"},
            "Invalid value at 'keep_empty_rows' (TYPE_BOOL), \"yes\"",
            "keep_empty_rows",
        ),
        (
            {"orderBys": [{"dimension": {"orderType": "UP"}}]},
            "Invalid value at 'order_bys[0].dimension.order_type' (Enum), \"UP\"",
            "order_bys[0].dimension.order_type",
        ),
        ({"property": 5}, "Invalid value at 'property' (TYPE_STRING), 5", "property"),
    ],
)
def test_the_gateway_refuses_what_is_no_message(
    robot: Robot, body: dict[str, Any], message: str, field: str | None
) -> None:
    answer = robot.post(f"/v1beta/properties/{SITE}:runReport", body)
    violation = {"description": message} | ({"field": field} if field else {})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == message
    assert answer.json()["error"]["details"] == [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    ]


@pytest.mark.parametrize("text", ["{", "[]", "nonsense", '{"limit": NaN}', "[" * 100_000])
def test_bad_json_is_refused(robot: Robot, text: str) -> None:
    answer = robot.ask("POST", f"/v1beta/properties/{SITE}:runReport", data=text)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_deeply_nested_filter_is_refused_not_fatal(robot: Robot) -> None:
    nested: Any = exact("city", "x")
    for _ in range(400):
        nested = {"notExpression": nested}
    body = json.dumps(report_body(metrics="sessions", dimensionFilter=nested))
    answer = robot.ask("POST", f"/v1beta/properties/{SITE}:runReport", data=body)
    assert answer.status_code == 400


def test_snake_case_names_are_understood(robot: Robot) -> None:
    body = {
        "date_ranges": [{"start_date": "yesterday", "end_date": "yesterday"}],
        "metrics": names("sessions"),
    }
    assert robot.post(f"/v1beta/properties/{SITE}:runReport", body).json()["rowCount"] == 1


def test_old_names_are_answered_under_the_name_asked(robot: Robot) -> None:
    old = robot.report(SITE, dimensions="sessionDefaultChannelGrouping", metrics="conversions")
    new = robot.report(SITE, dimensions="sessionDefaultChannelGroup", metrics="keyEvents")
    assert [one["name"] for one in (*old["dimensionHeaders"], *old["metricHeaders"])] == [
        "sessionDefaultChannelGrouping",
        "conversions",
    ]
    assert old["rows"] == new["rows"]


def test_batches_are_at_most_five(robot: Robot) -> None:
    answer = robot.post(
        f"/v1beta/properties/{SITE}:batchRunReports", {"requests": [report_body(metrics="sessions")] * 6}
    )
    message = "Batch requests are limited to 5 requests.\n  This batch request contains 6 requests."
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_one_bad_report_spoils_its_batch(robot: Robot) -> None:
    batch = {"requests": [report_body(metrics="sessions"), report_body(metrics="nothing")]}
    assert robot.post(f"/v1beta/properties/{SITE}:batchRunReports", batch).status_code == 400


def test_realtime_names_its_own_schema(robot: Robot) -> None:
    answer = robot.post(f"/v1beta/properties/{SITE}:runRealtimeReport", {"metrics": names("sessions")})
    message = f"Field sessions is not a valid metric.  {SEE}realtime-api-schema "
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


@pytest.mark.parametrize(
    "minutes", [{"startMinutesAgo": 30}, {"startMinutesAgo": 3, "endMinutesAgo": 4}, {"startMinutesAgo": -1}]
)
def test_realtime_reaches_back_half_an_hour(robot: Robot, minutes: dict[str, int]) -> None:
    body = {"metrics": names("activeUsers"), "minuteRanges": [minutes]}
    assert robot.post(f"/v1beta/properties/{SITE}:runRealtimeReport", body).status_code == 400


@pytest.mark.parametrize("dimension", sorted(REALTIME_DIMENSIONS))
def test_every_realtime_dimension_is_answered(robot: Robot, dimension: str) -> None:
    robot.control("POST", "clock", {"advance_s": (12 - datetime.now(UTC).hour) % 24 * 3600})  # noon in London
    metrics = "activeUsers screenPageViews eventCount keyEvents"
    sessions = Robot(robot.server)
    body = {"dimensions": names(dimension), "metrics": names(metrics), "metricAggregations": ["TOTAL"]}
    answer = sessions.post(f"/v1beta/properties/{SHOP}:runRealtimeReport", body).json()
    sessions.session.close()
    total = int(answer["totals"][0]["metricValues"][2]["value"])
    assert total == sum(int(row["metricValues"][2]["value"]) for row in answer["rows"])
    assert "metadata" not in answer


def test_two_minute_ranges_share_an_answer(robot: Robot) -> None:
    minutes = [{"startMinutesAgo": 14}, {"startMinutesAgo": 29, "endMinutesAgo": 15, "name": "before"}]
    body = {"metrics": names("eventCount"), "minuteRanges": minutes, "metricAggregations": ["TOTAL"]}
    answer = robot.post(f"/v1beta/properties/{SHOP}:runRealtimeReport", body).json()
    assert answer["dimensionHeaders"] == [{"name": "dateRange"}]
    assert [row["dimensionValues"] for row in answer["totals"]] == [
        [{"value": "date_range_0"}],
        [{"value": "before"}],
    ]


def test_an_empty_batch_has_no_reports(robot: Robot) -> None:
    answer = robot.post(f"/v1beta/properties/{SITE}:batchRunReports", {})
    assert answer.json() == {"kind": "analyticsData#batchRunReports"}


def test_items_go_with_items(robot: Robot) -> None:
    report = robot.report(
        SHOP, dimensions="itemName itemCategory country", metrics="itemsPurchased itemRevenue"
    )
    assert report["metricHeaders"][1] == {"name": "itemRevenue", "type": "TYPE_CURRENCY"}


# Metadata and compatibility


def test_metadata_lists_every_field(robot: Robot) -> None:
    body = robot.get(f"/v1beta/properties/{SITE}/metadata").json()
    by_name = {field["apiName"]: field for field in (*body["dimensions"], *body["metrics"])}
    assert body["name"] == f"properties/{SITE}/metadata"
    assert by_name["sessionDefaultChannelGroup"]["uiName"] == "Session default channel group"
    assert by_name["totalRevenue"]["type"] == "TYPE_CURRENCY"
    assert by_name["keyEvents"]["deprecatedApiNames"] == ["conversions"]


def test_common_metadata_is_open_to_all(robot: Robot) -> None:
    assert robot.get("/v1beta/properties/0/metadata").json()["name"] == "properties/0/metadata"


def test_every_field_of_the_metadata_can_be_asked(robot: Robot) -> None:
    body = robot.get(f"/v1beta/properties/{SHOP}/metadata").json()
    items = {"itemName", "itemCategory"}
    for field in body["dimensions"]:
        metric = "itemRevenue" if field["apiName"] in items else "sessions"
        report = robot.report(SHOP, dimensions=field["apiName"], metrics=metric, days="3daysAgo..yesterday")
        assert report["rowCount"] > 0, field["apiName"]
    for field in body["metrics"]:
        report = robot.report(SHOP, metrics=field["apiName"], days="3daysAgo..yesterday")
        assert float(report["rows"][0]["metricValues"][0]["value"]) > 0, field["apiName"]


def test_compatibility_of_every_field(robot: Robot) -> None:
    body = {"metrics": names("sessions"), "compatibilityFilter": "INCOMPATIBLE"}
    answer = robot.post(f"/v1beta/properties/{SHOP}:checkCompatibility", body).json()
    assert [one["dimensionMetadata"]["apiName"] for one in answer["dimensionCompatibilities"]] == [
        "itemName",
        "itemCategory",
    ]
    assert {one["compatibility"] for one in answer["metricCompatibilities"]} == {"INCOMPATIBLE"}
    assert [one["metricMetadata"]["apiName"] for one in answer["metricCompatibilities"]] == [
        *("itemsViewed", "itemsAddedToCart", "itemsPurchased", "itemRevenue")
    ]


def test_compatibility_of_an_incompatible_request_is_refused(robot: Robot) -> None:
    body = {"metrics": names("sessions"), "dimensions": names("itemName")}
    assert robot.post(f"/v1beta/properties/{SHOP}:checkCompatibility", body).status_code == 400
