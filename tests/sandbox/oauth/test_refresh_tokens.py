"""Refresh tokens: how they work, how many live, and how they die."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from sandbox.server import SandboxServer
from tests.sandbox.oauth.program import (
    BAD,
    DESKTOP,
    EDIT,
    MARCO,
    NINA,
    READONLY,
    REVOKED,
    WEB,
    Program,
    refused,
)

WEEK_S = 7 * 86400


def many(program: Program, count: int, email: str = MARCO) -> list[str]:
    return [program.tokens(email, prompt="consent")["refresh_token"] for _ in range(count)]


def living(program: Program, tokens: list[str]) -> list[bool]:
    return [program.refresh(token)[0] == 200 for token in tokens]


def test_refresh_gives_an_access_token_and_no_refresh_token(program: Program) -> None:
    status, body = program.refresh(program.tokens()["refresh_token"])
    assert program.get("/v1beta/accountSummaries", body.pop("access_token")).status_code == 200
    assert (status, body) == (200, {"expires_in": 3599, "token_type": "Bearer", "scope": READONLY})


def test_refresh_may_narrow_and_not_widen(program: Program) -> None:
    token = program.tokens(scope=f"{READONLY} {EDIT}")["refresh_token"]
    assert program.refresh(token, scope=READONLY)[1]["scope"] == READONLY
    wider = program.refresh(token, scope=f"{READONLY} openid")
    assert wider == (400, refused("invalid_scope", "Bad Request"))


def test_garbage_is_a_bad_request(program: Program) -> None:
    assert program.refresh("1//0nonsense") == BAD
    assert program.refresh("") == (
        400,
        refused("invalid_request", "Missing required parameter: refresh_token"),
    )


def test_another_clients_token_is_unauthorized(program: Program, desktop: Program) -> None:
    token = program.tokens()["refresh_token"]
    assert desktop.refresh(token) == (401, refused("unauthorized_client", "Unauthorized"))


def test_the_oldest_dies_silently_at_the_limit(program: Program) -> None:
    program.control("clients", token_limit=3)
    tokens = many(program, 5)
    assert living(program, tokens) == [False, False, True, True, True]
    assert program.refresh(tokens[0]) == REVOKED


def test_the_limit_is_each_persons_and_each_clients(program: Program, desktop: Program) -> None:
    for client_id, _ in (WEB, DESKTOP):
        program.control("clients", id=client_id, token_limit=1)
    tokens = many(program, 1) + many(program, 1, NINA)
    many(desktop, 2)
    assert living(program, tokens) == [True, True]


def test_the_access_token_of_one_that_died_at_the_limit_lives_on(program: Program) -> None:
    program.control("clients", token_limit=1)
    first = program.tokens(prompt="consent")
    many(program, 1)
    assert program.get("/v1beta/accountSummaries", first["access_token"]).status_code == 200


def test_in_testing_tokens_live_for_a_week(program: Program) -> None:
    program.control("clients", testing=True)
    body = program.tokens()
    assert body["refresh_token_expires_in"] == 604799
    program.control("clock", advance_s=WEEK_S - 60)
    assert program.refresh(body["refresh_token"])[0] == 200
    program.control("clock", advance_s=61)
    assert program.refresh(body["refresh_token"]) == REVOKED


def test_in_testing_signing_in_alone_does_not_end(program: Program) -> None:
    program.control("clients", testing=True)
    body = program.tokens(scope="openid email")
    program.control("clock", advance_s=WEEK_S + 60)
    assert ("refresh_token_expires_in" in body, program.refresh(body["refresh_token"])[0]) == (False, 200)


def test_half_a_day_later_nobody_says_why(program: Program) -> None:
    token = program.tokens()["refresh_token"]
    program.control("revoke", email=MARCO)
    assert program.refresh(token) == REVOKED
    program.control("clock", advance_s=12 * 3600)
    assert program.refresh(token) == BAD


def test_expired_access_tokens_are_renewed(program: Program) -> None:
    body = program.tokens()
    program.control("expire", email=MARCO)
    assert program.get("/v1beta/accountSummaries", body["access_token"]).status_code == 401
    assert program.refresh(body["refresh_token"])[0] == 200


def credentials(program: Program, token: str, **more: Any) -> Credentials:
    return Credentials(
        None,
        refresh_token=token,
        token_uri=f"{program.url}/token",
        client_id=program.client_id,
        client_secret=program.secret,
        **more,
    )


def test_googles_own_library_refreshes(program: Program) -> None:
    mine = credentials(program, program.tokens()["refresh_token"])
    mine.refresh(Request())
    assert program.get("/v1beta/accountSummaries", str(mine.token)).status_code == 200


def test_googles_own_library_is_told_of_a_dead_token(program: Program) -> None:
    token = program.tokens()["refresh_token"]
    program.control("revoke", email=MARCO)
    with pytest.raises(RefreshError, match="Token has been expired or revoked."):
        credentials(program, token).refresh(Request())


def test_a_persons_token_reads_only_what_its_scopes_open(program: Program) -> None:
    editing = program.tokens(scope=EDIT)["access_token"]
    assert program.get("/v1beta/accountSummaries", editing).status_code == 200
    report = requests.post(
        f"{program.url}/v1beta/properties/318000030:runReport",
        json={
            "dateRanges": [{"startDate": "7daysAgo", "endDate": "today"}],
            "metrics": [{"name": "sessions"}],
        },
        headers={"Authorization": f"Bearer {editing}"},
        timeout=10,
    )
    reason = report.json()["error"]["details"][0]["reason"]
    assert (report.status_code, reason) == (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")


def test_people_see_their_own_properties(program: Program) -> None:
    seen = {}
    for email in (NINA, MARCO):
        body = program.get("/v1beta/accountSummaries", program.tokens(email)["access_token"]).json()
        seen[email] = [len(one["propertySummaries"]) for one in body.get("accountSummaries", [])]
    assert seen == {NINA: [], MARCO: [3]}


def test_nothing_is_kept_in_clear(sandbox: SandboxServer, program: Program) -> None:
    code = program.code()
    _, body = program.exchange(code)
    secrets = [code, body["access_token"], body["refresh_token"], program.secret]
    with sandbox.world.state.db._lock:
        dump = "\n".join(sandbox.world.state.db._db.iterdump())
    assert [secret in dump for secret in secrets] == [False] * 4
