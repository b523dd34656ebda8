"""Turns a dashboard's widgets into the fewest reports that answer them exactly. Pure.

- Widgets that ask the same dimensions in the same order share a report: metrics are put together, the limit
  is the largest asked.
- Figures come from a report without dimensions, never from adding rows up (users are not additive).
- A comparison rides along as a second date range. With two ranges a row belongs to one of them and the limit
  counts both, so a table asks for many more rows than it shows; `asking.py` sees whether these were enough.
  A long table asks its comparison in a report of its own.
- What is seen first comes first: tabs behind others are asked after everything else.
- Totals of a period that includes today are compared over its complete days (a third range); its tables are
  not compared.

Limits of a report: https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport
"""

import hashlib
import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from dashboards.periods import DateSpan, Period
from google_api.data import BATCH_LIMIT, DateRange, OrderBy, ReportRequest

MAX_METRICS = 10
MAX_DIMENSIONS = 9
MAX_LIMIT = 250_000
LINE_LIMIT = 10_000
"""Above any line here: ten years of days, twice, are 7,306 rows."""

SHARED_LIMIT = 250
"""Tables up to this many rows share a report; a longer one keeps to itself, so as not to slow the page."""

MAP_LIMIT = 250
"""Above the number of countries."""

ROWS_FOR_ONE = 10
"""Rows of both ranges to ask for each that is shown: with a change for most of them, whatever moved."""

LEAST_COMPARED = 500
"""Rows of both ranges that are asked at least; few properties have more channels, countries or browsers."""

Kind = Literal["figure", "line", "bar", "table", "donut", "map"]
Step = Literal["day", "week", "month"]
RangeName = Literal["current", "complete", "comparison"]


@dataclass(frozen=True)
class WidgetSpec:
    """What one widget asks. `order_by` names a metric or dimension and defaults to the first metric; `limit`
    is in rows. A figure is always a total and a line always runs along the days (by the hour where the period
    is one day), so neither looks at order and limit. Widgets of one `group` are tabs of one card. `choices`
    are metrics that a line can be drawn of instead of its own. Raises ValueError for what no report could
    answer."""

    id: str
    title: str
    kind: Kind
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    order_by: str = ""
    descending: bool = True
    limit: int = 10
    group: str = ""
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.asked_metrics) <= MAX_METRICS:
            raise ValueError(f"Widget {self.id}: 1 to {MAX_METRICS} metrics, its order's included")
        if self.kind == "line" and self.dimensions not in ((), ("date",)):
            raise ValueError(f"Widget {self.id}: a line runs along the date and nothing else")
        if len(self.dimensions) > MAX_DIMENSIONS:
            raise ValueError(f"Widget {self.id}: at most {MAX_DIMENSIONS} dimensions")
        if not 1 <= self.limit <= MAX_LIMIT:
            raise ValueError(f"Widget {self.id}: 1 to {MAX_LIMIT} rows")

    @property
    def asked_limit(self) -> int:
        """The rows that its report must have: a map colours more countries than its list shows."""
        return max(self.limit, MAP_LIMIT) if self.kind == "map" else self.limit

    @property
    def asked_metrics(self) -> tuple[str, ...]:
        """Its metrics and the one it is ordered by: Google orders only by what is in the report."""
        orders_by_metric = self.kind not in ("figure", "line") and self.order_by not in ("", *self.dimensions)
        ordering = (self.order_by,) if orders_by_metric else ()
        return tuple(dict.fromkeys((*self.metrics, *self.choices, *ordering)))


@dataclass(frozen=True)
class Source:
    """Where an answer's rows are: a report of the plan, by index, and one of its date ranges."""

    report: int
    date_range: RangeName


@dataclass(frozen=True)
class Answer:
    """Where a widget finds its numbers. `complete` is there when the period includes today and has a
    comparison: a change is then measured from it instead of from `current`."""

    widget: WidgetSpec
    current: Source
    complete: Source | None = None
    comparison: Source | None = None

    @property
    def reports(self) -> frozenset[int]:
        """The reports that it needs."""
        sources = (self.current, self.complete, self.comparison)
        return frozenset(source.report for source in sources if source)


