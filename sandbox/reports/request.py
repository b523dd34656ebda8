"""A report request, checked in Google's order and with Google's words, and made into questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.errors import invalid
from sandbox.reports import compat, fields, per_event
from sandbox.reports.dates import DateRange, parse_day
from sandbox.reports.fields import Dimension, Metric
from sandbox.reports.filters import compile_filter, field_names

SCHEMA_URL = "https://developers.google.com/analytics/devguides/reporting/data/v1/{}"
DEFAULT_LIMIT = 10_000
MAX_LIMIT = 250_000
DATE_RANGE = "dateRange"


@dataclass(frozen=True)
class Schema:
    """Which fields there are: Core's or Realtime's."""

    page: str
    dimension: Callable[[str], Dimension | None]
    metric: Callable[[str], Metric | None]


CORE = Schema("api-schema", fields.dimension, per_event.metric)
REALTIME = Schema("realtime-api-schema", fields.REALTIME_DIMENSIONS.get, fields.REALTIME_METRICS.get)


@dataclass(frozen=True)
class OrderBy:
    """`column` counts the answer's dimensions first, its metrics after them."""

    column: int
    desc: bool
    kind: str  # METRIC, or the order type of a dimension


@dataclass(frozen=True)
class ReportRequest:
    """What was asked. Names as asked are for the headers; fields carry Google's current names."""

    dimension_names: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    metric_names: tuple[str, ...]
    metrics: tuple[Metric, ...]
    hidden: frozenset[int]  # metrics that are asked for ordering only
    ranges: tuple[DateRange, ...]
    filter: Mapping[str, Any] | None
    metric_filter: Mapping[str, Any] | None
    filter_metrics: tuple[str, ...]  # needed for the metric filter only
    order_bys: tuple[OrderBy, ...]
    limit: int
    offset: int
    aggregations: tuple[str, ...]
    keep_empty_rows: bool
    want_quota: bool
    minutes: tuple[tuple[int, int, str], ...] = ()

    @property
    def days(self) -> int:
        return sum(one.days for one in self.ranges)

    @property
    def parts(self) -> int:
        """How many ranges the answer has."""
        return len(self.minutes) or len(self.ranges)

    @property
    def thresholded(self) -> bool:
        names = {field.api_name for field in self.dimensions} | set(field_names(self.filter))
        return bool(names & fields.THRESHOLDED)


def core(message: Mapping[str, Any], today: date) -> ReportRequest:
    """A `RunReportRequest`; `today` is the property's."""
    request = _parse(message, CORE)
    ranges = _date_ranges(message.get("dateRanges", []), today)
    _check_counts(message, request)
    _refuse_unsupported(message)
    return _with(request, ranges=ranges, order_bys=_order_bys(message, request, several=len(ranges) > 1))


def realtime(message: Mapping[str, Any], today: date) -> ReportRequest:
    """A `RunRealtimeReportRequest`."""
    request = _parse(message, REALTIME)
    minutes = _minute_ranges(message.get("minuteRanges", []))
    _check_counts(message, request)
    order_bys = _order_bys(message, request, several=len(minutes) > 1)
    return _with(request, ranges=(DateRange(today, today),), minutes=minutes, order_bys=order_bys)


def _with(request: dict[str, Any], **more: Any) -> ReportRequest:
    return ReportRequest(**request | more)


