"""What the Data API answers: rows, totals, metadata and quota, read strictly and kept compactly.

All of Google's values are strings, and what is false, zero or empty is left out. A number that is none, or a
row with too few values, is no answer: better no figure than a wrong one.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/RunReportResponse
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from google_api.errors import BadAnswer
from google_api.shapes import Json, child, children, count, flag, text

Number = int | float

_INTEGER = re.compile(r"-?[0-9]{1,30}")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")


class Row(NamedTuple):
    dimensions: tuple[str, ...]
    metrics: tuple[Number, ...]


@dataclass(frozen=True)
class Part:
    """The rows of one date range, in Google's order, and its totals (None where Google gives none)."""

    name: str  # of the range; "" where the report has but one
    rows: tuple[Row, ...]
    totals: tuple[Number, ...] | None


@dataclass(frozen=True)
class ReportMetadata:
    """What Google says of the figures. `sampled` is the share of events read (0 to 1), None if all were."""

    currency_code: str = ""
    time_zone: str = ""
    data_loss_from_other_row: bool = False
    subject_to_thresholding: bool = False
    sampled: float | None = None
    empty_reason: str = ""
    truncated: tuple[str, ...] = ()  # "DATA_TRUNCATION_TYPE_DATE_RANGE", …
    restricted_metrics: tuple[str, ...] = ()  # read as zeros: the credential may not see costs or revenue


@dataclass(frozen=True)
class QuotaStatus:
    consumed: int  # by this request
    remaining: int


@dataclass(frozen=True)
class Quota:
    """What is left of the property's quotas after this request."""

    tokens_per_day: QuotaStatus
    tokens_per_hour: QuotaStatus
    tokens_per_project_per_hour: QuotaStatus
    concurrent_requests: QuotaStatus
    server_errors_per_project_per_hour: QuotaStatus
    potentially_thresholded_requests_per_hour: QuotaStatus


