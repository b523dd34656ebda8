"""A night's report is due between three and four in the property's own zone, once a date, changes of the
clock among them."""

import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest

from dashboards.lists.nights import next_night

FIRST = uuid.UUID(int=0)  # the view that asks first in each hour
LAST = uuid.UUID(int=3599)


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


NIGHTS = [
    ("Europe/Rome", "2026-11-22T12:00", "2026-11-23T02:00"),
    ("Europe/Rome", "2026-11-23T01:59", "2026-11-23T02:00"),
    ("Europe/Rome", "2026-11-23T02:00", "2026-11-24T02:00"),
    ("America/Los_Angeles", "2026-11-23T02:00", "2026-11-23T11:00"),
    ("Asia/Kolkata", "2026-11-23T02:00", "2026-11-23T21:30"),
    ("Pacific/Kiritimati", "2026-11-23T02:00", "2026-11-23T13:00"),
    # clocks go forward: that night is an hour nearer
    ("Europe/Rome", "2026-03-28T12:00", "2026-03-29T01:00"),
    ("America/New_York", "2026-03-08T05:00", "2026-03-08T07:00"),
    # and back: an hour further
    ("Europe/Rome", "2026-10-24T12:00", "2026-10-25T02:00"),
    ("America/New_York", "2026-11-01T05:00", "2026-11-01T08:00"),
    # three o'clock does not exist in Chatham on this night, and twice on that
    ("Pacific/Chatham", "2026-09-26T12:00", "2026-09-26T14:15"),
    ("Pacific/Chatham", "2026-04-04T12:00", "2026-04-04T13:15"),
]


@pytest.mark.parametrize(("zone", "now", "due"), NIGHTS)
def test_the_next_night_begins_at_three_in_the_zone(zone, now, due):
    assert next_night(zone, utc(now), FIRST) == utc(due)


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Chatham"])
def test_each_date_of_a_year_has_one_night(zone):
    moment = utc("2026-01-01T12:00")
    dates = []
    for _ in range(365):
        moment = next_night(zone, moment, LAST)
        dates.append(moment.astimezone(ZoneInfo(zone)).date())
    assert len(set(dates)) == 365
    assert dates[-1] - dates[0] == datetime.timedelta(days=364)


def test_views_of_one_zone_spread_over_an_hour():
    now = utc("2026-11-22T12:00")
    minutes = {
        (next_night("Europe/Rome", now, uuid.UUID(int=seed * 7919)) - utc("2026-11-23T02:00"))
        // datetime.timedelta(minutes=1)
        for seed in range(2000)
    }
    assert minutes == set(range(60))
