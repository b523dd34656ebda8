"""Google Analytics Data API: reports, realtime, metadata, compatibility.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from google_api import http
from google_api.admin import property_name
from google_api.errors import BadAnswer
from google_api.http import Api
from google_api.reports import Quota, QuotaStatus, Report, ReportMetadata, Row, parse_report
from google_api.shapes import Json, child, children, flag, text, texts

__all__ = [
    "BATCH_LIMIT",
    "Compatibility",
    "DateRange",
    "Field",
    "Metadata",
    "OrderBy",
    "Quota",
    "QuotaStatus",
    "RealtimeRequest",
    "Report",
    "ReportMetadata",
    "ReportRequest",
    "Row",
    "batch_run_reports",
    "check_compatibility",
    "get_metadata",
    "run_realtime_report",
    "run_report",
]

BATCH_LIMIT = 5  # reports in one batch; each counts as one of the property's concurrent requests


@dataclass(frozen=True)
class DateRange:
    """Days of the property, both included. `name` is needed where there are two or more ranges."""

    start: date
    end: date
    name: str = ""

    def to_wire(self) -> Json:
        wire: Json = {"startDate": self.start.isoformat(), "endDate": self.end.isoformat()}
        return {**wire, "name": self.name} if self.name else wire


@dataclass(frozen=True)
class OrderBy:
    """By the metric or the dimension `name`; `numeric` reads a dimension's values as numbers."""

    name: str
    desc: bool = True
    dimension: bool = False
    numeric: bool = False

    def to_wire(self) -> Json:
        by: Json = {"metric": {"metricName": self.name}}
        if self.dimension:
            order = "NUMERIC" if self.numeric else "ALPHANUMERIC"
            by = {"dimension": {"dimensionName": self.name, "orderType": order}}
        return {**by, "desc": True} if self.desc else by


@dataclass(frozen=True)
class ReportRequest:
    """One report. `aggregate` asks for totals, which only Google has; `limit` counts rows of all ranges."""

    date_ranges: tuple[DateRange, ...]
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    dimension_filter: Json | None = field(default=None, hash=False)  # Google's FilterExpression
    order_bys: tuple[OrderBy, ...] = ()
    limit: int = 10_000
    offset: int = 0
    aggregate: bool = True
    keep_empty_rows: bool = False
    metric_filter: Json | None = field(default=None, hash=False)  # the same, of figures that were added up

    @property
    def range_names(self) -> tuple[str, ...]:
        """What Google calls the ranges in its answer; () where there is one, which it does not name."""
        if len(self.date_ranges) < 2:
            return ()
        return tuple(each.name or f"date_range_{index}" for index, each in enumerate(self.date_ranges))

    def to_wire(self) -> Json:
        wire = {**_common_wire(self), "dateRanges": [each.to_wire() for each in self.date_ranges]}
        if self.offset:
            wire["offset"] = str(self.offset)
        if self.keep_empty_rows:
            wire["keepEmptyRows"] = True
        if self.metric_filter is not None:
            wire["metricFilter"] = self.metric_filter
        return wire


@dataclass(frozen=True)
class RealtimeRequest:
    """What is happening now: the last 30 minutes."""

    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    dimension_filter: Json | None = field(default=None, hash=False)  # Google's FilterExpression
    limit: int = 10_000
    order_bys: tuple[OrderBy, ...] = ()
    aggregate: bool = True

    range_names: ClassVar[tuple[str, ...]] = ()

    def to_wire(self) -> Json:
        return _common_wire(self)


def _common_wire(request: ReportRequest | RealtimeRequest) -> Json:
    wire: Json = {
        "dimensions": [{"name": name} for name in request.dimensions],
        "metrics": [{"name": name} for name in request.metrics],
        "limit": str(request.limit),  # 64 bits are strings in Google's JSON
        "returnPropertyQuota": True,
    }
    if request.dimension_filter is not None:
        wire["dimensionFilter"] = request.dimension_filter
    if request.order_bys:
        wire["orderBys"] = [order.to_wire() for order in request.order_bys]
    if request.aggregate:
        wire["metricAggregations"] = ["TOTAL"]
    return wire


def run_report(api: Api, property_id: str, request: ReportRequest) -> Report:
    """The answer to `request`. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runReport
    """
    return http.ask(api, _path(property_id, "runReport"), _reader(request), request.to_wire())


