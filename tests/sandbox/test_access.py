"""Access tokens on every call, and paths that are not there."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.server import SandboxServer
from tests.sandbox.conftest import READONLY, ROBOT, SITE, Robot, report_body

AUTH = "https://www.googleapis.com/auth/"
REPORT = f"/v1beta/properties/{SITE}:runReport"
EXPECTED = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)


def test_no_credential_says_so(sandbox: SandboxServer) -> None:
    answer = requests.get(f"{sandbox.url}/v1beta/accountSummaries", timeout=10)
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (401, "UNAUTHENTICATED")
    assert error["message"] == f"Request is missing required authentication credential. {EXPECTED}"
    assert error["details"][0]["reason"] == "CREDENTIALS_MISSING"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="https://accounts.google.com/"'


def test_bad_credential_has_no_details(robot: Robot) -> None:
    robot.session.headers["Authorization"] = "Bearer ya29.nonsense"
    answer = robot.get("/v1beta/accountSummaries")
    assert answer.json() == {
        "error": {
            "code": 401,
            "message": f"Request had invalid authentication credentials. {EXPECTED}",
            "status": "UNAUTHENTICATED",
        }
    }
    expected = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    assert answer.headers["WWW-Authenticate"] == expected


def test_token_expires(robot: Robot) -> None:
    robot.control("POST", "clock", {"advance_s": 3600})
    assert robot.get("/v1beta/accountSummaries").status_code == 401


def test_expired_by_hand(robot: Robot) -> None:
    assert robot.control("POST", "expire", {"email": ROBOT}) == {"expired": 1}
    assert robot.get("/v1beta/accountSummaries").status_code == 401


def test_token_in_the_query(sandbox: SandboxServer, robot: Robot) -> None:
    url = f"{sandbox.url}/v1beta/accountSummaries"
    assert requests.get(url, params={"access_token": robot.token}, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("scope", "admin", "data"),
    [
        (READONLY, 200, 200),
        (AUTH + "analytics", 403, 200),
        (AUTH + "analytics.edit", 200, 403),
        (AUTH + "analytics.manage.users", 403, 403),
    ],
)
def test_each_api_takes_its_own_scopes(robots: Any, scope: str, admin: int, data: int) -> None:
    robot = robots(ROBOT, scope)
    assert robot.get("/v1beta/accountSummaries").status_code == admin
    assert robot.post(REPORT, report_body(metrics="sessions")).status_code == data


def test_missing_scope_names_service_and_method(robots: Any) -> None:
    error = robots(ROBOT, AUTH + "analytics.edit").post(REPORT, {}).json()["error"]
    assert error["message"] == "Request had insufficient authentication scopes."
    assert error["details"] == [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
            "metadata": {
                "service": "analyticsdata.googleapis.com",
                "method": "google.analytics.data.v1beta.BetaAnalyticsData.RunReport",
            },
        }
    ]


@pytest.mark.parametrize("property_id", ["310000003", "0310000001", "99999999999999999999"])
def test_foreign_property_is_forbidden_or_no_number(robot: Robot, property_id: str) -> None:
    answer = robot.post(f"/v1beta/properties/{property_id}:runReport", report_body(metrics="sessions"))
    assert answer.status_code == (400 if len(property_id) > 18 else 403)


def test_forbidden_property_has_googles_words(robot: Robot) -> None:
    assert robot.refused("310000003", metrics="sessions") == (
        403,
        "User does not have sufficient permissions for this property. To learn more about Property ID, see "
        "https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.",
    )


def test_property_in_the_trash_is_forbidden(robot: Robot) -> None:
    robot.control("POST", "trash", {"property": SITE})
    assert robot.refused(SITE, metrics="sessions")[0] == 403
    robot.control("POST", "trash", {"property": SITE, "restore": True})
    assert robot.report(SITE, metrics="sessions")["rowCount"] == 1


def test_grant_taken_away_is_forbidden(robot: Robot) -> None:
    robot.control("POST", "revoke", {"email": ROBOT, "property": SITE})
    assert robot.refused(SITE, metrics="sessions")[0] == 403


def test_words_for_a_property_id_that_is_no_number(robot: Robot) -> None:
    assert robot.refused("abc", metrics="sessions") == (
        400,
        "Invalid property ID: abc. A numeric Property ID is required. To learn more about Property ID, see "
        "https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.",
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", REPORT),
        ("DELETE", "/v1beta/accountSummaries"),
        ("POST", "/v1beta/properties/1:runNothing"),
        ("GET", "/token"),
        ("PUT", "/token"),
        ("GET", "/_sandbox/nothing"),
    ],
)
def test_unknown_path_or_verb_is_a_page(robot: Robot, method: str, path: str) -> None:
    answer = robot.ask(method, path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")


def test_who_calls_is_checked_before_what(sandbox: SandboxServer) -> None:
    answer = requests.post(f"{sandbox.url}{REPORT}", data="{not json", timeout=10)
    assert answer.status_code == 401


def test_connection_is_kept(robot: Robot) -> None:
    answers = [robot.get("/v1beta/accountSummaries") for _ in range(3)]
    ports = {answer.raw._connection for answer in answers}
    assert ([answer.status_code for answer in answers], len(ports)) == ([200, 200, 200], 1)
