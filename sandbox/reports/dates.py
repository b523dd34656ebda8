"""Days: the words of a date range in a property's zone, and the calendar's dimensions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.errors import invalid

EARLIEST = date(2015, 8, 14)
LATEST = date(2999, 12, 31)
_AGO = re.compile(r"(\d{1,6})daysAgo")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@dataclass(frozen=True)
class DateRange:
    """From `start` to `end`, both included."""

    start: date
    end: date
    name: str = ""

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def parse_day(text: str, today: date, which: str) -> date:
    """`YYYY-MM-DD`, `NdaysAgo`, `yesterday` or `today`. `which` is `startDate` or `endDate`, for the
    error.
    """
    day = _named_day(text, today)
    if day is None:
        raise invalid(f"Invalid {which} : {text}. {which} must be YYYY-MM-DD, NdaysAgo, yesterday, or today.")
    if not EARLIEST <= day <= LATEST:
        raise invalid(f"Invalid {which} : {text}. {which} must be after 2015-08-13 and before 3000-01-01.")
    return day


def _named_day(text: str, today: date) -> date | None:
    if text in ("today", "yesterday"):
        return today - timedelta(days=text == "yesterday")
    try:
        if match := _AGO.fullmatch(text):
            return today - timedelta(days=int(match.group(1)))
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def calendar(names: tuple[str, ...], day: date, start: date) -> tuple[str, ...]:
    """The values of the date dimensions `names` on `day`, of a range that begins at `start`."""
    return tuple(_VALUES[name](day, start) for name in names)


def _week(day: date) -> int:
    """Google's week of the year: weeks begin on Sunday, 1 January is always in week 1."""
    first = date(day.year, 1, 1)
    return (day.timetuple().tm_yday + (first.isoweekday() % 7) - 1) // 7 + 1


def _nth_week(day: date, start: date) -> int:
    return ((day - start).days + start.isoweekday() % 7) // 7


def _nth_month(day: date, start: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month


_VALUES: dict[str, Callable[[date, date], str]] = {
    "date": lambda day, start: day.strftime("%Y%m%d"),
    "dayOfWeek": lambda day, start: str(day.isoweekday() % 7),
    "dayOfWeekName": lambda day, start: DAY_NAMES[day.isoweekday() % 7],
    "day": lambda day, start: f"{day.day:02}",
    "week": lambda day, start: f"{_week(day):02}",
    "yearWeek": lambda day, start: f"{day.year}{_week(day):02}",
    "isoWeek": lambda day, start: f"{day.isocalendar().week:02}",
    "isoYear": lambda day, start: str(day.isocalendar().year),
    "isoYearIsoWeek": lambda day, start: f"{day.isocalendar().year}{day.isocalendar().week:02}",
    "month": lambda day, start: f"{day.month:02}",
    "yearMonth": lambda day, start: day.strftime("%Y%m"),
    "year": lambda day, start: str(day.year),
    "nthDay": lambda day, start: f"{(day - start).days:04}",
    "nthWeek": lambda day, start: f"{_nth_week(day, start):04}",
    "nthMonth": lambda day, start: f"{_nth_month(day, start):04}",
}