@dataclass(frozen=True)
class Plan:
    """The reports in order of importance, and who finds what in them."""

    period: Period
    reports: tuple[ReportRequest, ...]
    answers: Mapping[str, Answer]
    step: Step = "day"

    def fingerprints(self, property_id: str) -> list[str]:
        """The stable names of the reports' questions, asked of this property, in their order."""
        return [_fingerprint(property_id, text) for text in self._canonical]

    @cached_property
    def _canonical(self) -> tuple[str, ...]:
        return tuple(_canonical(request) for request in self.reports)


def with_choices(widgets: Sequence[WidgetSpec], chosen: str = "") -> list[WidgetSpec]:
    """The same widgets, the first line drawn of `chosen` if that is a figure's metric. The daily values of
    all figures ride in its report, so that choosing another asks nothing."""
    main = next((widget for widget in widgets if widget.kind == "line"), None)
    if main is None:
        return list(widgets)
    figures = (widget.metrics[0] for widget in widgets if widget.kind == "figure")
    known = tuple(dict.fromkeys((*main.metrics, *figures)))[:MAX_METRICS]
    metrics = (chosen,) if chosen in known else main.metrics
    choices = tuple(metric for metric in known if metric not in metrics)
    drawn = replace(main, metrics=metrics, choices=choices)
    return [drawn if widget is main else widget for widget in widgets]


def plan(
    widgets: Sequence[WidgetSpec],
    period: Period,
    dimension_filter: dict[str, Any] | None,
    step: Step = "day",
) -> Plan:
    """The reports that answer all widgets: figures, then lines, then tables in the page's order, those behind
    other tabs last, then long tables' comparisons. Lines run by `step`, or by the hour where the period is
    one day: weeks and months are asked of Google, since people and shares of days do not add up."""
    reports: list[ReportRequest] = []
    answers: dict[str, Answer] = {}
    seen = _seen_at_once(widgets)
    groups = sorted(_groups(widgets, period, step), key=lambda group: (group.shape.rank, group.hides(seen)))
    for group in groups:
        index = len(reports)
        reports.append(group.report(dimension_filter))
        answers |= {widget.id: group.answer(widget, index) for widget in group.widgets}
    if period.comparison:
        for group in (each for each in groups if each.shape.long and _may_be_compared(each.shape, period)):
            source = Source(len(reports), "comparison")
            reports.append(group.comparison_report(period.comparison, dimension_filter))
            answers |= {w.id: replace(answers[w.id], comparison=source) for w in group.widgets}
    return Plan(period, tuple(reports), {widget.id: answers[widget.id] for widget in widgets}, step)


def batches(report_indexes: Iterable[int], size: int = BATCH_LIMIT) -> Iterator[tuple[int, ...]]:
    """The reports in the groups that Google takes at once, in the order given."""
    indexes = tuple(report_indexes)
    return (indexes[at : at + size] for at in range(0, len(indexes), size))


