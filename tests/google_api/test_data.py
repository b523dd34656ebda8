"""The Data API: requests and answers are those of Google's discovery document, and figures are Google's."""

from datetime import date

import pytest

from google_api import data, errors
from google_api.data import (
    Compatibility,
    DateRange,
    Field,
    Metadata,
    OrderBy,
    RealtimeRequest,
    ReportRequest,
)
from google_api.reports import Row
from tests.discovery import check_request, check_response, match

API = "analyticsdata.v1beta"
RUN = "analyticsdata.properties.runReport"
OCTOBER = DateRange(date(2026, 10, 1), date(2026, 10, 31), "current")
SEPTEMBER = DateRange(date(2026, 9, 1), date(2026, 9, 30), "comparison")
FRANCE = {"filter": {"fieldName": "country", "stringFilter": {"matchType": "EXACT", "value": "France"}}}
TWO_RANGES = ReportRequest((OCTOBER, SEPTEMBER), ("country",), ("sessions", "averageSessionDuration"))
ONE_RANGE = ReportRequest((OCTOBER,), ("country",), ("sessions",))


@pytest.fixture(autouse=True)
def _as_google_documents_it(google):
    """Every request of these tests, against the discovery document."""
    yield
    for asked in google.requests:
        method_id, params = match(API, asked.method, asked.path)
        check_request(API, method_id, asked.json if asked.body else None, {**params, **asked.params})


# Questions


def test_the_least_that_is_asked():
    assert ONE_RANGE.to_wire() == {
        "dateRanges": [{"startDate": "2026-10-01", "endDate": "2026-10-31", "name": "current"}],
        "dimensions": [{"name": "country"}],
        "metrics": [{"name": "sessions"}],
        "limit": "10000",
        "metricAggregations": ["TOTAL"],
        "returnPropertyQuota": True,
    }


def test_the_most_that_is_asked():
    request = ReportRequest(
        (DateRange(date(2026, 10, 1), date(2026, 10, 1)), SEPTEMBER),
        ("country", "hour"),
        ("sessions",),
        FRANCE,
        (
            OrderBy("sessions"),
            OrderBy("country", desc=False, dimension=True),
            OrderBy("hour", dimension=True, numeric=True),
        ),
        limit=5,
        offset=10,
        aggregate=False,
        keep_empty_rows=True,
    )
    wire = request.to_wire()
    check_request(API, RUN, wire, {"property": "properties/1"})
    assert wire == {
        "dateRanges": [
            {"startDate": "2026-10-01", "endDate": "2026-10-01"},
            {"startDate": "2026-09-01", "endDate": "2026-09-30", "name": "comparison"},
        ],
        "dimensions": [{"name": "country"}, {"name": "hour"}],
        "metrics": [{"name": "sessions"}],
        "dimensionFilter": FRANCE,
        "orderBys": [
            {"metric": {"metricName": "sessions"}, "desc": True},
            {"dimension": {"dimensionName": "country", "orderType": "ALPHANUMERIC"}},
            {"dimension": {"dimensionName": "hour", "orderType": "NUMERIC"}, "desc": True},
        ],
        "limit": "5",
        "offset": "10",
        "keepEmptyRows": True,
        "returnPropertyQuota": True,
    }


def test_equal_questions_are_equal_keys():
    one, other = (ReportRequest((OCTOBER,), ("country",), ("sessions",), dict(FRANCE)) for _ in range(2))
    assert {one: 1}[other] == 1


# Reports


def test_a_report(google, api, saved):
    check_response(API, RUN, saved("two_ranges"))
    google.answers(saved("two_ranges"))
    report = data.run_report(api, "12", TWO_RANGES)
    asked = google.requests[0]
    assert (asked.method, asked.path) == ("POST", "/v1beta/properties/12:runReport")
    assert asked.json == TWO_RANGES.to_wire()
    assert report.rows_of("current") == (Row(("France",), (120, 61.375)), Row(("(not set)",), (3, 0.0)))
    assert report.rows_of("comparison") == (Row(("France",), (100, 59.5)),)


def test_a_batch_keeps_the_order(google, api, saved):
    answer = {"reports": [saved("two_ranges"), saved("empty")], "kind": "analyticsData#batchRunReports"}
    check_response(API, "analyticsdata.properties.batchRunReports", answer)
    google.answers(answer)
    first, second = data.batch_run_reports(api, "12", [TWO_RANGES, ONE_RANGE])
    assert google.requests[0].path == "/v1beta/properties/12:batchRunReports"
    assert google.requests[0].json == {"requests": [TWO_RANGES.to_wire(), ONE_RANGE.to_wire()]}
    assert (first.row_count, second.row_count) == (3, 0)


