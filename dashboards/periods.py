"""Which days a page is about, and which days they are compared with.

A period comes from the URL (`period=28d`, or `from=…&to=…`, and `compare=…`) and from the property's own
"today". Rolling periods (`7d`, `28d`, …) are complete days and end yesterday; `month` and `year` run until
today. A period that includes today is compared over its complete days only, so that half a day never stands
against a whole one.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

EARLIEST = date(2015, 8, 14)
"""Google's first day: its Data API refuses any date before it."""

MAX_YEARS = 10
DEFAULT_PERIOD = "28d"
DEFAULT_COMPARE = "previous"
COMPARE_KEYS = ("previous", "year", "none")
DEFAULT_MATCH = "date"
MATCH_KEYS = ("date", "weekday")
CUSTOM = "custom"

_ONE_DAY = timedelta(days=1)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class PeriodError(ValueError):
    """The URL names no period; `sentence` says why, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class DateSpan:
    """Whole days of the property, both ends included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def shifted(self, days: int) -> "DateSpan":
        return DateSpan(self.start + timedelta(days=days), self.end + timedelta(days=days))

    def reaching_back(self, days: int) -> "DateSpan":
        """So many days with the same end, as far back as Google has any."""
        return DateSpan(max(EARLIEST, self.end - (days - 1) * _ONE_DAY), self.end)

    def a_year_earlier(self) -> "DateSpan":
        return DateSpan(_year_earlier(self.start), _year_earlier(self.end))


@dataclass(frozen=True)
class Period:
    """A resolved period. Make one with `resolve`; `note` says in words why a wanted comparison is missing.

    `match` "weekday" moves the comparison to where its first day is the same day of the week: most sites
    have quiet and busy days, and a month has not as many Sundays as the one before. Unlike in Plausible this
    is not the default: dates are what the page's sentence says ("than the 30 days before"), and the periods
    that people look at most, 7 and 28 days, match by nature.
    """

    key: str
    start: date
    end: date
    today: date
    comparison: DateSpan | None
    compare: str
    note: str = ""
    match: str = DEFAULT_MATCH
    zone: str = ""

    @property
    def span(self) -> DateSpan:
        return DateSpan(self.start, self.end)

    @property
    def includes_today(self) -> bool:
        return self.end >= self.today

    @property
    def complete_end(self) -> date:
        """The last day that is over. It lies before `start` where no day is."""
        return self.today - _ONE_DAY if self.includes_today else self.end

    @property
    def complete(self) -> DateSpan | None:
        """The days that are over; None where none is."""
        return DateSpan(self.start, self.complete_end) if self.complete_end >= self.start else None

    @property
    def hourly(self) -> bool:
        """A single day is drawn by the hour."""
        return self.start == self.end

    @property
    def line_comparison(self) -> DateSpan | None:
        """What the chart over time is drawn against: today by the hour has a day to set beside it, although
        today's totals have none."""
        if self.comparison or self.complete or self.compare == "none":
            return self.comparison
        exact = self.span.a_year_earlier() if self.compare == "year" else self.span.shifted(-1)
        return _weekdays_matched(self.span, exact) if self.match == "weekday" else exact

    @property
    def query(self) -> dict[str, str]:
        """The URL parameters that reproduce this period."""
        if self.key == CUSTOM:
            return self._compared(_custom_query(self.span))
        return self._compared({"period": self.key})

    @property
    def previous(self) -> dict[str, str] | None:
        """URL parameters of the period just before: the calendar unit before, or as many days before."""
        unit = _calendar_unit(self)
        target = unit(self.start - _ONE_DAY) if unit else self.span.shifted(-self.span.days)
        return self._neighbour(target) if target.start >= EARLIEST else None

    @property
    def next(self) -> dict[str, str] | None:
        """URL parameters of the period just after, None where it would reach beyond today. A month or year
        that has begun counts as reached: it is shown so far."""
        unit = _calendar_unit(self)
        if unit is None:
            target = self.span.shifted(self.span.days)
        else:
            following = unit(unit(self.start).end + _ONE_DAY)
            target = DateSpan(following.start, max(following.start, min(following.end, self.today)))
        return self._neighbour(target) if target.end <= self.today else None

    def label(self) -> str:
        """The period's name for a heading: "Last 28 days", "October 2026", "1 – 31 Oct 2026"."""
        if self.key in _LABELS:
            return str(_LABELS[self.key])
        if self.key == CUSTOM:
            return self.dates_label()
        name = date_format(self.start, "YEAR_MONTH_FORMAT" if "month" in self.key else "Y")
        if self.key in ("last-month", "last-year"):
            return name
        return gettext("%(month_or_year)s so far") % {"month_or_year": name}

    def dates_label(self) -> str:
        return format_span(self.span)

    def comparison_label(self) -> str:
        """What the comparison is, to follow "more than": "the 28 days before"; empty where there is none."""
        compared = self.line_comparison
        if compared is None:
            return ""
        if self.match == "weekday" and compared != self._exact:
            return _weekday_label(compared, self.compare)
        if self.compare == "year":
            return _year_label(compared, recent=self.start.year == self.today.year)
        if self.key in _PREVIOUS_LABELS and not self.hourly:
            return str(_PREVIOUS_LABELS[self.key])
        text = ngettext("the day before", "the %(days)s days before", compared.days)
        return text % {"days": number_format(compared.days, force_grouping=True)}

    @property
    def _exact(self) -> DateSpan | None:
        """What it is compared with by dates."""
        return resolve({**self.query, "match": DEFAULT_MATCH}, self.today).line_comparison

    def _compared(self, query: dict[str, str]) -> dict[str, str]:
        asked = query if self.compare == DEFAULT_COMPARE else {**query, "compare": self.compare}
        return asked if self.match == DEFAULT_MATCH else {**asked, "match": self.match}

    def _neighbour(self, target: DateSpan) -> dict[str, str]:
        names = _ROLLING if _calendar_unit(self) is None else _CALENDAR
        named = (key for key in names if NAMED[key](self.today) == target)
        key = next(named, None)
        return self._compared({"period": key} if key else _custom_query(target))


