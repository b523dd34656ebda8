"""The twenty queries that public pages ask most, each answered as GA4 itself answers the same question."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.tenancy import tenant_scope
from dashboards.models import View
from google_api import data
from google_api.data import DateRange, OrderBy, ReportRequest
from google_api.http import Api
from provisioning import credentials
from tests.dashboards.embed.conftest import Page

LABELS = {"new": "New Visitor", "returning": "Returning Visitor"}


def is_organic() -> dict[str, Any]:
    exact = {"matchType": "EXACT", "value": "organic"}
    return {"filter": {"fieldName": "sessionMedium", "stringFilter": exact}}


def is_not(name: str, value: str) -> dict[str, Any]:
    exact = {"matchType": "EXACT", "value": value}
    return {"notExpression": {"filter": {"fieldName": name, "stringFilter": exact}}}


@dataclass(frozen=True)
class Common:
    """What a page asks, and the same in GA4's words. `by` names a metric to order by, else the dimensions."""

    asked: dict[str, str]
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    by: str = ""
    limit: int = 1_000
    filter: dict[str, Any] | None = field(default=None, hash=False)
    percent: tuple[str, ...] = ()


def common(metrics: str, dimensions: str, new_metrics: str, new_dimensions: str, **more: Any) -> Common:
    asked = {"metrics": _prefixed(metrics), "dimensions": _prefixed(dimensions)} | more.pop("also", {})
    return Common(asked, tuple(new_dimensions.split(",")), tuple(new_metrics.split(",")), **more)


def _prefixed(names: str) -> str:
    return ",".join(f"ga:{name}" for name in names.split(","))


def top(metric: str, most: int = 1_000, filters: str = "") -> dict[str, str]:
    found = {"sort": f"-ga:{metric}"} | ({"max-results": str(most)} if most != 1_000 else {})
    return found | ({"filters": filters} if filters else {})


MONTHS = {"start-date": "2026-01-01", "end-date": "yesterday"}
QUERIES = {
    "1 sessions by day": common("sessions", "date", "sessions", "date"),
    "2 sessions by country": common(
        "sessions", "country", "sessions", "country", also=top("sessions", 6), by="sessions", limit=6
    ),
    "3 sessions by day and its number": common("sessions", "date,nthDay", "sessions", "date,nthDay"),
    "4 users by month and its number": common(
        "users", "month,nthMonth", "totalUsers", "month,nthMonth", also=MONTHS
    ),
    "5 page views by day of one medium": common(
        "pageviews", "date", "screenPageViews", "date", filter=is_organic(),
        also={"filters": "ga:medium==organic"},
    ),
    "6 events by label": common(
        "totalEvents", "eventLabel", "eventCount", "eventName", by="eventCount",
        also=top("totalEvents", filters="ga:eventLabel!=page_view"), filter=is_not("eventName", "page_view"),
    ),
    "7 page views by browser": common(
        "pageviews", "browser", "screenPageViews", "browser", by="screenPageViews", limit=5,
        also=top("pageviews", 5),
    ),
    "8 sessions by source": common(
        "sessions", "source", "sessions", "sessionSource", also=top("sessions"), by="sessions"
    ),
    "9 sessions by browser": common(
        "sessions", "browser", "sessions", "browser", also=top("sessions", 6), by="sessions", limit=6
    ),
    "10 page views and bounces by page": common(
        "pageviews,bounceRate", "pagePath", "screenPageViews,bounceRate", "pagePathPlusQueryString",
        also=top("pageviews"), by="screenPageViews", percent=("bounceRate",),
    ),
    "11 sessions, users and page views by day": common(
        "sessions,users,pageviews", "date", "sessions,totalUsers,screenPageViews", "date"
    ),
    "12 sessions by city": common(
        "sessions", "city", "sessions", "city", also=top("sessions"), by="sessions"
    ),
    "13 users who came back": common("users", "userType", "totalUsers", "newVsReturning"),
    "14 sessions by device": common(
        "sessions", "deviceCategory", "sessions", "deviceCategory", also=top("sessions"), by="sessions"
    ),
    "17 users by age": common("users", "userAgeBracket", "totalUsers", "userAgeBracket"),
    "18 pages per session by day": common(
        "pageviewsPerSession", "date", "screenPageViewsPerSession", "date"
    ),
    "18 time by day": common("avgSessionDuration", "date", "averageSessionDuration", "date"),
    "18 bounces by day": common("bounceRate", "date", "bounceRate", "date", percent=("bounceRate",)),
    "18 users of a week by day": common("7dayUsers", "date", "active7DayUsers", "date"),
    "19 sessions and users by day": common("sessions,users", "date", "sessions,totalUsers", "date"),
    "20 sessions by country and region": common(
        "sessions", "country,region", "sessions", "country,region", also=top("sessions"), by="sessions"
    ),
    "20 users by country's code": common("users", "countryIsoCode", "totalUsers", "countryId"),
}  # fmt: skip


