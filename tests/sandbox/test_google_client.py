"""Google's own Python client works against the sandbox, and raises Google's own errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from sandbox.server import SandboxServer
from tests import discovery
from tests.sandbox.conftest import SITE, Robot

REPORT = {
    "dateRanges": [{"startDate": "7daysAgo", "endDate": "yesterday"}],
    "dimensions": [{"name": "date"}],
    "metrics": [{"name": "sessions"}],
}


def build(server: SandboxServer, token: str, api: str, path: str = "") -> Any:
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
    http = google_auth_httplib2.AuthorizedHttp(
        Credentials(token, expiry=later), http=httplib2.Http(timeout=10)
    )
    document = json.dumps(discovery.document(api))
    return build_from_document(document, http=http, client_options={"api_endpoint": server.url + path})


@pytest.fixture
def admin(sandbox: SandboxServer, robot: Robot) -> Iterator[Any]:
    with build(sandbox, robot.token, "analyticsadmin.v1beta") as service:
        yield service


@pytest.fixture
def data(sandbox: SandboxServer, robot: Robot) -> Iterator[Any]:
    with build(sandbox, robot.token, "analyticsdata.v1beta") as service:
        yield service


def test_accounts_page_by_page(admin: Any) -> None:
    summaries = admin.accountSummaries()
    request, found = summaries.list(pageSize=2), []
    while request is not None:
        answer = request.execute()
        found += [one["displayName"] for one in answer["accountSummaries"]]
        request = summaries.list_next(request, answer)
    assert found[:2] == ["Osteria da Nino", "Marlow Cycles"]
    assert "Small" in found


def test_properties(admin: Any) -> None:
    listed = admin.properties().list(filter="parent:accounts/103333333").execute()["properties"]
    assert listed == [admin.properties().get(name=f"properties/{SITE}").execute()]
    assert admin.accounts().get(name="accounts/103333333").execute()["regionCode"] == "IT"


def test_metadata(data: Any) -> None:
    answer = data.properties().getMetadata(name=f"properties/{SITE}/metadata").execute()
    assert answer["name"] == f"properties/{SITE}/metadata"


def test_reports_single_and_in_a_batch(data: Any) -> None:
    properties = data.properties()
    report = properties.runReport(property=f"properties/{SITE}", body=REPORT).execute()
    batch = properties.batchRunReports(property=f"properties/{SITE}", body={"requests": [REPORT]}).execute()
    assert report["rowCount"] == 7
    assert batch["reports"] == [report]


def test_realtime_and_compatibility(data: Any) -> None:
    body = {"metrics": [{"name": "activeUsers"}]}
    realtime = data.properties().runRealtimeReport(property=f"properties/{SITE}", body=body).execute()
    assert realtime["kind"] == "analyticsData#runRealtimeReport"
    checked = data.properties().checkCompatibility(property=f"properties/{SITE}", body=body).execute()
    assert len(checked["metricCompatibilities"]) > 20


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        ({"status": 503}, 503, "The service is currently unavailable."),
        ({"reason": "concurrent"}, 429, "Exhausted concurrent requests quota."),
        ({"reason": "SERVICE_DISABLED"}, 403, "Google Analytics Data API has not been used in project"),
    ],
)
def test_google_errors_are_raised(
    data: Any, robot: Robot, fault: dict[str, Any], status: int, reason: str
) -> None:
    robot.control("POST", "faults", {"path": "runReport"} | fault)
    with pytest.raises(HttpError) as raised:
        data.properties().runReport(property=f"properties/{SITE}", body=REPORT).execute()
    assert (raised.value.status_code, raised.value.reason[: len(reason)]) == (status, reason)


def test_forbidden_property_is_raised(data: Any) -> None:
    with pytest.raises(HttpError) as raised:
        data.properties().runReport(property="properties/1", body=REPORT).execute()
    assert raised.value.status_code == 403