def resolve(params: Mapping[str, str], today: date, zone: str = "") -> Period:
    """The period that URL parameters name, on the property's `today` in its time `zone` (an IANA name).

    `from` and `to` win over `period`, being more exact; empty values count as absent (an unfilled form).
    Raises PeriodError.
    """
    compare = params.get("compare") or DEFAULT_COMPARE
    if compare not in COMPARE_KEYS:
        raise PeriodError(gettext("“%(text)s” is no comparison we know.") % {"text": _quoted(compare)})
    match = params.get("match") or DEFAULT_MATCH
    if match not in MATCH_KEYS:
        raise PeriodError(gettext("“%(text)s” is no way to match days we know.") % {"text": _quoted(match)})
    key, span = _asked_span(params, today)
    uncompared = Period(key, span.start, span.end, today, None, compare, match=match, zone=zone)
    comparison, note = _comparison(uncompared)
    return replace(uncompared, comparison=comparison, note=note)


def format_span(span: DateSpan) -> str:
    """A span's dates in the reader's language: "1 – 31 Oct 2026", "28 Sep – 25 Oct 2026"."""
    full = pgettext("date format (Django): day, month, year", "j M Y")
    short = pgettext("date format (Django): day and month", "j M")
    last = date_format(span.end, full)
    if span.start == span.end:
        return last
    if (span.start.year, span.start.month) == (span.end.year, span.end.month):
        short = pgettext("date format (Django): first of two days of one month, as in “1 – 31 Oct 2026”", "j")
        full = pgettext(
            "date format (Django): last of two days of one month, as in “1 – 31 Oct 2026”", "j M Y"
        )
        last = date_format(span.end, full)
    first = date_format(span.start, short if span.start.year == span.end.year else full)
    return f"{first} – {last}"


# ---- reading the URL


def _asked_span(params: Mapping[str, str], today: date) -> tuple[str, DateSpan]:
    first, last = params.get("from") or "", params.get("to") or ""
    key = params.get("period") or DEFAULT_PERIOD
    if first or last or key == CUSTOM:
        return CUSTOM, _custom_span(first, last, today)
    if key not in NAMED:
        raise PeriodError(gettext("“%(text)s” is no period we know.") % {"text": _quoted(key)})
    return key, NAMED[key](today)


def _custom_span(first: str, last: str, today: date) -> DateSpan:
    if not (first and last):
        raise PeriodError(gettext("A period of your own needs both a first and a last day."))
    span = DateSpan(_parse_date(first), _parse_date(last))
    if span.start > span.end:
        raise PeriodError(gettext("The first day lies after the last; exchange the two dates."))
    if span.start < EARLIEST:
        raise PeriodError(
            gettext("Google has no data before %(day)s; choose a later first day.") % {"day": _day(EARLIEST)}
        )
    if span.end > today:
        raise PeriodError(
            gettext("The last day lies in the future; the latest possible is today, %(day)s.")
            % {"day": _day(today)}
        )
    if _years_later(span.start, MAX_YEARS) <= span.end:
        raise PeriodError(gettext("A period can be ten years long at most; choose a shorter one."))
    return span


def _parse_date(text: str) -> date:
    try:
        if not _ISO_DATE.fullmatch(text):
            raise ValueError  # fromisoformat alone would take week dates too
        return date.fromisoformat(text)
    except ValueError:
        raise PeriodError(
            gettext("“%(text)s” is not a date; dates look like 2026-10-31.") % {"text": _quoted(text)}
        ) from None


