"""Consent taken back: by the program at /revoke, or by the person."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.conftest import Robot
from tests.sandbox.oauth.program import EDIT, MARCO, NINA, READONLY, REVOKED, Program, refused


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(program: Program, which: str) -> None:
    body = program.tokens()
    assert program.post("/revoke", token=body[which]) == (200, {})
    assert program.refresh(body["refresh_token"]) == REVOKED
    assert program.get("/v1beta/accountSummaries", body["access_token"]).status_code == 401


def test_revoking_ends_the_person_for_all_clients_of_the_project(program: Program, desktop: Program) -> None:
    here, there = program.tokens(), desktop.tokens()
    program.post("/revoke", token=here["refresh_token"])
    assert desktop.refresh(there["refresh_token"]) == REVOKED


def test_other_people_and_other_projects_are_left(program: Program, desktop: Program) -> None:
    program.control("clients", id=desktop.client_id, project="another")
    nina, there = program.tokens(NINA), desktop.tokens()
    program.post("/revoke", token=program.tokens()["refresh_token"])
    assert program.refresh(nina["refresh_token"])[0] == 200
    assert desktop.refresh(there["refresh_token"])[0] == 200


def test_after_it_consent_is_asked_anew_and_old_scopes_are_gone(program: Program) -> None:
    program.post("/revoke", token=program.tokens()["refresh_token"])
    body = program.tokens(scope=EDIT, include_granted_scopes="true")
    assert (body["scope"], "refresh_token" in body) == (EDIT, True)


def test_a_token_that_works_no_more_is_invalid(program: Program) -> None:
    body = program.tokens()
    program.post("/revoke", token=body["refresh_token"])
    invalid = (400, refused("invalid_token", "Token expired or revoked"))
    again = [program.post("/revoke", token=token) for token in (*_both(body), "nonsense")]
    assert again == [invalid] * 3


def _both(body: dict[str, str]) -> tuple[str, str]:
    return body["access_token"], body["refresh_token"]


def test_the_token_may_stand_in_the_query(program: Program) -> None:
    token = program.tokens()["refresh_token"]
    assert program.post(f"/revoke?token={requests.utils.quote(token, safe='')}") == (200, {})


def test_a_robots_token_is_not_revocable(program: Program, robot: Robot) -> None:
    assert program.post("/revoke", token=robot.token) == (
        400,
        refused("invalid_request", "Token is not revocable."),
    )


def test_get_is_not_known(program: Program) -> None:
    answer = requests.get(f"{program.url}/revoke", params={"token": "x"}, timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")


def test_no_token_is_said(program: Program) -> None:
    assert program.post("/revoke") == (400, refused("invalid_request", "Missing required parameter: token"))


def test_a_person_takes_consent_back(program: Program) -> None:
    body = program.tokens()
    assert program.control("revoke", email=MARCO) == {"revoked": 1}
    assert program.refresh(body["refresh_token"]) == REVOKED
    assert program.tokens(scope=READONLY)["scope"] == READONLY