def _parse(message: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    dimension_names = [item.get("name", "") for item in message.get("dimensions", [])]
    metric_names = [item.get("name", "") for item in message.get("metrics", [])]
    dimensions = tuple(_dimension(name, schema) for name in dimension_names)
    metrics = tuple(_metric(name, schema) for name in metric_names)
    row_filter, _ = _current(message.get("dimensionFilter"), lambda name: _dimension(name, schema).api_name)
    metric_filter, names = _current(message.get("metricFilter"), lambda name: _metric(name, schema).api_name)
    compile_filter(row_filter)
    compile_filter(metric_filter)
    asked = {field.api_name for field in metrics}
    return {
        "dimension_names": tuple(dimension_names),
        "dimensions": dimensions,
        "metric_names": tuple(metric_names),
        "metrics": metrics,
        "hidden": frozenset(i for i, item in enumerate(message.get("metrics", [])) if item.get("invisible")),
        "filter": row_filter,
        "metric_filter": metric_filter,
        "filter_metrics": tuple(name for name in names if name not in asked),
        "limit": _limit(message.get("limit", 0)),
        "offset": _offset(message.get("offset", 0)),
        "aggregations": tuple(name for name in message.get("metricAggregations", []) if name),
        "keep_empty_rows": message.get("keepEmptyRows", False),
        "want_quota": message.get("returnPropertyQuota", False),
    }


def _see(schema: Schema) -> str:
    return f"For a list of valid dimensions and metrics, see {SCHEMA_URL.format(schema.page)} "


def _dimension(name: str, schema: Schema) -> Dimension:
    found = schema.dimension(name)
    if found is None:
        raise invalid(f"{_hint(name, schema.dimension)}Field {name} is not a valid dimension. {_see(schema)}")
    return found


def _metric(name: str, schema: Schema) -> Metric:
    found = schema.metric(name)
    if found is None:
        raise invalid(f"{_hint(name, schema.metric)}Field {name} is not a valid metric.  {_see(schema)}")
    return found


def _hint(name: str, find: Callable[[str], Any]) -> str:
    """Google suggests the field that differs in its first letter or by a plural only."""
    guesses = (name[:1].lower() + name[1:], name + "s", name.removesuffix("s"))
    guess = next((guess for guess in guesses if guess != name and find(guess)), None)
    return f"Did you mean {guess}? " if guess else ""


def _current(
    expression: Mapping[str, Any] | None, rename: Callable[[str], str]
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """The filter with every field under its current name, and those names."""
    renamed = _renamed(expression, rename) if expression else None
    return renamed, field_names(renamed)


def _renamed(expression: Mapping[str, Any], rename: Callable[[str], str]) -> dict[str, Any]:
    changed = dict(expression)
    if "filter" in changed:
        name = changed["filter"].get("fieldName", "")
        changed["filter"] = changed["filter"] | {"fieldName": rename(name)}
    if "notExpression" in changed:
        changed["notExpression"] = _renamed(changed["notExpression"], rename)
    for group in ("andGroup", "orGroup"):
        if group in changed:
            inner = [_renamed(item, rename) for item in changed[group].get("expressions", [])]
            changed[group] = {"expressions": inner}
    return changed


def _limit(limit: int) -> int:
    if limit < 0:
        raise invalid(f"limit must be positive. The API received limit = {limit}")
    return min(limit or DEFAULT_LIMIT, MAX_LIMIT)


def _offset(offset: int) -> int:
    if offset < 0:
        raise invalid(f"offset must be non-negative. The API received offset = {offset}")
    return offset


def _date_ranges(messages: Sequence[Mapping[str, str]], today: date) -> tuple[DateRange, ...]:
    if not messages:
        raise invalid("A dateRange is required.")
    if len(messages) > 4:
        raise invalid(
            f"Requests are limited to 4 dateRanges.\n  This request contains {len(messages)} dateRanges."
        )
    return tuple(_date_range(index, message, today) for index, message in enumerate(messages))


def _date_range(index: int, message: Mapping[str, str], today: date) -> DateRange:
    start = parse_day(message.get("startDate", ""), today, "startDate")
    end = parse_day(message.get("endDate", ""), today, "endDate")
    if start > end:
        raise invalid(
            f"start_date must be less than or equal to end_date. start_date = {start} and end_date = {end}"
        )
    return DateRange(start, end, _range_name(message.get("name", ""), index))


def _range_name(name: str, index: int) -> str:
    if name.startswith(("date_range_", "RESERVED_")):
        raise invalid(f"The dateRange name {name} cannot begin with date_range_ or RESERVED_.")
    return name or f"date_range_{index}"


def _minute_ranges(messages: Sequence[Mapping[str, Any]]) -> tuple[tuple[int, int, str], ...]:
    """(oldest, newest minutes ago, name) of each."""
    if len(messages) > 2:
        raise invalid(
            f"Requests are limited to 2 minuteRanges.\n  This request contains {len(messages)} minuteRanges."
        )
    return tuple(_minute_range(index, message) for index, message in enumerate(messages)) or ((29, 0, ""),)


def _minute_range(index: int, message: Mapping[str, Any]) -> tuple[int, int, str]:
    oldest, newest = message.get("startMinutesAgo", 29), message.get("endMinutesAgo", 0)
    if not 0 <= newest <= oldest:
        raise invalid(
            "startMinutesAgo must be greater than or equal to endMinutesAgo. "
            f"startMinutesAgo = {oldest} and endMinutesAgo = {newest}"
        )
    if oldest > 29:
        raise invalid(f"Standard properties are limited to the last 30 minutes. startMinutesAgo = {oldest}")
    return oldest, newest, _range_name(message.get("name", ""), index)


def _check_counts(message: Mapping[str, Any], request: dict[str, Any]) -> None:
    names = [field.api_name for field in request["dimensions"]]
    with_filter = dict.fromkeys([*names, *field_names(request["filter"])])
    _check_limit("dimensions", len(set(with_filter)) + len(names) - len(set(names)), 9)
    _check_limit("metrics", len(request["metrics"]), 10)
    if not names and not request["metrics"]:
        raise invalid("Requests require dimensions and/or metrics. Most requests include both.")
    if doubled := _doubled(names):
        raise invalid(f"Found duplicate dimensions: {doubled}")
    if doubled := _doubled([field.api_name for field in request["metrics"]]):
        raise invalid(f"Duplicate metrics are not allowed. Found duplicate metrics: {doubled}")
    if any("dimensionExpression" in item for item in message.get("dimensions", [])):
        raise invalid("The sandbox does not know dimensionExpression.")
    if any("expression" in item for item in message.get("metrics", [])):
        raise invalid("The sandbox does not know metric expressions.")
    _check_compatible(request)


def _check_limit(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise invalid(
            f"Requests are limited to {limit} {what} within a nested request. "
            f"This request is for {count} {what}."
        )


def _doubled(names: Sequence[str]) -> str | None:
    return next((name for index, name in enumerate(names) if name in names[:index]), None)


def _check_compatible(request: dict[str, Any]) -> None:
    filtered = [fields.dimension(name) for name in field_names(request["filter"])]
    metrics = [*request["metrics"], *(_metric(name, CORE) for name in request["filter_metrics"])]
    compat.check([*request["dimensions"], *(one for one in filtered if one)], metrics)


def _refuse_unsupported(message: Mapping[str, Any]) -> None:
    for name in ("cohortSpec", "comparisons"):
        if message.get(name):
            raise invalid(f"The sandbox does not know {name}.")


def _order_bys(message: Mapping[str, Any], request: dict[str, Any], *, several: bool) -> tuple[OrderBy, ...]:
    dimensions = [*request["dimension_names"], *([DATE_RANGE] if several else [])]
    columns = [*dimensions, *request["metric_names"]]
    return tuple(_order_by(item, columns) for item in message.get("orderBys", []))


def _order_by(item: Mapping[str, Any], columns: Sequence[str]) -> OrderBy:
    if "pivot" in item or ("metric" in item) == ("dimension" in item):
        raise invalid("An OrderBy must have exactly one of metric, dimension.")
    if "metric" in item:
        name, kind = item["metric"].get("metricName", ""), "METRIC"
    else:
        name = item["dimension"].get("dimensionName", "")
        kind = item["dimension"].get("orderType") or "ALPHANUMERIC"
    if name not in columns:
        raise invalid(f"Field {name} exists in OrderBy but is not defined in input Dimensions/Metrics list")
    return OrderBy(columns.index(name), bool(item.get("desc")), kind)


def fields_of(message: Mapping[str, Any]) -> tuple[list[Dimension], list[Metric]]:
    """The core fields that a message names, its filters included."""
    dimensions = [item.get("name", "") for item in message.get("dimensions", [])]
    metrics = [item.get("name", "") for item in message.get("metrics", [])]
    dimensions += field_names(message.get("dimensionFilter"))
    metrics += field_names(message.get("metricFilter"))
    return [_dimension(name, CORE) for name in dimensions], [_metric(name, CORE) for name in metrics]
