"""The data that a chart is drawn from: numbers, their texts, and a scale with few round ticks. Pure.

All words and formats are made here, so that the script in the page knows no language.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import floor, log10
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from dashboards.figures import Number, Unit, tick_text
from dashboards.periods import DateSpan, Period, format_span
from dashboards.planner import Step

ChartData = dict[str, Any]
Values = Mapping[tuple[str, ...], tuple[Number, ...]]

_STEPS = (1, 2, 4, 5, 10)
_SECONDS_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)
_MOST_TICKS = 3
_YEAR = 366
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Series:
    """One line: what it is called, and a label and a value for each of its points. A value is None where
    nothing is known yet, and at an hour that the day does not have."""

    name: str
    labels: tuple[str, ...]
    values: tuple[Number | None, ...]


def line_series(period: Period, values: Values, step: Step = "day") -> Series:
    """The period's line by its steps, or by the hour of a single day. A day that Google leaves out had
    nothing; what of today lies behind the last hour that Google knows is not known yet."""
    known = max((key[0] for key in values), default="")
    today = period.today.strftime("%Y%m%d")
    return _series(period, period.span, values, step, lambda key: key.startswith(today) and key > known)


def comparison_series(period: Period, span: DateSpan, values: Values, step: Step = "day") -> Series:
    """The line that it is compared with, by the same steps."""
    return _series(period, span, values, step, lambda key: False)


def _series(
    period: Period, span: DateSpan, values: Values, step: Step, is_to_come: Callable[[str], bool]
) -> Series:
    points = _points(span, period.hourly, step)
    gaps = _skipped_hours(span.start, period.zone) if period.hourly else frozenset()
    found = tuple(
        None if key in gaps or is_to_come(key) else values.get((key,), (0,))[0] for key, _ in points
    )
    return Series(format_span(span), tuple(label for _, label in points), found)


def ticks(largest: Number, unit: Unit) -> list[float]:
    """At most three round numbers above zero, up to `largest`."""
    if largest <= 0:
        return []
    step = _seconds_step(largest) if unit == "seconds" else _step(largest, whole=unit == "count")
    return [round(step * n, 10) for n in range(1, _count(largest, step) + 1)]


def scale(values: Sequence[Number | None], unit: Unit, currency: str) -> ChartData:
    """The axis: its ticks with their texts, and where it ends."""
    known = [value for value in values if value is not None]
    largest = max(known, default=0)
    marks = [[tick, tick_text(tick, unit, currency)] for tick in ticks(largest, unit)]
    return {"ticks": marks, "max": largest * 1.08 or 1, "min": min([0, *known])}


def axis_labels(period: Period, step: Step = "day") -> list[str]:
    """The points of the line below its axis, in little room; they are thinned out where it is drawn."""
    if period.hourly:
        return [label for _, label in _hours(period.start)]
    short = pgettext("date format (Django): day and month", "j M")
    long = pgettext("date format (Django): month and year", "M Y")
    pattern = long if step == "month" or period.span.days > _YEAR else short
    return [date_format(span.start, pattern) for _, span in _buckets(period.span, step)]


def unfinished_from(period: Period, line: Series, step: Step = "day") -> int | None:
    """The point from which on the line is not final: the day, the week or the month that is not over or that
    the period cuts off; of today by the hour the last that Google knows."""
    if period.hourly:
        known = [at for at, value in enumerate(line.values) if value is not None]
        return known[-1] if known and period.includes_today else None
    if not (period.includes_today or _is_cut(period.end + _ONE_DAY, step)):
        return None
    return len(line.labels) - 1


def is_cut_at_start(period: Period, step: Step) -> bool:
    """Whether the first week or month began before the period."""
    return not period.hourly and _is_cut(period.start, step)


def _is_cut(day: date, step: Step) -> bool:
    """Whether a period that begins on this day, or ends before it, cuts a step in two."""
    return (step == "week" and day.weekday() != 0) or (step == "month" and day.day != 1)


def _points(span: DateSpan, hourly: bool, step: Step) -> list[tuple[str, str]]:
    """Google's keys and the readers' labels."""
    if hourly:
        return list(_hours(span.start))
    if step == "day":
        return list(_days(span))
    if step == "week":
        return [(key, format_span(week)) for key, week in _buckets(span, step)]
    pattern = pgettext("date format (Django): month and year, in full", "F Y")
    return [(key, date_format(month.start, pattern)) for key, month in _buckets(span, step)]


def _buckets(span: DateSpan, step: Step) -> list[tuple[str, DateSpan]]:
    """Google's keys, and the days of the span that each stands for."""
    found: dict[str, DateSpan] = {}
    for count in range(span.days):
        day = span.start + timedelta(days=count)
        key = _key(day, step)
        found[key] = DateSpan(found[key].start if key in found else day, day)
    return list(found.items())


def _key(day: date, step: Step) -> str:
    if step == "week":
        year, week, _ = day.isocalendar()
        return f"{year}{week:02d}"
    return day.strftime("%Y%m" if step == "month" else "%Y%m%d")


def _days(span: DateSpan) -> Iterator[tuple[str, str]]:
    """Google's keys and the readers' labels."""
    pattern = _day_pattern(span)
    for count in range(span.days):
        day = span.start + timedelta(days=count)
        yield day.strftime("%Y%m%d"), date_format(day, pattern)


def _day_pattern(span: DateSpan) -> str:
    if span.start.year == span.end.year:
        return pgettext("date format (Django): weekday, day and month", "D j M")
    return pgettext("date format (Django): day, month, year", "j M Y")


def _hours(day: date) -> Iterator[tuple[str, str]]:
    for hour in range(24):
        text = gettext("%(hour)s:00") % {"hour": f"{hour:02d}"}
        yield f"{day:%Y%m%d}{hour:02d}", text


def _skipped_hours(day: date, zone: str) -> frozenset[str]:
    """Google's keys of the hours that a day does not have, its clocks being put forward."""
    if not zone:
        return frozenset()
    hours = [datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)) for hour in range(24)]
    back = [(each, each.astimezone(UTC).astimezone(each.tzinfo)) for each in hours]
    return frozenset(f"{each:%Y%m%d%H}" for each, there in back if there.hour != each.hour)


def _count(largest: Number, step: float) -> int:
    """How many times a step goes into it."""
    return floor(largest / step + 1e-9)


def _step(largest: Number, whole: bool) -> float:
    size = 10.0 ** floor(log10(largest / _MOST_TICKS))
    step = next(size * each for each in (*_STEPS, 20) if _count(largest, size * each) <= _MOST_TICKS)
    return max(1.0, step) if whole else step


def _seconds_step(largest: Number) -> float:
    fits = (float(step) for step in _SECONDS_STEPS if _count(largest, step) <= _MOST_TICKS)
    return next(fits, None) or 3600 * _step(largest / 3600, whole=True)
