"""The dimensions of time that version 3 knew, computed from the days and hours that GA4 gives. Pure.

Weeks begin on Sunday, and 1 January is always in week 1, as in both products; ISO weeks begin on Monday.
https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from dashboards.periods import DateSpan

Moment = datetime
"""The beginning of an hour, in the property's own time and so without a zone."""


def _week(moment: Moment) -> int:
    first = date(moment.year, 1, 1)
    return (moment.timetuple().tm_yday + first.isoweekday() % 7 - 1) // 7 + 1


def _nth_day(moment: Moment, start: date) -> int:
    return (moment.date() - start).days


_DAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

_VALUES: dict[str, Callable[[Moment, date], str]] = {
    "date": lambda moment, start: f"{moment:%Y%m%d}",
    "dateHour": lambda moment, start: f"{moment:%Y%m%d%H}",
    "day": lambda moment, start: f"{moment:%d}",
    "hour": lambda moment, start: f"{moment:%H}",
    "month": lambda moment, start: f"{moment:%m}",
    "year": lambda moment, start: f"{moment:%Y}",
    "yearMonth": lambda moment, start: f"{moment:%Y%m}",
    "week": lambda moment, start: f"{_week(moment):02}",
    "yearWeek": lambda moment, start: f"{moment.year}{_week(moment):02}",
    "isoWeek": lambda moment, start: f"{moment.isocalendar().week:02}",
    "isoYear": lambda moment, start: str(moment.isocalendar().year),
    "isoYearIsoWeek": lambda moment, start: f"{moment.isocalendar().year}{moment.isocalendar().week:02}",
    "dayOfWeek": lambda moment, start: str(moment.isoweekday() % 7),
    "dayOfWeekName": lambda moment, start: _DAY_NAMES[moment.isoweekday() % 7],
    "nthDay": lambda moment, start: f"{_nth_day(moment, start):04}",
    "nthHour": lambda moment, start: f"{_nth_day(moment, start) * 24 + moment.hour:04}",
    "nthWeek": lambda moment, start: f"{(_nth_day(moment, start) + start.isoweekday() % 7) // 7:04}",
    "nthMonth": lambda moment, start: f"{(moment.year - start.year) * 12 + moment.month - start.month:04}",
}

NAMES = frozenset(_VALUES)
"""What can be computed."""

NUMERIC = NAMES - {"dayOfWeekName"} | {"minute", "dateHourMinute", "nthMinute", "nthYear"}
"""Dimensions whose values are numbers, in whose order rows stand."""

_WIDTHS = {"hour": 2, "minute": 2, "month": 2, "day": 2, "week": 2, "isoWeek": 2} | dict.fromkeys(
    ("nthDay", "nthHour", "nthMinute", "nthWeek", "nthMonth"), 4
)
_OF_HOURS = frozenset({"dateHour", "nthHour", "hour"})
_OF_MONTHS = frozenset({"month", "year", "yearMonth", "nthMonth"})


def padded(name: str, value: str) -> str:
    """The value with as many digits as version 3 wrote."""
    return value.zfill(_WIDTHS.get(name, 0)) if value.isdigit() else value


def basis(names: Sequence[str]) -> tuple[str, ...]:
    """The dimensions to ask GA4 for instead of these, all of them computable: one that tells the same rows
    apart where there is one, so that every figure is Google's own; else these themselves.
    """
    asked = frozenset(names)
    has_days = bool(asked & {"date", "nthDay"})
    if asked & {"dateHour", "nthHour"} or (has_days and "hour" in asked):
        return ("dateHour",)
    if has_days:
        return ("date",)
    if asked <= _OF_MONTHS and (asked & {"yearMonth", "nthMonth"} or asked >= {"year", "month"}):
        return ("yearMonth",)
    return tuple(dict.fromkeys(names))


_TELLING = (("dateHour",), ("date",), ("yearMonth",))


def moment_of(asked: tuple[str, ...], values: Sequence[str]) -> Moment | None:
    """When a row's time begins, where it was asked by one dimension that tells; None where it does not."""
    if asked not in _TELLING:
        return None
    digits = values[0]
    try:
        return datetime(  # noqa: DTZ001  # the property's own time
            int(digits[:4]), int(digits[4:6]), int(digits[6:8] or 1), int(digits[8:10] or 0)
        )
    except ValueError:
        return None


def values(names: Sequence[str], moment: Moment, start: date) -> tuple[str, ...]:
    """What these dimensions say of a moment, in a range that begins at `start`."""
    return tuple(_VALUES[name](moment, start) for name in names)


def all_values(names: Sequence[str], span: DateSpan) -> list[tuple[str, ...]]:
    """Everything that these dimensions say in the whole span, each once, in its order."""
    hourly = not _OF_HOURS.isdisjoint(names)
    return list(dict.fromkeys(values(names, moment, span.start) for moment in _moments(span, hourly=hourly)))


def _moments(span: DateSpan, *, hourly: bool) -> Iterator[Moment]:
    first = datetime(span.start.year, span.start.month, span.start.day)  # noqa: DTZ001  # the property's own time
    steps = span.days * 24 if hourly else span.days
    step = timedelta(hours=1) if hourly else timedelta(days=1)
    return (first + number * step for number in range(steps))