def _quoted(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


# ---- comparisons


def _comparison(period: Period) -> tuple[DateSpan | None, str]:
    """The span that totals are compared with, and a note where one was wanted but cannot be."""
    if period.compare == "none" or period.complete is None:
        return None, ""
    compared = _year_or_previous(period, period.complete)
    if period.match == "weekday":
        compared = _weekdays_matched(period.complete, compared)
    if compared.start < EARLIEST:
        note = gettext("Nothing to compare with: Google has no data before %(day)s.")
        return None, note % {"day": _day(EARLIEST)}
    if compared.end >= period.start:
        return None, gettext("Nothing to compare with: a period longer than a year overlaps the year before.")
    return compared, ""


def _weekdays_matched(span: DateSpan, exact: DateSpan) -> DateSpan:
    """As many days as `span`, the nearest to the exact ones that begin on its day of the week and end before
    it begins."""
    nearest = round((span.start - exact.start).days / 7)
    return span.shifted(-7 * max(nearest, -(-span.days // 7)))


def _year_or_previous(period: Period, complete: DateSpan) -> DateSpan:
    if period.compare == "year" or period.key in ("year", "last-year"):
        return complete.a_year_earlier()
    if period.key == "last-month":
        return _month_of(complete.start - _ONE_DAY)
    if period.key == "month":
        before = _month_of(complete.start - _ONE_DAY)
        return DateSpan(before.start, before.start.replace(day=min(complete.days, before.days)))
    return complete.shifted(-complete.days)


# ---- the calendar


def _month_of(day: date) -> DateSpan:
    return DateSpan(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def _year_of(day: date) -> DateSpan:
    return DateSpan(date(day.year, 1, 1), date(day.year, 12, 31))


def _years_later(day: date, years: int) -> date:
    """The same date in another year; 29 February becomes the 28th where the year has none."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def _year_earlier(day: date) -> date:
    return _years_later(day, -1)


def _until_yesterday(days: int) -> Callable[[date], DateSpan]:
    return lambda today: DateSpan(today - days * _ONE_DAY, today - _ONE_DAY)


NAMED: dict[str, Callable[[date], DateSpan]] = {
    "today": lambda today: DateSpan(today, today),
    "yesterday": _until_yesterday(1),
    "7d": _until_yesterday(7),
    "28d": _until_yesterday(28),
    "30d": _until_yesterday(30),
    "90d": _until_yesterday(90),
    "month": lambda today: DateSpan(_month_of(today).start, today),
    "last-month": lambda today: _month_of(_month_of(today).start - _ONE_DAY),
    "year": lambda today: DateSpan(_year_of(today).start, today),
    "last-year": lambda today: _year_of(_year_of(today).start - _ONE_DAY),
}
"""The periods that have a name in the URL, in the order a picker lists them."""

_ROLLING = ("today", "yesterday", "7d", "28d", "30d", "90d")
_CALENDAR = ("month", "last-month", "year", "last-year")


def _calendar_unit(period: Period) -> Callable[[date], DateSpan] | None:
    """What the arrows step by: months or years for calendar periods, None for plain days.

    Dates that make up a whole month count as that month: stepping back from last month must reach whole
    months again, and those have no name in the URL.
    """
    if period.key in _CALENDAR:
        return _month_of if "month" in period.key else _year_of
    if period.key == CUSTOM:
        return next((unit for unit in (_month_of, _year_of) if unit(period.start) == period.span), None)
    return None


def _custom_query(span: DateSpan) -> dict[str, str]:
    return {"from": span.start.isoformat(), "to": span.end.isoformat()}


# ---- words

_LABELS = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "7d": gettext_lazy("Last 7 days"),
    "28d": gettext_lazy("Last 28 days"),
    "30d": gettext_lazy("Last 30 days"),
    "90d": gettext_lazy("Last 90 days"),
}

_PREVIOUS_LABELS = {
    "month": gettext_lazy("the same days of the month before"),
    "last-month": gettext_lazy("the month before"),
    "year": gettext_lazy("the same days of the year before"),
    "last-year": gettext_lazy("the year before"),
}


def _weekday_label(compared: DateSpan, compare: str) -> str:
    if compare == "year":
        return ngettext("the same weekday a year earlier", "the same weekdays a year earlier", compared.days)
    return ngettext("the same weekday before", "the same weekdays before", compared.days)


def _year_label(compared: DateSpan, *, recent: bool) -> str:
    if recent:
        return ngettext("the same day last year", "the same days last year", compared.days)
    return ngettext("the same day a year earlier", "the same days a year earlier", compared.days)


def _day(day: date) -> str:
    return format_span(DateSpan(day, day))