def rows_enough(request: ReportRequest) -> int:
    """How many rows of each date range a cut answer must have, so that no widget misses one it shows."""
    return -(-request.limit // ROWS_FOR_ONE)


def fingerprint(property_id: str, request: ReportRequest) -> str:
    """A question's stable name (64 hexadecimal digits): what is asked of which property."""
    return _fingerprint(property_id, _canonical(request))


def _canonical(request: ReportRequest) -> str:
    return json.dumps(request.to_wire(), sort_keys=True, separators=(",", ":"))


def _fingerprint(property_id: str, canonical: str) -> str:
    return hashlib.sha256(f"{property_id} {canonical}".encode()).hexdigest()


# ---- what may share a report

STEPS: dict[Step, str] = {"day": "date", "week": "isoYearIsoWeek", "month": "yearMonth"}
"""The dimension that a line runs along."""

_FIGURES, _LINES, _TABLES = range(3)
_DATES = frozenset({"date", "dateHour", "dateHourMinute", "year", "yearMonth", "yearWeek", "isoYearIsoWeek"})


@dataclass(frozen=True)
class _Shape:
    """What two widgets must have in common to share a report; `rank` puts the reports in order."""

    rank: int
    dimensions: tuple[str, ...]
    order: OrderBy | None
    long: bool = False


@dataclass
class _Group:
    """Widgets that share one report."""

    shape: _Shape
    spans: Mapping[RangeName, DateSpan]
    widgets: list[WidgetSpec] = field(default_factory=list)

    def takes(self, widget: WidgetSpec) -> bool:
        return len({*self.metrics, *widget.asked_metrics}) <= MAX_METRICS

    @property
    def metrics(self) -> tuple[str, ...]:
        """Sorted, so that rearranging a page asks nothing anew."""
        return tuple(sorted({metric for widget in self.widgets for metric in widget.asked_metrics}))

    @property
    def limit(self) -> int:
        return max(w.asked_limit for w in self.widgets) if self.shape.rank == _TABLES else LINE_LIMIT

    def hides(self, seen: Container[str]) -> bool:
        """Whether all its widgets are behind other tabs."""
        return not any(widget.id in seen for widget in self.widgets)

    def report(self, dimension_filter: dict[str, Any] | None) -> ReportRequest:
        both = self.shape.rank == _TABLES and len(self.spans) > 1
        limit = max(ROWS_FOR_ONE * self.limit, LEAST_COMPARED) if both else self.limit
        return self._request(self.spans, limit, dimension_filter)

    def comparison_report(self, span: DateSpan, dimension_filter: dict[str, Any] | None) -> ReportRequest:
        limit = min(max(10 * self.limit, SHARED_LIMIT), MAX_LIMIT)
        return self._request({"comparison": span}, limit, dimension_filter)

    def answer(self, widget: WidgetSpec, index: int) -> Answer:
        sources = {name: Source(index, name) for name in self.spans}
        return Answer(widget, sources["current"], sources.get("complete"), sources.get("comparison"))

    def _request(
        self, spans: Mapping[RangeName, DateSpan], limit: int, dimension_filter: dict[str, Any] | None
    ) -> ReportRequest:
        return ReportRequest(
            date_ranges=tuple(DateRange(span.start, span.end, name) for name, span in spans.items()),
            dimensions=self.shape.dimensions,
            metrics=self.metrics,
            dimension_filter=dimension_filter,
            order_bys=(self.shape.order,) if self.shape.order else (),
            limit=limit,
        )


def _groups(widgets: Sequence[WidgetSpec], period: Period, step: Step) -> list[_Group]:
    """The widgets by report, in the order in which they stand on the page."""
    groups: list[_Group] = []
    for widget in widgets:
        shape = _shape(widget, period, step)
        group = next((each for each in groups if each.shape == shape and each.takes(widget)), None)
        if group is None:
            group = _Group(shape, _spans(shape, period))
            groups.append(group)
        group.widgets.append(widget)
    return groups


def _seen_at_once(widgets: Sequence[WidgetSpec]) -> set[str]:
    """The widgets that no other tab of their card hides when the page is opened."""
    return set({widget.group or widget.id: widget.id for widget in reversed(widgets)}.values())


def _shape(widget: WidgetSpec, period: Period, step: Step) -> _Shape:
    if widget.kind == "line":
        time = "dateHour" if period.hourly else STEPS[step]
        return _Shape(_LINES, (time,), OrderBy(time, desc=False, dimension=True))
    if widget.kind == "figure" or not widget.dimensions:
        return _Shape(_FIGURES, (), None)
    name = widget.order_by or widget.metrics[0]
    order = OrderBy(name, desc=widget.descending, dimension=name in widget.dimensions)
    return _Shape(_TABLES, widget.dimensions, order, widget.asked_limit > SHARED_LIMIT)


def _spans(shape: _Shape, period: Period) -> dict[RangeName, DateSpan]:
    """The date ranges that one report of this shape answers."""
    spans: dict[RangeName, DateSpan] = {"current": period.span}
    compared = _compared_along(shape, period)
    if compared and period.complete and period.includes_today and shape.rank == _FIGURES:
        spans["complete"] = period.complete
    if compared:
        spans["comparison"] = compared
    return spans


def _compared_along(shape: _Shape, period: Period) -> DateSpan | None:
    """The comparison that rides along."""
    if shape.rank == _LINES:
        return period.line_comparison
    rides = shape.rank == _FIGURES or (_may_be_compared(shape, period) and not shape.long)
    return period.comparison if rides else None


def _may_be_compared(shape: _Shape, period: Period) -> bool:
    """Tables are, except of a period with today, and those by date: no date stands in both periods."""
    return shape.rank == _TABLES and not period.includes_today and _DATES.isdisjoint(shape.dimensions)
