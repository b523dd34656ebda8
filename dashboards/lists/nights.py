"""Which views are read at night, and when the next report of one is due. Pure."""

import datetime
import uuid
from zoneinfo import ZoneInfo

AFTER = datetime.time(3)  # Google is mostly done with a day by then, and nobody is up to wait for a slot
SPREAD_SECONDS = 3600
ACTIVE = datetime.timedelta(days=60)


def is_active(opened: datetime.datetime | None, created: datetime.datetime, now: datetime.datetime) -> bool:
    """Whether a view is read at night: somebody opened it in the last 60 days, or it is younger than that."""
    return (opened or created) >= now - ACTIVE


def next_night(time_zone: str, now: datetime.datetime, view: uuid.UUID) -> datetime.datetime:
    """The first moment after `now` between three and four at night in this zone, in UTC. Which minute it is
    depends on the view alone, so that the views of one zone do not all ask at once.
    """
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    tonight = _at_night(today, zone, view)
    return tonight if tonight > now else _at_night(today + datetime.timedelta(days=1), zone, view)


def _at_night(day: datetime.date, zone: ZoneInfo, view: uuid.UUID) -> datetime.datetime:
    start = datetime.datetime.combine(day, AFTER, zone).astimezone(datetime.UTC)
    return start + datetime.timedelta(seconds=view.int % SPREAD_SECONDS)
