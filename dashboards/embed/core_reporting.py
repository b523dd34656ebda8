"""What a query of version 3 of the reporting API asks, as the one report of GA4's that answers it. Pure.

https://developers.google.com/analytics/devguides/reporting/core/v3/reference

A report goes to Google as it is asked, but for two kinds. Along the time alone, all its rows are asked in
Google's own order and what was asked of them (order, page, days without anything) is done here, so that
charts of the same days share one report. Levels of a path are added up here from whole paths.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from django.utils.translation import gettext as _

from dashboards.embed import segments, times, v3_filters
from dashboards.embed.computed import is_additive
from dashboards.embed.errors import bad_parameter, bad_request
from dashboards.embed.names import Column, Names
from dashboards.embed.v3_filters import Filters
from dashboards.periods import EARLIEST, DateSpan
from dashboards.planner import MAX_DIMENSIONS, MAX_METRICS, fingerprint
from google_api.data import DateRange, OrderBy, ReportRequest

DEFAULT_START, DEFAULT_END = "7daysAgo", "yesterday"
"""What the Embed API asked for where a page said nothing."""

DEFAULT_RESULTS, MOST_RESULTS = 1_000, 10_000
FARTHEST_INDEX = 1_000_000
ALL_TIMES = 100_000
"""More than the hours of ten years."""

MOST_PATHS = 50_000
DAYS_AHEAD = 366
SAMPLING_LEVELS = ("DEFAULT", "FASTER", "HIGHER_PRECISION")
PARAMETERS = (
    *("ids", "start-date", "end-date", "metrics", "dimensions", "sort", "filters", "segment"),
    *("samplingLevel", "include-empty-rows", "start-index", "max-results", "output"),
)
"""What is read; pages send more, which Google ignored too."""

_LISTS = ("metrics", "dimensions", "sort")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AGO = re.compile(r"([0-9]{1,9})daysAgo")
_COUNT = re.compile(r"-?[0-9]{1,18}")

Shape = Literal["direct", "times", "levels"]


@dataclass(frozen=True)
class Subject:
    """What of a view its queries' meaning depends on. `own` are the items of its map of old names."""

    property_id: str
    saved_filter: str
    own: tuple[tuple[str, str], ...]
    today: date


@dataclass(frozen=True)
class Order:
    """By the column of this index, dimensions counted first."""

    column: int
    desc: bool


@dataclass(frozen=True, eq=False)
class Query:
    """A query that was understood. `echo` are its parameters as the page wrote them."""

    subject: Subject
    echo: Mapping[str, str] = field(repr=False)
    dimensions: tuple[Column, ...]
    metrics: tuple[Column, ...]
    orders: tuple[Order, ...]
    span: DateSpan
    start_index: int
    max_results: int
    fills: bool
    shape: Shape
    request: ReportRequest

    @cached_property
    def fingerprint(self) -> str:
        """The name of the report that answers it."""
        return fingerprint(self.subject.property_id, self.request)

    @property
    def wants_table(self) -> bool:
        """Whether its rows are wanted as a chart library's table."""
        return self.echo.get("output") == "dataTable"

    @property
    def uncertain(self) -> list[str]:
        """The names that only Google can tell whether it knows."""
        return [each.asked for each in (*self.metrics, *self.dimensions) if not each.certain]


