"""Bad days by order."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from sandbox.faults import OAUTH_REASONS, RAPT, REASONS
from sandbox.server import SandboxServer
from tests.sandbox.conftest import SITE, Robot, report_body

REPORT = f"/v1beta/properties/{SITE}:runReport"


def fault(robot: Robot, **spec: Any) -> None:
    robot.control("POST", "faults", {"path": "runReport"} | spec)


def run(robot: Robot) -> requests.Response:
    """A report whose answer is not held against Google's documents: it is meant to be broken."""
    return robot.session.post(robot.url + REPORT, json=report_body(metrics="sessions"), timeout=5)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "INVALID_ARGUMENT"),
        (401, "UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"),
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
    ],
)
def test_a_status_alone_is_googles_plain_error(robot: Robot, status: int, name: str) -> None:
    fault(robot, status=status)
    answer = run(robot)
    assert (answer.status_code, answer.json()["error"]["status"]) == (status, name)


def test_bad_gateway_is_a_page(robot: Robot) -> None:
    fault(robot, status=502)
    answer = run(robot)
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html; charset=UTF-8")


@pytest.mark.parametrize(
    ("reason", "status", "beginning"),
    [
        ("SERVICE_DISABLED", 403, "Google Analytics Data API has not been used in project "),
        ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", 403, "Request had insufficient authentication scopes."),
        ("PERMISSION_DENIED", 403, "User does not have sufficient permissions for this property."),
        ("UNAUTHENTICATED", 401, "Request had invalid authentication credentials."),
        ("concurrent", 429, "Exhausted concurrent requests quota."),
        ("hourly tokens", 429, "Exhausted property tokens per hour."),
        ("project hourly tokens", 429, "Exhausted property tokens for a project per hour."),
        ("daily tokens", 429, "Exhausted property tokens per day."),
        ("thresholded", 429, "Exhausted potentially thresholded requests quota."),
        ("server errors", 429, "Exhausted server errors quota"),
        ("incompatible", 400, "Please remove itemName to make the request compatible"),
        ("rateLimitExceeded", 403, "Quota exceeded for quota metric"),
        ("something of my own", 400, "something of my own"),
    ],
)
def test_a_reason_is_googles_error_of_that_reason(
    robot: Robot, reason: str, status: int, beginning: str
) -> None:
    fault(robot, reason=reason)
    answer = run(robot)
    assert (answer.status_code, answer.json()["error"]["message"][: len(beginning)]) == (status, beginning)


def test_disabled_service_says_where_to_enable_it(robot: Robot) -> None:
    robot.control("POST", "faults", {"path": "accountSummaries", "reason": "SERVICE_DISABLED"})
    (detail,) = robot.get("/v1beta/accountSummaries").json()["error"]["details"]
    number = detail["metadata"]["containerInfo"]
    assert detail["reason"] == "SERVICE_DISABLED"
    assert detail["metadata"] == {
        "service": "analyticsadmin.googleapis.com",
        "serviceTitle": "Google Analytics Admin API",
        "consumer": f"projects/{number}",
        "containerInfo": number,
        "activationUrl": "https://console.developers.google.com/apis/api/analyticsadmin.googleapis.com/overview"
        f"?project={number}",
    }


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_has_an_answer(robot: Robot, reason: str) -> None:
    fault(robot, reason=reason)
    answer = run(robot)
    assert answer.json()["error"]["code"] == answer.status_code
    assert answer.status_code >= 400


@pytest.mark.parametrize("reason", [*sorted(OAUTH_REASONS), "own_error: Own words."])
def test_every_reason_of_the_token_endpoint_has_an_answer(
    sandbox: SandboxServer, robot: Robot, reason: str
) -> None:
    robot.control("POST", "faults", {"path": "^/token$", "reason": reason})
    answer = requests.post(f"{sandbox.url}/token", data={"grant_type": "x"}, timeout=5)
    status, error, words = OAUTH_REASONS.get(reason, (400, "own_error", "Own words."))
    subtype = {"error_subtype": reason} if reason in RAPT else {}
    expected = {"error": error, "error_description": words} | subtype
    assert (answer.status_code, answer.json()) == (status, expected)


def test_a_count_runs_out(robot: Robot) -> None:
    fault(robot, status=503, count=2)
    assert [run(robot).status_code for _ in range(3)] == [503, 503, 200]
    assert robot.control("GET", "faults") == {"faults": []}


def test_every_strikes_one_of_so_many_that_fit(robot: Robot) -> None:
    fault(robot, status=503, every=3)
    found = []
    for _ in range(6):
        found.append(run(robot).status_code)
        robot.get("/v1beta/accountSummaries")
    assert found == [200, 200, 503, 200, 200, 503]


def test_every_is_a_number_of_requests(robot: Robot) -> None:
    answer = robot.session.post(f"{robot.url}/_sandbox/faults", json={"every": -1}, timeout=5)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Not a fault: every must be 1 or more",
    )


def test_faults_end_when_cleared(robot: Robot) -> None:
    fault(robot, status=503)
    assert len(robot.control("GET", "faults")["faults"]) == 1
    robot.control("DELETE", "faults")
    assert run(robot).status_code == 200


def test_other_paths_are_spared(robot: Robot) -> None:
    fault(robot, status=503)
    assert robot.get("/v1beta/accountSummaries").status_code == 200


@pytest.mark.parametrize(("path", "method"), [("runReport", "POST"), ("accountSummaries", "GET")])
def test_delay_slows_the_true_answer(robot: Robot, path: str, method: str) -> None:
    robot.control("POST", "faults", {"path": path, "delay_ms": 150})
    started = time.perf_counter()
    answer = run(robot) if method == "POST" else robot.get("/v1beta/accountSummaries")
    assert (answer.status_code, time.perf_counter() - started > 0.15) == (200, True)


def test_dropped_connection(robot: Robot) -> None:
    fault(robot, drop=True, count=1)
    with pytest.raises(requests.ConnectionError):
        run(robot)
    assert run(robot).status_code == 200


def test_half_a_body(robot: Robot) -> None:
    fault(robot, body="half")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        run(robot)


@pytest.mark.parametrize(
    ("body", "beginning"), [("html", "<!DOCTYPE html>"), ("text", "OK"), ("truncated", '{"metricHeaders"')]
)
def test_answers_that_are_no_json(robot: Robot, body: str, beginning: str) -> None:
    fault(robot, body=body)
    answer = run(robot)
    assert (answer.status_code, answer.text[: len(beginning)]) == (200, beginning)
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Invalid"):
        answer.json()


def test_empty_answer(robot: Robot) -> None:
    fault(robot, body="empty")
    assert run(robot).content == b""


def test_redirect_leads_to_google(robot: Robot) -> None:
    fault(robot, status=302)
    answer = robot.session.post(robot.url + REPORT, json={}, allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://accounts.google.com/")


@pytest.mark.parametrize(
    "spec", [{"path": "("}, {"body": "strange"}, {"satus": 500}, {"status": 99}, {"count": "x"}, []]
)
def test_what_is_no_fault_is_refused(robot: Robot, spec: Any) -> None:
    assert robot.ask("POST", "/_sandbox/faults", json=spec).status_code == 400
    assert robot.control("GET", "faults") == {"faults": []}
