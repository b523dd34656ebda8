"""Who is there now, in version 3's shape."""

import pytest
from django.core.cache import cache

from accounts.tenancy import all_tenants, tenant_scope
from dashboards import realtime
from dashboards.models import View
from tests.dashboards.embed.conftest import Page

REALTIME = "/embed/realtime"
HALF_HOURS = 7 * 48


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def step(page: Page, *, until_somebody: bool) -> None:
    """Moves Google's clock on until its site has visitors, or none: at night a small one has none."""
    for _ in range(HALF_HOURS):
        if ("rows" in page.get(REALTIME, metrics="rt:activeUsers").json()) == until_somebody:
            break
        page.google.control("POST", "clock", {"advance_s": 1800})
        cache.clear()
    cache.clear()


def test_people_by_country(page: Page):
    step(page, until_somebody=True)
    body = page.get(
        REALTIME, metrics="rt:activeUsers", dimensions="rt:country", sort="-rt:activeUsers"
    ).json()
    assert body["kind"] == "analytics#realtimeData"
    assert body["columnHeaders"] == [
        {"name": "rt:country", "columnType": "DIMENSION", "dataType": "STRING"},
        {"name": "rt:activeUsers", "columnType": "METRIC", "dataType": "INTEGER"},
    ]
    assert body["query"]["metrics"] == ["rt:activeUsers"]
    numbers = [int(row[1]) for row in body["rows"]]
    assert numbers == sorted(numbers, reverse=True)
    assert (body["totalResults"], int(body["totalsForAllResults"]["rt:activeUsers"])) == (
        len(numbers),
        sum(numbers),
    )


def test_nobody_is_no_row(page: Page):
    step(page, until_somebody=False)
    body = page.get(REALTIME, metrics="rt:activeUsers", dimensions="rt:country").json()
    assert ("rows" in body, body["totalResults"]) == (False, 0)
    assert body["totalsForAllResults"] == {"rt:activeUsers": "0"}


def test_the_number_is_the_portals_own(page: Page):
    step(page, until_somebody=True)
    body = page.get(REALTIME, metrics="rt:activeUsers").json()
    with tenant_scope({page.view.tenant_id}):
        shown = realtime.now(View.objects.for_page().get(pk=page.view.pk), [])
    assert int(body["rows"][0][0]) == shown.people


def test_google_is_asked_once_for_all_who_look(page: Page):
    first, second = (page.get(REALTIME, metrics="rt:activeUsers").json() for _ in range(2))
    assert first == second
    assert page.calls() == ["runRealtimeReport"]


@pytest.mark.parametrize(
    ("params", "answer"),
    [
        ({}, (400, "invalidParameter", "metrics")),
        ({"metrics": "rt:activeUsers", "dimensions": "rt:latitude"}, (400, "invalidParameter", "dimensions")),
        ({"metrics": "rt:uniqueEvents"}, (400, "invalidParameter", "metrics")),
        ({"metrics": "rt:nothing"}, (400, "badRequest", "")),
        ({"metrics": "rt:activeUsers", "filters": "rt:activeUsers>3"}, (400, "invalidParameter", "filters")),
        ({"metrics": "rt:activeUsers", "max_results": "-1"}, (400, "invalidParameter", "max-results")),
        ({"metrics": "rt:activeUsers", "ids": "ga:1"}, (403, "insufficientPermissions", "")),
    ],
)
def test_what_is_refused(params, answer, page: Page):
    assert page.refusal(path=REALTIME, **params)[:3] == answer


def test_a_filter_narrows_the_number(page: Page):
    step(page, until_somebody=True)
    everybody = page.get(REALTIME, metrics="rt:activeUsers", dimensions="rt:country").json()["rows"]
    one = page.get(REALTIME, metrics="rt:activeUsers", filters=f"rt:country=={everybody[0][0]}").json()
    assert one["rows"] == [[everybody[0][1]]]


def test_the_whole_property_never_stands_in_for_a_part_of_it(page: Page):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=page.view.pk).update(filter="hostName==www.example.com")
    status, reason, _location, message = page.refusal(path=REALTIME, metrics="rt:activeUsers")
    assert (status, reason) == (400, "badRequest")
    assert message == "Who is here now cannot be shown: Google does not know it by hostName."
    assert page.calls() == []


def test_when_google_fails_there_is_no_number(page: Page):
    page.google.fail(":runRealtimeReport", status=503, reason="UNAVAILABLE", count=100)
    assert page.refusal(path=REALTIME, metrics="rt:activeUsers")[:2] == (503, "backendError")