def clean(params: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that are read, as one text each: pages write lists as texts or as lists, numbers as
    either, and null where they want none. Raises V3Error.
    """
    return {name: text for name in PARAMETERS if (text := _text(name, params.get(name)))}


def _text(name: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = ",".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is not None and not isinstance(value, str | int):
        raise bad_parameter(name, _("Invalid value for %(name)s.") % {"name": name})
    text = "" if value is None else str(value).strip()
    if "\0" in text:
        raise bad_parameter(name, _("Invalid value for %(name)s.") % {"name": name})
    return ",".join(_listed(text)) if name in _LISTS else text


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def read(params: Mapping[str, str], subject: Subject) -> Query:
    """What cleaned parameters ask. Raises V3Error, 400, as version 3 did."""
    _check_words(params)
    names = Names(dict(subject.own))
    metrics = columns(params, "metrics", names, MAX_METRICS)
    dimensions = columns(params, "dimensions", names, MAX_DIMENSIONS)
    if not metrics:
        raise bad_parameter("metrics", _("Required parameter: %(name)s") % {"name": "metrics"})
    filtered = v3_filters.read(params.get("filters", ""), names, {each.asked for each in metrics})
    shape = _shape(dimensions)
    if shape == "levels":
        _check_levels(metrics, filtered)
    draft = _Draft(
        subject=subject,
        params=params,
        dimensions=dimensions,
        metrics=metrics,
        orders=orders(params.get("sort", ""), (*dimensions, *metrics)),
        span=_span(params, subject.today),
        filtered=filtered,
        names=names,
        shape=shape,
    )
    return draft.query()


def _check_words(params: Mapping[str, str]) -> None:
    """The parameters that are one of a few words."""
    for name, allowed in (
        ("samplingLevel", SAMPLING_LEVELS),
        ("include-empty-rows", ("true", "false")),
        ("output", ("json", "dataTable")),
    ):
        value = params.get(name, "")
        if value and value not in allowed:
            sentence = _("Invalid value “%(value)s” for %(name)s. Allowed: %(allowed)s.")
            words = {"value": value[:60], "name": name, "allowed": ", ".join(allowed)}
            raise bad_parameter(name, sentence % words)


def columns(params: Mapping[str, str], name: str, names: Names, most: int) -> tuple[Column, ...]:
    """The metrics or dimensions that a query lists. Raises V3Error."""
    listed = _listed(params.get(name, ""))
    if len(listed) > most:
        sentence = _("Too many %(name)s: %(count)s, where %(most)s are allowed.")
        raise bad_parameter(name, sentence % {"name": name, "count": len(listed), "most": most})
    find = names.metric if name == "metrics" else names.dimension
    return tuple(find(each, name) for each in listed)


def _shape(dimensions: Sequence[Column]) -> Shape:
    if any(each.level for each in dimensions):
        return "levels"
    return "times" if dimensions and all(each.name in times.NAMES for each in dimensions) else "direct"


def _check_levels(metrics: Sequence[Column], filtered: Filters) -> None:
    """What can be said of levels: figures of pages that may be added up."""
    wrong = next((each.asked for each in metrics if not is_additive(each.name)), None)
    if wrong:
        raise bad_request(
            _(
                "%(metric)s cannot be added up over pages, and GA4 has no levels of paths. Ask ga:pageviews, "
                "or ga:pagePath instead."
            )
            % {"metric": wrong}
        )
    if filtered.figures:
        raise bad_request(_("Levels of paths cannot be filtered by a metric. Ask ga:pagePath instead."))


# ---- dates


def _span(params: Mapping[str, str], today: date) -> DateSpan:
    start = _day("start-date", params.get("start-date", DEFAULT_START), today)
    end = _day("end-date", params.get("end-date", DEFAULT_END), today)
    if start > end:
        sentence = _("Invalid value “%(start)s” for start-date: it lies after end-date, “%(end)s”.")
        raise bad_parameter("start-date", sentence % {"start": start, "end": end})
    if end < EARLIEST:
        sentence = _("Invalid value “%(end)s” for end-date: GA4 has nothing before %(day)s.")
        raise bad_parameter("end-date", sentence % {"end": end, "day": EARLIEST})
    if end > today + timedelta(days=DAYS_AHEAD):
        raise bad_parameter("end-date", _("Invalid value “%(end)s” for end-date.") % {"end": end})
    return DateSpan(max(start, EARLIEST), end)


def _day(name: str, text: str, today: date) -> date:
    """One end of the range; what lies before anything was recorded counts as long ago."""
    try:
        if text in ("today", "yesterday"):
            return today - timedelta(days=text == "yesterday")
        if ago := _AGO.fullmatch(text):
            return max(date.min, today - timedelta(days=min(int(ago[1]), (today - date.min).days)))
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    sentence = _("Invalid value “%(text)s” for %(name)s: write YYYY-MM-DD, today, yesterday or NdaysAgo.")
    raise bad_parameter(name, sentence % {"text": text[:60], "name": name})


# ---- order and page


def orders(text: str, columns: Sequence[Column]) -> tuple[Order, ...]:
    """The order that `sort` writes, by what the query has. Raises V3Error."""
    asked = [each.asked for each in columns]
    found = []
    for part in _listed(text):
        name = part.removeprefix("-")
        if name not in asked:
            sentence = _("Sort key %(name)s is not a dimension or metric in this query.")
            raise bad_parameter("sort", sentence % {"name": name[:100]})
        found.append(Order(asked.index(name), part.startswith("-")))
    return tuple(found)


def count(params: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A whole number from 1 on. Raises V3Error."""
    text = params.get(name, str(default))
    if _COUNT.fullmatch(text) and 1 <= int(text) <= most:
        return int(text)
    sentence = _("Invalid value “%(text)s” for %(name)s. Values must be within the range: [1, %(most)s]")
    raise bad_parameter(name, sentence % {"text": text[:60], "name": name, "most": most})


# ---- the report


@dataclass(frozen=True)
class _Draft:
    """A query whose report is still to be written."""

    subject: Subject
    params: Mapping[str, str]
    dimensions: tuple[Column, ...]
    metrics: tuple[Column, ...]
    orders: tuple[Order, ...]
    span: DateSpan
    filtered: Filters
    names: Names
    shape: Shape

    def query(self) -> Query:
        return Query(
            subject=self.subject,
            echo=self.params,
            dimensions=self.dimensions,
            metrics=self.metrics,
            orders=self.orders,
            span=self.span,
            start_index=count(self.params, "start-index", 1, FARTHEST_INDEX),
            max_results=count(self.params, "max-results", DEFAULT_RESULTS, MOST_RESULTS),
            fills=self._fills,
            shape=self.shape,
            request=self._request(),
        )

    @property
    def _includes_empty(self) -> bool:
        return self.params.get("include-empty-rows") != "false"

    @property
    def _fills(self) -> bool:
        """Whether times without anything get a row: not where a filter might have taken it away."""
        filtered_by_time = not times.NAMES.isdisjoint(self.filtered.names())
        return self._includes_empty and not self.filtered.figures and not filtered_by_time

    def _request(self) -> ReportRequest:
        segment = self.params.get("segment", "")
        chosen = segments.read(segment, self.names) if segment else None
        direct = self.shape == "direct"
        names = each_once(self.dimensions)
        asked = times.basis(names) if self.shape == "times" else names
        return ReportRequest(
            date_ranges=(DateRange(self.span.start, self.span.end),),
            dimensions=asked,
            metrics=each_once(self.metrics),
            dimension_filter=v3_filters.combined(self.subject.saved_filter, self.filtered.rows, chosen),
            metric_filter=self.filtered.figures_wire(),
            order_bys=self._google_orders() if direct else tuple(_by_dimension(name) for name in asked),
            limit=self._limit(),
            offset=count(self.params, "start-index", 1, FARTHEST_INDEX) - 1 if direct else 0,
            keep_empty_rows=direct and self._includes_empty,
        )

    def _limit(self) -> int:
        if self.shape == "times":
            return ALL_TIMES
        if self.shape == "levels":
            return MOST_PATHS
        return count(self.params, "max-results", DEFAULT_RESULTS, MOST_RESULTS)

    def _google_orders(self) -> tuple[OrderBy, ...]:
        """As asked, then by the dimensions as they stand: what is equal keeps its place from page to page."""
        columns = (*self.dimensions, *self.metrics)
        asked = [
            _by_dimension(columns[each.column].name, desc=each.desc)
            if each.column < len(self.dimensions)
            else OrderBy(columns[each.column].name, desc=each.desc)
            for each in self.orders
        ]
        named = {order.name for order in asked}
        return (*asked, *(_by_dimension(name) for name in each_once(self.dimensions) if name not in named))


def _by_dimension(name: str, *, desc: bool = False) -> OrderBy:
    return OrderBy(name, desc=desc, dimension=True, numeric=name in times.NUMERIC)


def each_once(columns: Sequence[Column]) -> tuple[str, ...]:
    """Their fields, each once, in order."""
    return tuple(dict.fromkeys(each.name for each in columns))