def test_a_batch_with_a_missing_report_is_a_bad_answer(google, api, saved):
    google.answers({"reports": [saved("empty")]})
    with pytest.raises(errors.BadAnswer, match="1 reports for 2 requests"):
        data.batch_run_reports(api, "12", [ONE_RANGE, ONE_RANGE])


@pytest.mark.parametrize("size", [0, 6])
def test_a_batch_has_one_to_five_reports(google, api, size):
    with pytest.raises(ValueError, match=f"a batch has 1 to 5 reports, not {size}"):
        data.batch_run_reports(api, "12", [ONE_RANGE] * size)
    assert google.requests == []


def test_realtime(google, api, saved):
    check_response(API, "analyticsdata.properties.runRealtimeReport", saved("realtime"))
    google.answers(saved("realtime"))
    request = RealtimeRequest(
        ("country",), ("activeUsers",), FRANCE, limit=5, order_bys=(OrderBy("activeUsers"),)
    )
    report = data.run_realtime_report(api, "12", request)
    asked = google.requests[0]
    assert asked.path == "/v1beta/properties/12:runRealtimeReport"
    assert asked.json == {
        "dimensions": [{"name": "country"}],
        "metrics": [{"name": "activeUsers"}],
        "dimensionFilter": FRANCE,
        "orderBys": [{"metric": {"metricName": "activeUsers"}, "desc": True}],
        "limit": "5",
        "metricAggregations": ["TOTAL"],
        "returnPropertyQuota": True,
    }
    assert (report.rows, report.totals_of("now")) == ((Row(("France",), (4,)),), (4,))


def test_a_property_that_is_no_number_is_never_asked(google, api):
    for call in (data.run_report, data.run_realtime_report):
        with pytest.raises(errors.InvalidPropertyId):
            call(api, "12/../13", ONE_RANGE)
    assert google.requests == []


@pytest.mark.parametrize("answer", [{"reports": {}}, {"reports": ["text"]}, {"reports": 5}])
def test_a_batch_of_the_wrong_shape_is_a_bad_answer(google, api, answer):
    google.answers(answer)
    with pytest.raises(errors.BadAnswer, match="unexpected reports"):
        data.batch_run_reports(api, "12", [ONE_RANGE])


def test_a_refused_field_is_named(google, api):
    message = "Field country is not a valid dimension. For a list …"
    google.answers({"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}, status=400)
    with pytest.raises(errors.UnknownField) as caught:
        data.run_report(api, "12", ONE_RANGE)
    assert (caught.value.fields, len(google.requests)) == (("country",), 1)


# What can be asked


def test_metadata(google, api, saved):
    check_response(API, "analyticsdata.properties.getMetadata", saved("metadata"))
    google.answers(saved("metadata"))
    assert data.get_metadata(api, "12") == Metadata(
        dimensions=(
            Field("country", "Country", "The country.", "Geography", False),
            Field("customEvent:plan", "Plan", "", "Custom", True),
        ),
        metrics=(
            Field(
                "totalRevenue",
                "Total revenue",
                "The sum.",
                "Revenue",
                False,
                "TYPE_CURRENCY",
                ("NO_REVENUE_METRICS",),
            ),
        ),
    )
    assert google.requests[0].path == "/v1beta/properties/12/metadata"


@pytest.mark.parametrize(
    "metric", [{"apiName": 5}, {"blockedReasons": "x"}, {"blockedReasons": [5]}, {"customDefinition": 1}]
)
def test_metadata_of_the_wrong_shape_is_a_bad_answer(google, api, metric):
    google.answers({"metrics": [metric]})
    with pytest.raises(errors.BadAnswer, match=f"unexpected {next(iter(metric))}"):
        data.get_metadata(api, "12")


def test_compatibility(google, api, saved):
    check_response(API, "analyticsdata.properties.checkCompatibility", saved("compatibility"))
    google.answers(saved("compatibility"))
    found = data.check_compatibility(api, "12", ["country"], ["sessions"], FRANCE)
    assert found == Compatibility({"country": True, "itemName": False}, {"sessions": True})
    assert [found.allows(name) for name in ("country", "sessions", "itemName", "nothing")] == [
        True,
        True,
        False,
        False,
    ]
    assert google.requests[0].json == {
        "dimensions": [{"name": "country"}],
        "metrics": [{"name": "sessions"}],
        "dimensionFilter": FRANCE,
    }


def test_compatibility_without_a_filter_sends_none(google, api, saved):
    google.answers(saved("compatibility"))
    data.check_compatibility(api, "12", [], ["sessions"])
    assert google.requests[0].json == {"dimensions": [], "metrics": [{"name": "sessions"}]}