def batch_run_reports(api: Api, property_id: str, requests: Sequence[ReportRequest]) -> tuple[Report, ...]:
    """The answers to at most five `requests`, in their order: all of them, or a `GoogleError`.

    https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/batchRunReports
    """
    if not 1 <= len(requests) <= BATCH_LIMIT:
        raise ValueError(f"a batch has 1 to {BATCH_LIMIT} reports, not {len(requests)}")
    question: Json = {"requests": [request.to_wire() for request in requests]}
    return http.ask(api, _path(property_id, "batchRunReports"), _batch_reader(requests), question)


def run_realtime_report(api: Api, property_id: str, request: RealtimeRequest) -> Report:
    """What is happening now, without metadata. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/runRealtimeReport
    """
    return http.ask(api, _path(property_id, "runRealtimeReport"), _reader(request), request.to_wire())


def _reader(request: ReportRequest | RealtimeRequest) -> Callable[[Json], Report]:
    return lambda answer: parse_report(answer, request.dimensions, request.metrics, request.range_names)


def _batch_reader(requests: Sequence[ReportRequest]) -> Callable[[Json], tuple[Report, ...]]:
    def read(answer: Json) -> tuple[Report, ...]:
        reports = children(answer, "reports")
        if len(reports) != len(requests):
            raise BadAnswer(f"{len(reports)} reports for {len(requests)} requests", status=200)
        return tuple(_reader(request)(each) for each, request in zip(reports, requests, strict=True))

    return read


def _path(property_id: str, method: str) -> str:
    return f"/v1beta/{property_name(property_id)}:{method}"


# What can be asked


@dataclass(frozen=True)
class Field:
    """A dimension or metric of one property; `type` and `blocked_reasons` are a metric's."""

    api_name: str
    ui_name: str  # Google's English
    description: str
    category: str
    custom: bool
    type: str = ""  # "TYPE_INTEGER"
    blocked_reasons: tuple[str, ...] = ()  # "NO_REVENUE_METRICS", "NO_COST_METRICS": it reads as zeros


@dataclass(frozen=True)
class Metadata:
    dimensions: tuple[Field, ...]
    metrics: tuple[Field, ...]


@dataclass(frozen=True)
class Compatibility:
    """For each field by its API name, whether it can be added to the fields that were asked about."""

    dimensions: Mapping[str, bool]
    metrics: Mapping[str, bool]

    def allows(self, name: str) -> bool:
        """Whether the dimension or metric `name` goes with the rest; False for an unknown one."""
        return self.dimensions.get(name, False) or self.metrics.get(name, False)


def get_metadata(api: Api, property_id: str) -> Metadata:
    """The dimensions and metrics that the property has. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/getMetadata
    """
    return http.get(api, f"/v1beta/{property_name(property_id)}/metadata", _metadata)


def _metadata(answer: Json) -> Metadata:
    return Metadata(
        dimensions=tuple(_field(item) for item in children(answer, "dimensions")),
        metrics=tuple(_field(item) for item in children(answer, "metrics")),
    )


def check_compatibility(
    api: Api,
    property_id: str,
    dimensions: Sequence[str],
    metrics: Sequence[str],
    dimension_filter: Json | None = None,
) -> Compatibility:
    """Which fields go with these. Raises a `GoogleError`; `IncompatibleFields` if not even these go together.

    https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/checkCompatibility
    """
    question: Json = {
        "dimensions": [{"name": name} for name in dimensions],
        "metrics": [{"name": name} for name in metrics],
    }
    if dimension_filter is not None:
        question["dimensionFilter"] = dimension_filter
    return http.ask(api, _path(property_id, "checkCompatibility"), _compatibility, question)


def _compatibility(answer: Json) -> Compatibility:
    return Compatibility(
        dimensions=_compatible(answer, "dimensionCompatibilities", "dimensionMetadata"),
        metrics=_compatible(answer, "metricCompatibilities", "metricMetadata"),
    )


def _field(item: Json) -> Field:
    return Field(
        api_name=text(item, "apiName"),
        ui_name=text(item, "uiName"),
        description=text(item, "description"),
        category=text(item, "category"),
        custom=flag(item, "customDefinition"),
        type=text(item, "type"),
        blocked_reasons=texts(item, "blockedReasons"),
    )


def _compatible(answer: Json, key: str, metadata_key: str) -> dict[str, bool]:
    return {
        text(child(item, metadata_key), "apiName"): text(item, "compatibility") == "COMPATIBLE"
        for item in children(answer, key)
    }
