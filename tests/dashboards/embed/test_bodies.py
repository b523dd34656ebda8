"""Answers in version 3's shape: its keys in its order, all values texts."""

from datetime import UTC, date, datetime

import pytest

from dashboards.embed import bodies, core_reporting
from dashboards.embed.bodies import Profile, number_text
from dashboards.embed.core_reporting import Subject
from dashboards.embed.errors import V3Error

SUBJECT = Subject("310000001", "", (), date(2026, 11, 23))
PROFILE = Profile("123", "Whole site", "310000001", "456")
AT = datetime(2026, 11, 23, tzinfo=UTC)


def body(report, **params):
    asked = {"ids": "ga:123"} | {name.replace("_", "-"): value for name, value in params.items()}
    query = core_reporting.read(core_reporting.clean(asked), SUBJECT)
    return bodies.body(query, report, PROFILE, "https://portal.example/embed/query", AT)


def test_the_whole_answer(report):
    made = report(["country"], ["sessions"], [("", [["Italy", 30], ["Spain", 12]], [50])])
    found = body(
        made, metrics="ga:sessions", dimensions="ga:country", sort="-ga:sessions", max_results="2",
        start_date="30daysAgo", samplingLevel="FASTER",
    )  # fmt: skip
    here = (
        "https://portal.example/embed/query?ids=ga%3A123&start-date=30daysAgo&metrics=ga%3Asessions"
        "&dimensions=ga%3Acountry&sort=-ga%3Asessions&samplingLevel=FASTER&max-results=2"
    )
    assert found == {
        "kind": "analytics#gaData",
        "id": here,
        "query": {
            "start-date": "30daysAgo",
            "end-date": "yesterday",
            "ids": "ga:123",
            "dimensions": "ga:country",
            "metrics": ["ga:sessions"],
            "sort": ["-ga:sessions"],
            "samplingLevel": "FASTER",
            "start-index": 1,
            "max-results": 2,
        },
        "itemsPerPage": 2,
        "totalResults": 2,
        "selfLink": here,
        "profileInfo": {
            "profileId": "123",
            "accountId": "456",
            "webPropertyId": "UA-310000001-1",
            "internalWebPropertyId": "310000001",
            "profileName": "Whole site",
            "tableId": "ga:123",
        },
        "containsSampledData": False,
        "dataLastRefreshed": "1795392000",
        "columnHeaders": [
            {"name": "ga:country", "columnType": "DIMENSION", "dataType": "STRING"},
            {"name": "ga:sessions", "columnType": "METRIC", "dataType": "INTEGER"},
        ],
        "totalsForAllResults": {"ga:sessions": "50"},  # Google's, and not 42
        "rows": [["Italy", "30"], ["Spain", "12"]],
    }
    assert list(found)[:6] == ["kind", "id", "query", "itemsPerPage", "totalResults", "selfLink"]
    assert list(found)[-3:] == ["columnHeaders", "totalsForAllResults", "rows"]


def test_without_rows_there_is_no_key_for_them(report):
    found = body(
        report(["country"], ["sessions"], [("", [], None)]), metrics="ga:sessions", dimensions="ga:country"
    )
    assert ("rows" in found, found["totalResults"], found["totalsForAllResults"]) == (
        False,
        0,
        {"ga:sessions": "0"},
    )


def test_a_table_for_a_chart_library(report):
    made = report(
        ["country"], ["bounceRate", "sessions"], [("", [["Italy", 0.5, 30]], [0.5, 30])],
        types=["TYPE_FLOAT", "TYPE_INTEGER"],
    )  # fmt: skip
    found = body(made, metrics="ga:sessions,ga:bounceRate", dimensions="ga:country", output="dataTable")
    assert "rows" not in found
    assert found["dataTable"] == {
        "cols": [
            {"id": "ga:country", "label": "ga:country", "type": "string"},
            {"id": "ga:sessions", "label": "ga:sessions", "type": "number"},
            {"id": "ga:bounceRate", "label": "ga:bounceRate", "type": "number"},
        ],
        "rows": [{"c": [{"v": "Italy"}, {"v": 30}, {"v": 50.0}]}],
    }


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (3, "INTEGER", "3"),
        (3.0, "INTEGER", "3"),
        (3.5, "INTEGER", "3.5"),
        (0, "TIME", "0.0"),
        (61.5, "TIME", "61.5"),
        (0.285, "PERCENT", "28.5"),
        (1 / 3, "PERCENT", "33.3333333333333"),
        (12, "CURRENCY", "12.0"),
    ],
)
def test_numbers(value, kind, text):
    assert number_text(value, kind) == text


