"""On real recorded properties, what a client reads equals the records to the unit."""

import csv
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.e2e.conftest import Visitor, widgets
from tests.installation import AGRICULTURE, EDUCATION, RECORDED, SMALL_BUSINESS

pytestmark = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded properties are not beside the project"
)

VIEWS = {"education": EDUCATION, "agriculture": AGRICULTURE, "sba": SMALL_BUSINESS}


def records(property_id: str, table: str) -> list[dict[str, str]]:
    with (Path(RECORDED) / property_id / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def by_day(property_id: str, table: str, dimension: str, days: int) -> dict[str, int]:
    """Sessions of the last recorded `days` by a dimension."""
    newest = sorted({row["date"] for row in records(property_id, "sessions_by_day")})[-days:]
    sums: dict[str, int] = defaultdict(int)
    for row in records(property_id, table):
        if row["date"] in newest:
            sums[row[dimension]] += int(row["sessions"])
    return dict(sums)


def top(sums: dict[str, int], limit: int) -> dict[str, int]:
    """The largest; values that tie at the end could be any of them and are left out."""
    ordered = sorted(sums.values(), reverse=True)
    least = ordered[limit] if len(ordered) > limit else -1
    return {key: value for key, value in sums.items() if value > least}


def view_of(client: str) -> str:
    return f"/clients/{client}/views/site/"


@pytest.mark.parametrize("client", VIEWS)
def test_the_line_equals_the_recorded_days(olivia: Visitor, client):
    rows = olivia.table(view_of(client), "line", "period=28d")
    days = sorted(by_day(VIEWS[client], "sessions_by_day", "date", 28).items())
    yesterday = timezone.now().astimezone(ZoneInfo("America/New_York")).date() - timedelta(days=1)
    expected = [
        ((yesterday - timedelta(days=27 - at)).strftime("%Y%m%d"), sessions)
        for at, (_, sessions) in enumerate(days)
    ]
    assert [(row["date"], int(row["sessions"])) for row in rows] == expected


@pytest.mark.parametrize("client", VIEWS)
def test_the_headline_is_the_total_of_the_days_and_not_the_sum_over_devices(olivia: Visitor, client):
    rows = olivia.table(view_of(client), "Visits", "period=28d")
    days = by_day(VIEWS[client], "sessions_by_day", "date", 28)
    devices = by_day(VIEWS[client], "devices_by_day", "deviceCategory", 28)
    assert [int(row["sessions"]) for row in rows] == [sum(days.values())]
    assert sum(days.values()) != sum(devices.values())


@pytest.mark.parametrize("client", VIEWS)
@pytest.mark.parametrize(
    ("widget", "table", "dimension"),
    [
        ("Devices", "devices_by_day", "deviceCategory"),
        ("Browsers", "browsers_by_day", "browser"),
        ("Systems", "operating_systems_by_day", "operatingSystem"),
    ],
)
@pytest.mark.parametrize(("query", "days"), [("period=28d", 28), ("period=7d&compare=none", 7)])
def test_tables_equal_the_recorded_days(olivia: Visitor, client, widget, table, dimension, query, days):
    rows = olivia.table(view_of(client), widget, query)
    shown = {row[dimension]: int(row["sessions"]) for row in rows}
    expected = top(by_day(VIEWS[client], table, dimension, days), widgets(olivia.site)[widget].limit)
    assert {key: shown.get(key) for key in expected} == expected


@pytest.mark.parametrize("client", VIEWS)
def test_sources_equal_the_recorded_thirty_days(olivia: Visitor, client):
    rows = olivia.table(view_of(client), "Sources", "period=30d")
    sums: dict[str, int] = defaultdict(int)
    for row in records(VIEWS[client], "top_sources"):
        sums[row["sessionSource"]] += int(row["sessions"])
    expected = top(sums, widgets(olivia.site)["Sources"].limit)
    assert {row["sessionSource"]: int(row["sessions"]) for row in rows} == expected


@pytest.mark.parametrize("client", VIEWS)
def test_pages_equal_the_recorded_thirty_days_with_all_their_titles(olivia: Visitor, client):
    rows = olivia.table(view_of(client), "Pages", "period=30d")
    sums: dict[str, int] = defaultdict(int)
    for row in records(VIEWS[client], "top_pages"):
        sums[row["pagePath"]] += int(row["screenPageViews"])
    expected = top(sums, widgets(olivia.site)["Pages"].limit)
    assert {row["pagePath"]: int(row["screenPageViews"]) for row in rows} == expected


def test_one_property_repeats_a_path_under_several_titles():
    """What makes the test above mean something."""
    paths = [row["pagePath"] for each in VIEWS.values() for row in records(each, "top_pages")]
    assert len(paths) > len(set(paths))


def test_a_day_that_was_not_recorded_shows_nothing(olivia: Visitor):
    long_ago = timezone.localdate() - timedelta(days=200)
    rows = olivia.table(view_of("education"), "Devices", f"from={long_ago}&to={long_ago + timedelta(days=5)}")
    assert rows == []
