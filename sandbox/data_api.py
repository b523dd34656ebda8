"""The Analytics Data API v1beta: reports, batches, realtime, metadata, compatibility.

https://developers.google.com/analytics/devguides/reporting/data/v1/rest
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import transcoding
from sandbox.errors import invalid, property_forbidden, property_not_numeric
from sandbox.oauth import DATA_SCOPES
from sandbox.properties import Property
from sandbox.quotas import report_cost
from sandbox.reports import compat, fields
from sandbox.reports import request as requests
from sandbox.reports.answer import answer
from sandbox.reports.request import ReportRequest
from sandbox.state import Bearer
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

SERVICE = "analyticsdata.googleapis.com"
_METHOD = "google.analytics.data.v1beta.BetaAnalyticsData."
_DIGITS = re.compile(r"\d{1,18}")
_PROPERTY_PATH = re.compile(r"/v1beta/properties/(\d+)(:|/metadata)")
BATCH_LIMIT = 5


@dataclass(frozen=True)
class _Call:
    """One request's caller and property, both checked."""

    property: Property
    project: str
    api: str  # the quota bucket: core or realtime
    reports: int


class DataApi:
    def __init__(self, world: World) -> None:
        self.world = world

    # Methods

    def run_report(self, request: Request, property_id: str) -> Response:
        caller = self._caller(request, "RunReport")
        message = transcoding.parse(request.body, transcoding.RUN_REPORT)
        call = self._call(caller, property_id, "core", 1)
        with self._slots(call, request):
            return json_response(self._report(call, message))

    def batch_run_reports(self, request: Request, property_id: str) -> Response:
        caller = self._caller(request, "BatchRunReports")
        messages = transcoding.parse(request.body, transcoding.BATCH_RUN_REPORTS).get("requests", [])
        call = self._call(caller, property_id, "core", len(messages))
        if len(messages) > BATCH_LIMIT:
            raise invalid(
                f"Batch requests are limited to {BATCH_LIMIT} requests.\n"
                f"  This batch request contains {len(messages)} requests."
            )
        asked = [self._parsed(call, message) for message in messages]
        with self._slots(call, request):
            reports = [self._answered(call, one) for one in asked]
        answered = {"reports": reports} if reports else {}
        return json_response(answered | {"kind": "analyticsData#batchRunReports"})

    def run_realtime_report(self, request: Request, property_id: str) -> Response:
        caller = self._caller(request, "RunRealtimeReport")
        message = transcoding.parse(request.body, transcoding.RUN_REALTIME_REPORT)
        call = self._call(caller, property_id, "realtime", 1)
        asked = requests.realtime(message, self.world.now_at(call.property).date())
        with self._slots(call, request):
            return json_response(self._answered(call, asked, "analyticsData#runRealtimeReport"))

    def metadata(self, request: Request, property_id: str) -> Response:
        caller = self._caller(request, "GetMetadata")
        if property_id != "0":
            call = self._call(caller, property_id, "core", 1)
            self.world.quotas.spend("core", call.property.id, call.project, 1)
        return json_response(
            {
                "name": f"properties/{property_id}/metadata",
                "dimensions": [field.metadata() for field in fields.DIMENSIONS.values()],
                "metrics": [field.metadata() for field in fields.METRICS.values()],
            }
        )

    def check_compatibility(self, request: Request, property_id: str) -> Response:
        caller = self._caller(request, "CheckCompatibility")
        message = transcoding.parse(request.body, transcoding.CHECK_COMPATIBILITY)
        call = self._call(caller, property_id, "core", 1)
        self.world.quotas.spend("core", call.property.id, call.project, 1)
        return json_response(_compatibility(message))

    # Who, whose, how many

    def _caller(self, request: Request, method: str) -> Bearer:
        return self.world.tokens.check(request, service=SERVICE, method=_METHOD + method, scopes=DATA_SCOPES)

    def _call(self, caller: Bearer, property_id: str, api: str, reports: int) -> _Call:
        if not _DIGITS.fullmatch(property_id):
            raise property_not_numeric(property_id)
        roles = self.world.access.on_property(caller.email, property_id)
        if not roles or self.world.state.trashed_at(property_id) is not None:
            raise property_forbidden()
        project = self.world.project_of(caller.email)
        self.world.quotas.check_server_errors(api, property_id, project)
        return _Call(self.world.directory.property(property_id), project, api, reports)

    def _slots(self, call: _Call, request: Request) -> Any:
        """Hold the property's slots for as long as the answer takes, the ordered delay included."""
        return _Delayed(self.world.quotas.slots(call.api, call.property.id, call.reports), request.delay)

    # Reports

    def _parsed(self, call: _Call, message: Mapping[str, Any]) -> ReportRequest:
        request = requests.core(message, self.world.now_at(call.property).date())
        currency = message.get("currencyCode") or call.property.place.currency
        if currency != call.property.place.currency:
            raise invalid("The sandbox does not convert currencies.")
        return request

    def _report(self, call: _Call, message: Mapping[str, Any]) -> dict[str, Any]:
        return self._answered(call, self._parsed(call, message))

    def _answered(
        self, call: _Call, asked: ReportRequest, kind: str = "analyticsData#runReport"
    ) -> dict[str, Any]:
        quotas = self.world.quotas
        tokens = report_cost(asked.days, len(asked.dimensions), len(asked.metrics))
        where = (call.api, call.property.id, call.project, tokens)
        quotas.spend(*where, thresholded=asked.thresholded)
        now = self.world.now_at(call.property)
        body = answer(asked, call.property, self.world.sources, now, kind)
        if asked.want_quota:
            body["propertyQuota"] = quotas.property_quota(
                *where, thresholded=asked.thresholded, reports=call.reports
            )
        return body