def ask_google(page: Page, question: Common) -> data.Report:
    """The same of the stand-in itself, in GA4's words."""
    with tenant_scope({page.view.tenant_id}):
        view = View.objects.for_page().get(pk=page.view.pk)
        api = Api(page.google.url, credentials.access_token(view.credential))
        today = view.today
    yesterday = today - timedelta(days=1)
    first = date(2026, 1, 1) if "start-date" in question.asked else today - timedelta(days=7)
    order = [OrderBy(question.by)] if question.by else []
    order += [OrderBy(name, desc=False, dimension=True) for name in question.dimensions]
    request = ReportRequest(
        date_ranges=(DateRange(first, yesterday),),
        dimensions=question.dimensions,
        metrics=question.metrics,
        dimension_filter=question.filter,
        order_bys=tuple(order),
        limit=question.limit,
        keep_empty_rows=True,
    )
    return data.run_report(api, view.property_id, request)


def scaled(question: Common, numbers) -> list[float]:
    pairs = zip(question.metrics, numbers, strict=True)
    return [round(value * 100 if name in question.percent else value, 6) for name, value in pairs]


@pytest.mark.parametrize("name", QUERIES)
def test_the_answer_is_ga4s(name, page: Page):
    question = QUERIES[name]
    body = page.body(**{key.replace("-", "_"): value for key, value in question.asked.items()})
    report = ask_google(page, question)
    width = len(question.dimensions)
    expected = [
        [*(LABELS.get(each, each) for each in row.dimensions), *scaled(question, row.metrics)]
        for row in report.rows
    ]
    assert expected != []
    assert [
        [*row[:width], *(round(float(each), 6) for each in row[width:])] for row in body["rows"]
    ] == expected
    totals = [round(float(each), 6) for each in body["totalsForAllResults"].values()]
    assert (totals, body["totalResults"]) == (scaled(question, report.totals_of("")), report.row_count)


@pytest.mark.parametrize(
    ("metrics", "dimensions", "message"),
    [
        ("ga:pageviews,ga:uniquePageviews", "ga:pagePath", "no ga:uniquePageviews. Nearest: ga:pageviews."),
        ("ga:avgTimeOnPage", "ga:pagePath", "no ga:avgTimeOnPage. Nearest: ga:timeOnPage."),
        (
            "ga:entrances,ga:exits",
            "ga:pagePath",
            "no ga:entrances. Nearest: ga:sessions by ga:landingPagePath.",
        ),
        ("ga:socialInteractions", "ga:pagePath", "no ga:socialInteractions. Nearest: ga:totalEvents."),
        (
            "ga:searchUniques",
            "ga:searchKeyword",
            "no ga:searchUniques. Nearest: ga:totalEvents by ga:searchKeyword.",
        ),
        ("ga:sessions", "ga:regionIsoCode,ga:region", "no ga:regionIsoCode. Nearest: ga:region."),
    ],
)
def test_what_ga4_does_not_count_is_not_made_up(metrics, dimensions, message, page: Page):
    """10, 15, 16 and 20 of the list as far as they ask for it."""
    status, reason, _location, said = page.refusal(metrics=metrics, dimensions=dimensions)
    assert (status, reason, said) == (400, "invalidParameter", f"Google Analytics 4 has {message}")
    assert page.calls() == []
