"""A query in version 3's parameters becomes one report of GA4's, or version 3's 400."""

from datetime import date

import pytest

from dashboards.embed import core_reporting
from dashboards.embed.core_reporting import Order, Subject
from dashboards.embed.errors import V3Error
from dashboards.periods import DateSpan
from google_api.data import DateRange, OrderBy, ReportRequest

SUBJECT = Subject("310000001", "", (), date(2026, 11, 23))


def read(subject: Subject = SUBJECT, **params):
    asked = {"metrics": "ga:sessions"} | {name.replace("_", "-"): value for name, value in params.items()}
    return core_reporting.read(core_reporting.clean(asked), subject)


def refusal(**params) -> tuple[int, str, str]:
    with pytest.raises(V3Error) as caught:
        read(**params)
    return caught.value.code, caught.value.reason, caught.value.location


WEEK = (DateRange(date(2026, 11, 16), date(2026, 11, 22)),)


def test_a_query_that_says_nothing_is_about_the_last_seven_days():
    assert read().request == ReportRequest(
        date_ranges=WEEK, dimensions=(), metrics=("sessions",), limit=1_000, keep_empty_rows=True
    )


def test_a_query_with_everything():
    found = read(
        dimensions="ga:country, ga:city",
        metrics=["ga:sessions", "ga:users"],
        sort="-ga:users,ga:city",
        filters="ga:medium==organic;ga:sessions>1",
        segment="gaid::-14",
        start_index="11",
        max_results=10,
        include_empty_rows=False,
    )
    assert found.request == ReportRequest(
        date_ranges=WEEK,
        dimensions=("country", "city"),
        metrics=("sessions", "totalUsers"),
        dimension_filter={
            "andGroup": {
                "expressions": [
                    {
                        "filter": {
                            "fieldName": "deviceCategory",
                            "stringFilter": {"matchType": "EXACT", "value": "mobile"},
                        }
                    },
                    {
                        "filter": {
                            "fieldName": "sessionMedium",
                            "stringFilter": {"matchType": "EXACT", "value": "organic"},
                        }
                    },
                ]
            }
        },
        metric_filter={
            "filter": {
                "fieldName": "sessions",
                "numericFilter": {"operation": "GREATER_THAN", "value": {"int64Value": "1"}},
            }
        },
        order_bys=(
            OrderBy("totalUsers", desc=True),
            OrderBy("city", desc=False, dimension=True),
            OrderBy("country", desc=False, dimension=True),
        ),
        limit=10,
        offset=10,
    )
    assert found.orders == (Order(3, True), Order(1, False))


def test_rows_stand_by_their_dimensions_where_no_order_is_asked():
    assert read(dimensions="ga:userType,ga:nthMinute").request.order_bys == (
        OrderBy("newVsReturning", desc=False, dimension=True),
        OrderBy("nthMinute", desc=False, dimension=True, numeric=True),
    )


def test_charts_of_the_same_days_share_a_report_whatever_their_order_and_page():
    first = read(dimensions="ga:date")
    second = read(dimensions="ga:date,ga:nthDay", sort="-ga:sessions", max_results="3", start_index="2")
    assert (first.request, first.fingerprint) == (second.request, second.fingerprint)
    assert first.request.dimensions == ("date",)


def test_a_field_that_is_asked_by_two_names_is_asked_once():
    assert read(metrics="ga:hits,ga:totalEvents").request.metrics == ("eventCount",)


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("today", "today", (date(2026, 11, 23), date(2026, 11, 23))),
        ("30daysAgo", "yesterday", (date(2026, 10, 24), date(2026, 11, 22))),
        ("2026-10-01", "2026-10-31", (date(2026, 10, 1), date(2026, 10, 31))),
        ("2005-01-01", "yesterday", (date(2015, 8, 14), date(2026, 11, 22))),  # GA4's first day
        ("999999999daysAgo", "today", (date(2015, 8, 14), date(2026, 11, 23))),
        ("", None, (date(2026, 11, 16), date(2026, 11, 22))),
    ],
)
def test_dates(start, end, span):
    assert read(start_date=start, end_date=end).span == DateSpan(*span)


@pytest.mark.parametrize(
    ("params", "answer"),
    [
        ({"metrics": ""}, (400, "invalidParameter", "metrics")),
        ({"metrics": "ga:foo bar"}, (400, "invalidParameter", "metrics")),
        ({"metrics": ",".join(["ga:sessions"] * 11)}, (400, "invalidParameter", "metrics")),
        ({"metrics": {"a": 1}}, (400, "invalidParameter", "metrics")),
        ({"metrics": [1]}, (400, "invalidParameter", "metrics")),
        ({"metrics": "ga:sessions\0"}, (400, "invalidParameter", "metrics")),
        ({"dimensions": "ga:latitude"}, (400, "invalidParameter", "dimensions")),
        ({"max_results": "-1"}, (400, "invalidParameter", "max-results")),
        ({"max_results": "0"}, (400, "invalidParameter", "max-results")),
        ({"max_results": "1000000000"}, (400, "invalidParameter", "max-results")),
        ({"max_results": "ten"}, (400, "invalidParameter", "max-results")),
        ({"max_results": 1.5}, (400, "invalidParameter", "max-results")),
        ({"start_index": "0"}, (400, "invalidParameter", "start-index")),
        ({"start_date": "yesterday", "end_date": "7daysAgo"}, (400, "invalidParameter", "start-date")),
        ({"start_date": "2026-02-30"}, (400, "invalidParameter", "start-date")),
        ({"start_date": "last week"}, (400, "invalidParameter", "start-date")),
        ({"start_date": "2010-01-01", "end_date": "2011-01-01"}, (400, "invalidParameter", "end-date")),
        ({"end_date": "2999-01-01"}, (400, "invalidParameter", "end-date")),
        ({"sort": "-ga:users"}, (400, "invalidParameter", "sort")),
        ({"segment": "gaid::-99"}, (400, "invalidParameter", "segment")),
        ({"samplingLevel": "ALL"}, (400, "invalidParameter", "samplingLevel")),
        ({"output": "csv"}, (400, "invalidParameter", "output")),
        ({"include_empty_rows": "maybe"}, (400, "invalidParameter", "include-empty-rows")),
        ({"filters": "ga:country"}, (400, "invalidParameter", "filters")),
        ({"dimensions": "ga:pagePathLevel1"}, (400, "badRequest", "")),
        (
            {"metrics": "ga:pageviews", "dimensions": "ga:pagePathLevel1", "filters": "ga:pageviews>3"},
            (400, "badRequest", ""),
        ),
    ],
)
def test_what_is_refused(params, answer):
    assert refusal(**params) == answer


def test_what_version_3_did_not_know_is_passed_over():
    assert read(_src="x", userIp="1.2.3.4").request == read().request


def test_empty_times_are_filled_where_no_filter_took_them_away():
    assert [
        read(dimensions="ga:date", **params).fills
        for params in (
            {},
            {"filters": "ga:country==Italy"},
            {"filters": "ga:dayOfWeek==1"},
            {"filters": "ga:sessions>1"},
            {"include_empty_rows": "false"},
        )
    ] == [True, True, False, False, False]