class _Delayed:
    """A context that, once entered, waits."""

    def __init__(self, inner: Any, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    def __enter__(self) -> None:
        self._inner.__enter__()
        if self._seconds:
            time.sleep(self._seconds)

    def __exit__(self, *error: Any) -> None:
        self._inner.__exit__(*error)


def _compatibility(message: Mapping[str, Any]) -> dict[str, Any]:
    """Every field, with whether it could be added to what is asked."""
    dimensions, metrics = requests.fields_of(message)
    compat.check(dimensions, metrics)
    wanted = message.get("compatibilityFilter")
    lists = {
        "dimensionCompatibilities": [
            {
                "dimensionMetadata": one.metadata(),
                "compatibility": _verdict(compat.clash([*dimensions, one], metrics)),
            }
            for one in fields.DIMENSIONS.values()
        ],
        "metricCompatibilities": [
            {
                "metricMetadata": one.metadata(),
                "compatibility": _verdict(compat.clash(dimensions, [*metrics, one])),
            }
            for one in fields.METRICS.values()
        ],
    }
    return {
        key: [one for one in found if wanted in (None, one["compatibility"])] for key, found in lists.items()
    }


def _verdict(clash: str | None) -> str:
    return "COMPATIBLE" if clash is None else "INCOMPATIBLE"


def property_of(path: str) -> tuple[str, str] | None:
    """(quota bucket, property id) that a path of this API concerns."""
    match = _PROPERTY_PATH.match(path)
    return ("realtime" if "Realtime" in path else "core", match.group(1)) if match else None


def routes(api: DataApi) -> list[tuple[str, str, Callable[..., Response]]]:
    """(method, path, handler); groups of the path are the handler's further arguments."""
    return [
        ("POST", r"/v1beta/properties/([^/:]+):runReport", api.run_report),
        ("POST", r"/v1beta/properties/([^/:]+):batchRunReports", api.batch_run_reports),
        ("POST", r"/v1beta/properties/([^/:]+):runRealtimeReport", api.run_realtime_report),
        ("POST", r"/v1beta/properties/([^/:]+):checkCompatibility", api.check_compatibility),
        ("GET", r"/v1beta/properties/([^/:]+)/metadata", api.metadata),
    ]
