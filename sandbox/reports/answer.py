"""Rows made into Google's answer: order, page, totals, and numbers written as protobuf writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sandbox.properties import Property
from sandbox.reports.fields import Metric
from sandbox.reports.filters import compile_filter
from sandbox.reports.question import Question, Source
from sandbox.reports.request import DATE_RANGE, OrderBy, ReportRequest

TOO_FEW = 10  # visitors below which a thresholded row is withheld
_AGGREGATES = (
    ("TOTAL", "totals", "RESERVED_TOTAL"),
    ("MAXIMUM", "maximums", "RESERVED_MAX"),
    ("MINIMUM", "minimums", "RESERVED_MIN"),
)


@dataclass(frozen=True)
class _Row:
    """Dimensions include the date range's name where there are several."""

    dimensions: tuple[str, ...]
    metrics: Sequence[float]
    part: int


def number_text(value: float) -> str:
    """As protobuf prints: 15 significant digits, 17 where 15 are not enough, no `.0`."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.15g}"
    return text if float(text) == value else f"{value:.17g}"


def metric_text(metric: Metric, value: float) -> str:
    return str(int(value)) if metric.type == "INTEGER" else number_text(value)


def answer(
    request: ReportRequest, prop: Property, source: Source, now: datetime, kind: str
) -> dict[str, Any]:
    """The report's JSON without quota; `now` is the property's local time."""
    questions = [_question(request, prop, now, part) for part in range(request.parts)]
    rows = [row for part, question in enumerate(questions) for row in _rows(request, source, question, part)]
    body: dict[str, Any] = _headers(request)
    ordered = _ordered(rows, request)
    page = ordered[request.offset : request.offset + request.limit]
    if page:
        body["rows"] = [_row_json(request, row.dimensions, row.metrics) for row in page]
    body |= _aggregates(request, source, questions, rows)
    if rows:
        body["rowCount"] = len(rows)
    if not request.minutes:
        body["metadata"] = _metadata(request, prop)
    return body | {"kind": kind}


def _question(request: ReportRequest, prop: Property, now: datetime, part: int) -> Question:
    return Question(
        property=prop,
        range=replace(request.ranges[0 if request.minutes else part], name=""),
        dimensions=tuple(field.api_name for field in request.dimensions),
        metrics=tuple(field.api_name for field in request.metrics) + request.filter_metrics,
        now=now,
        filter=request.filter,
        minutes=request.minutes[part][:2] if request.minutes else None,
    )


def _part_name(request: ReportRequest, part: int) -> tuple[str, ...]:
    """The `dateRange` value, which exists only where there are several."""
    if request.parts < 2:
        return ()
    return (request.minutes[part][2] if request.minutes else request.ranges[part].name,)


def _rows(request: ReportRequest, source: Source, question: Question, part: int) -> list[_Row]:
    name = _part_name(request, part)
    found = source.rows(question)
    kept = (
        _above_threshold(request, source, question, found)
        if request.thresholded and not request.minutes
        else set(found)
    )
    rows = [_Row((*key, *name), values, part) for key, values in found.items() if key in kept]
    return [
        row for row in _filtered(request, question, rows) if request.keep_empty_rows or _counts(request, row)
    ]


def _above_threshold(
    request: ReportRequest, source: Source, question: Question, found: Iterable[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Rows of so few people that they might be recognised are withheld."""
    users = Question(
        question.property, question.range, question.dimensions, ("totalUsers",), question.now, question.filter
    )
    return {key for key, (count,) in source.rows(users).items() if count >= TOO_FEW} & set(found)


def _filtered(request: ReportRequest, question: Question, rows: list[_Row]) -> list[_Row]:
    passes = compile_filter(request.metric_filter)
    if passes is None:
        return rows
    return [row for row in rows if passes(dict(zip(question.metrics, row.metrics, strict=True)))]


def _counts(request: ReportRequest, row: _Row) -> bool:
    """Rows whose every metric is zero are left out unless asked for."""
    return not request.metrics or any(row.metrics[: len(request.metrics)])


def _ordered(rows: list[_Row], request: ReportRequest) -> list[_Row]:
    """By what was asked, else by the first metric, largest first; equal rows by their dimensions."""
    dimensions = len(request.dimensions) + (request.parts > 1)
    default = (OrderBy(dimensions, True, "METRIC"),) if request.metrics else ()
    rows = sorted(rows, key=lambda row: row.dimensions)
    for order in reversed(request.order_bys or default):
        rows.sort(key=partial(_sort_key, order=order, dimensions=dimensions), reverse=order.desc)
    return rows


def _sort_key(row: _Row, *, order: OrderBy, dimensions: int) -> Any:
    if order.kind == "METRIC":
        return row.metrics[order.column - dimensions]
    value = row.dimensions[order.column]
    if order.kind == "NUMERIC":
        return _numeric(value)
    return value.lower() if order.kind == "CASE_INSENSITIVE_ALPHANUMERIC" else value


def _numeric(value: str) -> tuple[int, float]:
    """Values that are no number come before all numbers."""
    try:
        return 1, float(value)
    except ValueError:
        return 0, 0.0


def _headers(request: ReportRequest) -> dict[str, Any]:
    dimensions = [{"name": name} for name in request.dimension_names]
    dimensions += [{"name": DATE_RANGE}] if request.parts > 1 else []
    metrics = [
        {"name": name, "type": f"TYPE_{metric.type}"}
        for index, (name, metric) in enumerate(zip(request.metric_names, request.metrics, strict=True))
        if index not in request.hidden
    ]
    headers: dict[str, Any] = {"dimensionHeaders": dimensions} if dimensions else {}
    return headers | ({"metricHeaders": metrics} if metrics else {})


def _row_json(request: ReportRequest, dimensions: Sequence[str], values: Sequence[float]) -> dict[str, Any]:
    row: dict[str, Any] = (
        {"dimensionValues": [{"value": value} for value in dimensions]} if dimensions else {}
    )
    metrics = [
        {"value": metric_text(metric, values[index])}
        for index, metric in enumerate(request.metrics)
        if index not in request.hidden
    ]
    return row | ({"metricValues": metrics} if metrics else {})


def _aggregates(
    request: ReportRequest, source: Source, questions: Sequence[Question], rows: Sequence[_Row]
) -> dict[str, Any]:
    found = {}
    for name, key, reserved in _AGGREGATES:
        if name in request.aggregations and request.metrics:
            found[key] = [
                _aggregate(request, source, question, part, name, reserved, rows)
                for part, question in enumerate(questions)
            ]
    return found


def _aggregate(
    request: ReportRequest,
    source: Source,
    question: Question,
    part: int,
    name: str,
    reserved: str,
    rows: Sequence[_Row],
) -> dict[str, Any]:
    if name == "TOTAL":
        values = source.total(question)
    else:
        pick = max if name == "MAXIMUM" else min
        columns = list(zip(*(row.metrics for row in rows if row.part == part), strict=True))
        values = [pick(column) for column in columns] or [0] * len(question.metrics)
    dimensions = (*([reserved] * len(request.dimensions)), *_part_name(request, part))
    return _row_json(request, dimensions, values)


def _metadata(request: ReportRequest, prop: Property) -> dict[str, Any]:
    metadata: dict[str, Any] = {"currencyCode": prop.place.currency, "timeZone": prop.place.time_zone}
    if prop.folder is None and any(
        field.api_name.endswith("PlusQueryString") for field in request.dimensions
    ):
        metadata["dataLossFromOtherRow"] = True
    if request.thresholded:
        metadata["subjectToThresholding"] = True
    return metadata
