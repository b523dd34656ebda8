"""A property that was made here has no data until its tag sends some."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.server import SandboxServer
from tests.sandbox.conftest import rows
from tests.sandbox.writing import Owner


@pytest.fixture
def nina(sandbox: SandboxServer) -> Iterator[Owner]:
    owner = Owner(sandbox)
    yield owner
    owner.session.close()


@pytest.fixture
def tagged(nina: Owner) -> str:
    return nina.tagged()


def now(nina: Owner, number: str) -> list[tuple[str, ...]]:
    body = {"metrics": [{"name": "activeUsers"}]}
    return rows(nina.post(f"/v1beta/properties/{number}:runRealtimeReport", body).json())


def by_minute(nina: Owner, number: str) -> list[tuple[str, ...]]:
    body = {"metrics": [{"name": "activeUsers"}], "dimensions": [{"name": "minutesAgo"}]}
    return sorted(rows(nina.post(f"/v1beta/properties/{number}:runRealtimeReport", body).json()))


def test_nothing_before_the_first_hit(nina: Owner, tagged: str) -> None:
    report = nina.report(tagged, metrics="sessions", dimensions="date", days="365daysAgo..today")
    assert ("rows" in report, "rowCount" in report, now(nina, tagged)) == (False, False, [])


@pytest.mark.parametrize("count", [1, 2, 40])
def test_realtime_and_reports_see_hits_at_once(nina: Owner, tagged: str, count: int) -> None:
    nina.control("POST", "hits", {"property": tagged, "count": count})
    report = nina.report(tagged, metrics="sessions newUsers", days="yesterday..today")
    assert (now(nina, tagged), rows(report)) == ([(str(count),)], [(str(count), str(count))])


def test_further_hits_are_added(nina: Owner, tagged: str) -> None:
    for count in (3, 4):
        nina.control("POST", "hits", {"property": tagged, "count": count})
    assert rows(nina.report(tagged, metrics="sessions", days="yesterday..today")) == [("7",)]


def test_hits_leave_realtime_and_stay_in_reports(nina: Owner, tagged: str) -> None:
    nina.control("POST", "hits", {"property": tagged, "count": 5})
    nina.control("POST", "clock", {"advance_s": 31 * 60})
    assert now(nina, tagged) == []
    nina.control("POST", "clock", {"advance_s": 86400})
    assert rows(nina.report(tagged, metrics="sessions", days="28daysAgo..today")) == [("5",)]


def test_minutes_ago_are_exact(nina: Owner, tagged: str) -> None:
    nina.control("POST", "hits", {"property": tagged, "count": 3})
    nina.control("POST", "clock", {"advance_s": 90})
    nina.control("POST", "hits", {"property": tagged, "count": 2})
    assert by_minute(nina, tagged) == [("00", "2"), ("01", "3")]


def test_hours_add_up_to_the_day(nina: Owner, tagged: str) -> None:
    for count in (3, 4, 5):
        nina.control("POST", "hits", {"property": tagged, "count": count})
        nina.control("POST", "clock", {"advance_s": 3600})
    hours = rows(nina.report(tagged, metrics="sessions", dimensions="dateHour", days="3daysAgo..today"))
    assert sorted(int(count) for _, count in hours) == [3, 4, 5]


def test_rows_add_up_and_people_come_back(nina: Owner, tagged: str) -> None:
    for _ in range(3):
        nina.control("POST", "hits", {"property": tagged, "count": 200})
        nina.control("POST", "clock", {"advance_s": 86400})
    days = rows(nina.report(tagged, metrics="sessions", dimensions="date", days="5daysAgo..today"))
    places = rows(nina.report(tagged, metrics="sessions", dimensions="country", days="5daysAgo..today"))
    users, new = map(int, rows(nina.report(tagged, metrics="totalUsers newUsers", days="5daysAgo..today"))[0])
    assert [count for _, count in days] == ["200", "200", "200"]
    assert sum(int(count) for _, count in places) == 600
    assert (users == new, users < 600) == (True, True)


def test_host_is_the_streams(nina: Owner, tagged: str) -> None:
    nina.control("POST", "hits", {"property": tagged, "count": 300})
    hosts = rows(nina.report(tagged, metrics="sessions", dimensions="hostName", days="yesterday..today"))
    assert {host for host, _ in hosts} == {"bluebell.example", "www.bluebell.example"}


def test_hits_by_measurement_id(nina: Owner, tagged: str) -> None:
    (stream,) = nina.get(f"/v1beta/properties/{tagged}/dataStreams").json()["dataStreams"]
    body = {"measurement_id": stream["webStreamData"]["measurementId"], "count": 2}
    assert nina.control("POST", "hits", body) == {"property": tagged}
    assert now(nina, tagged) == [("2",)]


@pytest.mark.parametrize(
    "body", [{"property": "310000001"}, {"property": "1"}, {"measurement_id": "G-X"}, {}]
)
def test_hits_need_a_tag_that_was_made(nina: Owner, tagged: str, body: dict[str, str]) -> None:
    answer = nina.post("/_sandbox/hits", body)
    assert answer.status_code == 400


@pytest.mark.parametrize("count", [0, -1, 100_001, "many", None])
def test_wrong_number_of_hits(nina: Owner, tagged: str, count: object) -> None:
    assert nina.post("/_sandbox/hits", {"property": tagged, "count": count}).status_code == 400


def test_property_without_a_stream_takes_no_hits(nina: Owner) -> None:
    assert nina.post("/_sandbox/hits", {"property": nina.property()}).status_code == 400


def test_realtime_looks_back_over_midnight(nina: Owner, tagged: str) -> None:
    world = nina.server.world
    local = world.now_at(world.directory.property(tagged))
    to_midnight = 86400 - (local.hour * 3600 + local.minute * 60 + local.second)
    nina.control("POST", "clock", {"advance_s": to_midnight - 5 * 60})
    nina.control("POST", "hits", {"property": tagged, "count": 3})
    nina.control("POST", "clock", {"advance_s": 10 * 60})
    nina.control("POST", "hits", {"property": tagged, "count": 2})
    assert by_minute(nina, tagged) == [("00", "2"), ("10", "3")]
