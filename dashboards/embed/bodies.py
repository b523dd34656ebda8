"""Answers in the shape of version 3 of the reporting API: its keys in its order, all values texts. Pure.

https://developers.google.com/analytics/devguides/reporting/core/v3/reference#data_response
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from dashboards.embed import results
from dashboards.embed.core_reporting import Query
from dashboards.embed.results import Result
from google_api import ua_names
from google_api.reports import Number, Report
from google_api.ua_names import DataType

Json = dict[str, Any]


@dataclass(frozen=True)
class Profile:
    """The view as version 3 described it. `number` is how the page names it."""

    number: str
    name: str
    property_id: str
    account_id: str

    def body(self) -> Json:
        """The ids of an account and a property that version 3 had are GA4's, in its writing."""
        return {
            "profileId": self.number,
            "accountId": self.account_id,
            "webPropertyId": web_property_id(self.property_id),
            "internalWebPropertyId": self.property_id,
            "profileName": self.name,
            "tableId": f"ga:{self.number}",
        }


def web_property_id(property_id: str) -> str:
    """GA4's property in the writing of Universal Analytics."""
    return f"UA-{property_id}-1"


def body(query: Query, report: Report, profile: Profile, address: str, fetched_at: datetime) -> Json:
    """The whole answer. `address` is where it was asked, without parameters. Raises V3Error."""
    rows, count = results.of(query, report)
    kinds = [_kind(query, report, index) for index in range(len(query.metrics))]
    here = _link(query, address, query.start_index)
    answer: Json = {
        "kind": "analytics#gaData",
        "id": here,
        "query": _echo(query),
        "itemsPerPage": query.max_results,
        "totalResults": count,
        "selfLink": here,
        **_neighbours(query, address, count),
        "profileInfo": profile.body(),
        "containsSampledData": report.metadata.sampled is not None,
        "dataLastRefreshed": str(int(fetched_at.timestamp())),
        "columnHeaders": _headers(query, kinds),
        "totalsForAllResults": _totals(query, report, kinds),
    }
    if query.wants_table:
        return answer | {"dataTable": _table(query, rows, kinds)}
    return answer | ({"rows": [_texts(row, kinds) for row in rows]} if rows else {})


def number_text(value: Number, kind: DataType) -> str:
    """A figure as version 3 wrote it; `value` is GA4's."""
    if kind == "PERCENT":
        value = float(f"{value * 100:.15g}")  # without the dust that multiplying leaves
    if kind == "INTEGER" and float(value).is_integer():
        return str(int(value))
    return repr(float(value))


def _kind(query: Query, report: Report, index: int) -> DataType:
    column = query.metrics[index]
    google_type = report.metric_types[report.metrics.index(column.name)]
    return column.data_type or ua_names.data_type(column.name, google_type)


def _echo(query: Query) -> Json:
    """The query as it was understood: relative dates as written, lists where version 3 had lists."""
    asked = query.echo
    echo: Json = {
        "start-date": asked.get("start-date", "7daysAgo"),
        "end-date": asked.get("end-date", "yesterday"),
        "ids": asked.get("ids", ""),
    }
    if "dimensions" in asked:
        echo["dimensions"] = asked["dimensions"]
    echo["metrics"] = asked["metrics"].split(",")
    if "sort" in asked:
        echo["sort"] = asked["sort"].split(",")
    echo |= {name: asked[name] for name in ("filters", "segment", "samplingLevel") if name in asked}
    return echo | {"start-index": query.start_index, "max-results": query.max_results}


def _link(query: Query, address: str, start_index: int) -> str:
    asked = {**query.echo, "start-index": str(start_index), "max-results": str(query.max_results)}
    if "start-index" not in query.echo and start_index == 1:
        del asked["start-index"]
    return f"{address}?{urlencode(asked)}"


def _neighbours(query: Query, address: str, count: int) -> Json:
    links: Json = {}
    if query.start_index > 1:
        links["previousLink"] = _link(query, address, max(1, query.start_index - query.max_results))
    if query.start_index - 1 + query.max_results < count:
        links["nextLink"] = _link(query, address, query.start_index + query.max_results)
    return links


def _headers(query: Query, kinds: Sequence[DataType]) -> list[Mapping[str, str]]:
    dimensions = [
        {"name": each.asked, "columnType": "DIMENSION", "dataType": "STRING"} for each in query.dimensions
    ]
    metrics = [
        {"name": each.asked, "columnType": "METRIC", "dataType": kind}
        for each, kind in zip(query.metrics, kinds, strict=True)
    ]
    return [*dimensions, *metrics]


def _totals(query: Query, report: Report, kinds: Sequence[DataType]) -> dict[str, str]:
    """Google's own totals; where it has nothing to add up, nothing."""
    totals = report.totals_of("") or (0,) * len(report.metrics)
    found = results.figures(query, report, totals)
    return {
        each.asked: number_text(value, kind)
        for each, value, kind in zip(query.metrics, found, kinds, strict=True)
    }


def _texts(row: Result, kinds: Sequence[DataType]) -> list[str]:
    return [
        *row.values,
        *(number_text(value, kind) for value, kind in zip(row.figures, kinds, strict=True)),
    ]


def _table(query: Query, rows: Sequence[Result], kinds: Sequence[DataType]) -> Json:
    """The rows as google.visualization.DataTable takes them: figures are numbers there."""
    columns = [{"id": each.asked, "label": each.asked, "type": "string"} for each in query.dimensions]
    columns += [{"id": each.asked, "label": each.asked, "type": "number"} for each in query.metrics]
    return {"cols": columns, "rows": [{"c": _cells(row, kinds)} for row in rows]}


def _cells(row: Result, kinds: Sequence[DataType]) -> list[Json]:
    texts = _texts(row, kinds)
    width = len(row.values)
    return [{"v": text} for text in texts[:width]] + [{"v": _as_number(text)} for text in texts[width:]]


def _as_number(text: str) -> Number:
    return float(text) if "." in text or "e" in text else int(text)