@dataclass(frozen=True)
class Report:
    """One answer. `dimensions` leaves out Google's `dateRange`, which `parts` stand for instead."""

    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    metric_types: tuple[str, ...]  # "TYPE_INTEGER", "TYPE_CURRENCY", …
    parts: tuple[Part, ...]
    row_count: int  # of all ranges, before `limit`
    metadata: ReportMetadata
    quota: Quota | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all date ranges, one range after the other."""
        return tuple(row for part in self.parts for row in part.rows)

    def rows_of(self, range_name: str) -> tuple[Row, ...]:
        """The rows of one date range, () where it has none. A single range answers to any name."""
        part = self._part(range_name)
        return part.rows if part else ()

    def totals_of(self, range_name: str) -> tuple[Number, ...] | None:
        """Google's own totals of one date range, a number for each metric; None where it gave none."""
        part = self._part(range_name)
        return part.totals if part else None

    def _part(self, range_name: str) -> Part | None:
        if len(self.parts) == 1 and not self.parts[0].name:
            return self.parts[0]
        return next((part for part in self.parts if part.name == range_name), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, lossless. A row is one flat list: its dimensions, then its metrics."""
        return {
            "dimensions": list(self.dimensions),
            "metrics": list(self.metrics),
            "types": list(self.metric_types),
            "parts": [_part_to_list(part) for part in self.parts],
            "count": self.row_count,
            "metadata": _without_defaults(self.metadata),
            "quota": None if self.quota is None else _quota_to_list(self.quota),
        }

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Report:
        """The report that `to_dict` wrote. What something else wrote fails as it may: it is our own store."""
        width = len(kept["dimensions"])
        return cls(
            dimensions=tuple(kept["dimensions"]),
            metrics=tuple(kept["metrics"]),
            metric_types=tuple(kept["types"]),
            parts=tuple(_part_from_list(part, width) for part in kept["parts"]),
            row_count=kept["count"],
            metadata=_metadata_from_dict(kept["metadata"]),
            quota=None if kept["quota"] is None else _quota_from_list(kept["quota"]),
        )


# To and from the store


def _part_to_list(part: Part) -> list[Any]:
    rows = [[*row.dimensions, *row.metrics] for row in part.rows]
    return [part.name, rows, None if part.totals is None else list(part.totals)]


def _part_from_list(kept: list[Any], width: int) -> Part:
    name, rows, totals = kept
    return Part(
        name=name,
        rows=tuple(Row(tuple(row[:width]), tuple(row[width:])) for row in rows),
        totals=None if totals is None else tuple(totals),
    )


def _without_defaults(metadata: ReportMetadata) -> dict[str, Any]:
    usual = asdict(ReportMetadata())
    kept = {name: value for name, value in asdict(metadata).items() if value != usual[name]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}


def _metadata_from_dict(kept: dict[str, Any]) -> ReportMetadata:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    return ReportMetadata(**values)


def _quota_to_list(quota: Quota) -> list[list[int]]:
    statuses: list[QuotaStatus] = [getattr(quota, each.name) for each in fields(Quota)]
    return [[status.consumed, status.remaining] for status in statuses]


def _quota_from_list(kept: list[list[int]]) -> Quota:
    return Quota(*(QuotaStatus(consumed, remaining) for consumed, remaining in kept))


# From the wire


def parse_report(
    answer: Json, dimensions: Sequence[str], metrics: Sequence[str], range_names: Sequence[str]
) -> Report:
    """Google's answer to a question for these dimensions and metrics. Raises `BadAnswer`.

    `range_names` are those of two or more date ranges, else empty: with two or more, Google adds a dimension
    `dateRange` as the last.
    """
    types = _metric_types(answer, metrics)
    _check_dimension_headers(answer, len(dimensions) + bool(range_names))
    rows = [_row(item, types, len(dimensions) + bool(range_names)) for item in children(answer, "rows")]
    totals = [_values(item, types) for item in children(answer, "totals") if item]
    return Report(
        dimensions=tuple(dimensions),
        metrics=tuple(metrics),
        metric_types=types,
        parts=_parts(rows, totals, range_names),
        row_count=count(answer, "rowCount"),
        metadata=_metadata(child(answer, "metadata")),
        quota=_quota(child(answer, "propertyQuota")),
    )


def _metric_types(answer: Json, metrics: Sequence[str]) -> tuple[str, ...]:
    headers = children(answer, "metricHeaders")
    if len(headers) != len(metrics):
        raise BadAnswer("metricHeaders do not match the question", status=200)
    return tuple(text(header, "type") for header in headers)


def _check_dimension_headers(answer: Json, expected: int) -> None:
    if len(children(answer, "dimensionHeaders")) != expected:
        raise BadAnswer("dimensionHeaders do not match the question", status=200)


def _row(item: Json, types: Sequence[str], width: int) -> Row:
    row = _values(item, types)
    if len(row.dimensions) != width:
        raise BadAnswer("a row with too few or too many dimensions", status=200)
    return row


def _values(item: Json, types: Sequence[str]) -> Row:
    """A row of any width: in totals the dimensions are RESERVED_TOTAL and, last, the date range."""
    values = [text(value, "value") for value in children(item, "metricValues")]
    if len(values) != len(types):
        raise BadAnswer("a row with too few or too many metrics", status=200)
    return Row(
        dimensions=tuple(text(value, "value") for value in children(item, "dimensionValues")),
        metrics=tuple(_number(value, kind) for value, kind in zip(values, types, strict=True)),
    )


def _number(value: str, metric_type: str) -> Number:
    """Google writes integers in full; other numbers have the digits they need, some an exponent."""
    if metric_type == "TYPE_INTEGER":
        if _INTEGER.fullmatch(value):
            return int(value)
    elif _DECIMAL.fullmatch(value) and math.isfinite(float(value)):
        return float(value)
    raise BadAnswer("a metric that is no number", status=200)


def _parts(rows: list[Row], totals: list[Row], range_names: Sequence[str]) -> tuple[Part, ...]:
    if not range_names:
        return (Part("", tuple(rows), totals[0].metrics if totals else None),)
    by_name: dict[str, list[Row]] = {name: [] for name in range_names}
    for row in rows:
        if row.dimensions[-1] not in by_name:
            raise BadAnswer("a row of a date range that was not asked for", status=200)
        by_name[row.dimensions[-1]].append(Row(row.dimensions[:-1], row.metrics))
    totals_by_name = {total.dimensions[-1]: total.metrics for total in totals if total.dimensions}
    return tuple(Part(name, tuple(found), totals_by_name.get(name)) for name, found in by_name.items())


def _metadata(wire: Json) -> ReportMetadata:
    restrictions = children(child(wire, "schemaRestrictionResponse"), "activeMetricRestrictions")
    return ReportMetadata(
        currency_code=text(wire, "currencyCode"),
        time_zone=text(wire, "timeZone"),
        data_loss_from_other_row=flag(wire, "dataLossFromOtherRow"),
        subject_to_thresholding=flag(wire, "subjectToThresholding"),
        sampled=_share_read(children(wire, "samplingMetadatas")),
        empty_reason=text(wire, "emptyReason"),
        truncated=tuple(text(each, "dataTruncationType") for each in children(wire, "dataTruncationReasons")),
        restricted_metrics=tuple(text(each, "metricName") for each in restrictions),
    )


def _share_read(samplings: list[Json]) -> float | None:
    """The share of events that were read, of the date range where it is the smallest."""
    pairs = [(count(each, "samplesReadCount"), count(each, "samplingSpaceSize")) for each in samplings]
    return min((read / space for read, space in pairs if space > 0), default=None)


_QUOTAS = (
    "tokensPerDay",
    "tokensPerHour",
    "tokensPerProjectPerHour",
    "concurrentRequests",
    "serverErrorsPerProjectPerHour",
    "potentiallyThresholdedRequestsPerHour",
)


def _quota(wire: Json) -> Quota | None:
    """None where Google gives none, or not all of it: what is left out must not be taken for nothing left."""
    if not all(name in wire for name in _QUOTAS):
        return None
    statuses = [child(wire, name) for name in _QUOTAS]
    return Quota(*(QuotaStatus(count(each, "consumed"), count(each, "remaining")) for each in statuses))
