"""What is asked with its comparison in one report says the same as each period asked alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboards.asking import ask, said_of_any
from dashboards.planner import rows_enough
from google_api import errors, service_accounts
from google_api.data import DateRange, OrderBy, Report, ReportMetadata, ReportRequest
from google_api.http import Api
from tests.google import Google

PROPERTY = "310000001"
REPORTS = f"/v1beta/properties/{PROPERTY}:"
SHORT = DateRange(date(2026, 10, 5), date(2026, 10, 5), "current")
LONG = DateRange(date(2026, 1, 1), date(2026, 9, 30), "comparison")
TWICE = DateRange(date(2026, 8, 1), date(2026, 8, 31), "comparison")
MONTH = DateRange(date(2026, 9, 1), date(2026, 9, 30), "current")


def paths(*ranges: DateRange, limit: int, dimension: str = "pagePath") -> ReportRequest:
    return ReportRequest(
        ranges, (dimension,), ("screenPageViews",), order_bys=(OrderBy("screenPageViews"),), limit=limit
    )


@pytest.fixture
def api(google: Google) -> Api:
    key = google.key(PROPERTY)
    token = service_accounts.fetch_access_token(
        key, scopes=[service_accounts.ANALYTICS_READONLY], token_uri=f"{google.url}/token"
    )
    google.control("DELETE", "requests")
    return Api(google.url, token.value)


def answered(api: Api, *requests: ReportRequest) -> list[Report]:
    outcomes = ask(api, PROPERTY, requests)
    assert [each for each in outcomes if not isinstance(each, Report)] == []
    return [each for each in outcomes if isinstance(each, Report)]


def calls(google: Google) -> list[list[Any]]:
    """The reports of each call: their ranges' names."""
    bodies = [each["body"] for each in google.requests(REPORTS)]
    return [[_names(report) for report in body.get("requests", [body])] for body in bodies]


def _names(report: Any) -> list[str]:
    return [each["name"] for each in report["dateRanges"]]


BOTH = ["current", "comparison"]


def test_an_answer_that_was_not_cut_holds_all_rows_of_both(api, google):
    request = paths(MONTH, LONG, limit=5_000, dimension="deviceCategory")
    both, now, before = answered(
        api, request, replace(request, date_ranges=(MONTH,)), replace(request, date_ranges=(LONG,))
    )
    assert (both.rows_of("current"), both.rows_of("comparison")) == (now.rows, before.rows)
    assert (both.totals_of("current"), both.totals_of("comparison")) == (
        now.totals_of(""),
        before.totals_of(""),
    )
    assert len(calls(google)) == 1


def test_a_cut_answer_with_enough_rows_of_each_is_kept(api, google):
    request = paths(MONTH, TWICE, limit=10)
    both = answered(api, request)[0]
    assert both.row_count > 10 == len(both.rows)
    assert calls(google) == [[BOTH]]
    for span in (MONTH, TWICE):
        alone = answered(api, replace(request, date_ranges=(span,)))[0]
        mine = both.rows_of(span.name)
        assert len(mine) >= rows_enough(request)
        assert mine == alone.rows[: len(mine)]


@pytest.mark.parametrize(
    "spans", [(SHORT, LONG), (replace(LONG, name="current"), replace(SHORT, name="comparison"))]
)
def test_where_one_period_takes_all_the_room_each_is_asked_by_itself(api, google, spans):
    request = paths(*spans, limit=10)
    both = answered(api, request)[0]
    assert calls(google) == [[BOTH], [["current"]], [["comparison"]]]
    alone = [answered(api, replace(request, date_ranges=(span,)))[0] for span in spans]
    assert [both.rows_of(span.name) for span in spans] == [each.rows for each in alone]
    assert [both.totals_of(span.name) for span in spans] == [each.totals_of("") for each in alone]
    assert both.row_count == sum(each.row_count for each in alone)
    assert both == Report.from_dict(both.to_dict())


def test_no_more_reports_are_under_way_than_were_asked_for(api, google):
    short = paths(SHORT, LONG, limit=10)
    fine = paths(MONTH, limit=10)
    reports = answered(api, short, fine, replace(short, dimensions=("pageTitle",)))
    assert calls(google) == [
        [BOTH, ["current"], BOTH],
        [["current"], ["comparison"], ["current"]],
        [["comparison"]],
    ]
    alone = [answered(api, each)[0] for each in (short, fine, replace(short, dimensions=("pageTitle",)))]
    assert [each.parts for each in reports] == [each.parts for each in alone]


def test_a_report_that_google_refuses_spoils_no_other(api):
    bad = paths(MONTH, limit=10, dimension="noSuchField")
    good, refused = ask(api, PROPERTY, [paths(MONTH, limit=10), bad])
    assert isinstance(good, Report)
    assert isinstance(refused, errors.UnknownField)


def test_a_failure_of_the_second_look_is_one_of_the_batch(api, google):
    google.fail(":batchRunReports$", status=403)  # the first is a lone report
    with pytest.raises(errors.PropertyForbidden):
        ask(api, PROPERTY, [paths(SHORT, LONG, limit=10)])


def test_what_is_said_of_one_period_is_said_of_both():
    one = ReportMetadata(currency_code="EUR", sampled=0.5, subject_to_thresholding=True, truncated=("A", "B"))
    other = ReportMetadata(
        currency_code="EUR", sampled=0.2, data_loss_from_other_row=True, truncated=("B", "C")
    )
    assert said_of_any([one, other, ReportMetadata()]) == ReportMetadata(
        currency_code="EUR",
        sampled=0.2,
        subject_to_thresholding=True,
        data_loss_from_other_row=True,
        truncated=("A", "B", "C"),
    )