DAYS = [["20261117", 5], ["20261119", 9]]


def rows(report, made, **params):
    return body(made, **{"metrics": "ga:sessions", **params}).get("rows")


def test_days_without_anything_are_filled(report):
    made = report(["date"], ["sessions"], [("", DAYS, [14])])
    assert rows(
        report, made, dimensions="ga:date,ga:nthDay", start_date="2026-11-16", end_date="2026-11-19"
    ) == [
        ["20261116", "0000", "0"],
        ["20261117", "0001", "5"],
        ["20261118", "0002", "0"],
        ["20261119", "0003", "9"],
    ]


def test_a_page_of_days_in_another_order(report):
    made = report(["date"], ["sessions"], [("", DAYS, [14])])
    found = body(
        made, metrics="ga:sessions", dimensions="ga:date", sort="-ga:sessions,-ga:date", start_index=2,
        max_results=2, start_date="2026-11-16", end_date="2026-11-19",
    )  # fmt: skip
    assert (found["rows"], found["totalResults"]) == ([["20261117", "5"], ["20261118", "0"]], 4)
    assert found["previousLink"].endswith("start-index=1&max-results=2")
    assert found["nextLink"].endswith("start-index=4&max-results=2")


def test_months_and_their_numbers_come_from_one_dimension(report):
    made = report(["yearMonth"], ["sessions"], [("", [["202610", 5], ["202611", 9]], [14])])
    assert rows(
        report, made, dimensions="ga:month,ga:nthMonth", start_date="2026-09-01", end_date="today"
    ) == [
        ["09", "0000", "0"],
        ["10", "0001", "5"],
        ["11", "0002", "9"],
    ]


def test_hours_have_two_digits(report):
    made = report(["hour"], ["sessions"], [("", [["9", 5], ["10", 7]], [12])])
    assert rows(report, made, dimensions="ga:hour", sort="-ga:sessions", max_results=3) == [
        ["10", "7"],
        ["09", "5"],
        ["00", "0"],
    ]


def test_visitors_are_called_as_they_were(report):
    made = report(
        ["newVsReturning"], ["sessions"], [("", [["(not set)", 1], ["new", 5], ["returning", 7]], [13])]
    )
    assert rows(report, made, dimensions="ga:userType") == [
        ["(not set)", "1"],
        ["New Visitor", "5"],
        ["Returning Visitor", "7"],
    ]


PATHS = [["/shop/red", 5], ["/shop/blue", 7], ["/", 9], ["/about", 1]]


def test_levels_of_paths_are_added_up(report):
    made = report(["pagePath"], ["screenPageViews"], [("", PATHS, [22])])
    found = body(
        made, metrics="ga:pageviews", dimensions="ga:pagePathLevel1", sort="-ga:pageviews", max_results=2
    )
    assert (found["rows"], found["totalResults"], found["totalsForAllResults"]) == (
        [["/shop/", "12"], ["/", "9"]],
        3,
        {"ga:pageviews": "22"},
    )


def test_more_paths_than_were_read_are_not_added_up(report, monkeypatch):
    monkeypatch.setattr("dashboards.embed.results.MOST_PATHS", 3)
    made = report(["pagePath"], ["screenPageViews"], [("", PATHS, [22])])
    with pytest.raises(V3Error) as caught:
        body(made, metrics="ga:pageviews", dimensions="ga:pagePathLevel1")
    assert (caught.value.code, caught.value.reason) == (400, "badRequest")
