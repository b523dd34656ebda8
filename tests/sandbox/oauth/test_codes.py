"""A code becomes tokens: for the client and the address that it was made for, once, in ten minutes."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.sandbox.oauth.program import (
    BAD,
    CALLBACK,
    DESKTOP,
    EDIT,
    MARCO,
    READONLY,
    WEB,
    Program,
    refused,
)

VERIFIER = "v" * 64
S256 = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def test_exchange_gives_what_was_granted(program: Program) -> None:
    body = program.tokens(scope=f"{READONLY} {EDIT}")
    access, refresh = body.pop("access_token"), body.pop("refresh_token")
    assert (access[:7], refresh[:4]) == ("ya29.a0", "1//0")
    assert body == {"expires_in": 3599, "token_type": "Bearer", "scope": f"{EDIT} {READONLY}"}


def test_lengths_stay_below_googles(program: Program) -> None:
    code = program.code()
    _, body = program.exchange(code)
    assert [len(code) <= 256, len(body["access_token"]) <= 2048, len(body["refresh_token"]) <= 512] == [
        True
    ] * 3


def test_a_code_is_used_once_and_its_second_use_revokes_nothing(program: Program) -> None:
    code = program.code()
    _, body = program.exchange(code)
    assert program.exchange(code) == BAD
    assert program.refresh(body["refresh_token"])[0] == 200


def test_of_many_exchanges_at_once_one_is_the_first(program: Program) -> None:
    code = program.code()
    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(status for status, _ in threads.map(program.exchange, [code] * 8))
    assert statuses == [200] + [400] * 7


def test_a_code_lives_for_ten_minutes(program: Program) -> None:
    code = program.code()
    program.control("clock", advance_s=601)
    assert program.exchange(code) == BAD


def test_a_refused_exchange_leaves_the_code(program: Program) -> None:
    code = program.code()
    assert program.exchange(code, client_secret="wrong")[0] == 401
    assert program.exchange(code)[0] == 200


CASES: list[tuple[dict[str, Any], int, dict[str, str]]] = [
    (
        {"client_id": None, "client_secret": None},
        400,
        refused("invalid_request", "Could not determine client ID from request."),
    ),
    ({"client_id": "stranger"}, 401, refused("invalid_client", "The OAuth client was not found.")),
    ({"client_secret": "wrong"}, 401, refused("invalid_client", "The provided client secret is invalid.")),
    ({"client_secret": None}, 400, refused("invalid_request", "client_secret is missing.")),
    ({"code": "4/0Aunknown"}, 400, refused("invalid_grant", "Bad Request")),
    ({"code": "nonsense"}, 400, refused("invalid_grant", "Malformed auth code.")),
    ({"code": None}, 400, refused("invalid_request", "Missing required parameter: code")),
    (
        {"redirect_uri": CALLBACK.replace("oauth", "tos")},
        400,
        refused("redirect_uri_mismatch", "Bad Request"),
    ),
    ({"redirect_uri": None}, 400, refused("redirect_uri_mismatch", "Bad Request")),
    ({"client_id": DESKTOP[0], "client_secret": DESKTOP[1]}, 400, refused("invalid_grant", "Bad Request")),
    (
        {"code_verifier": "x"},
        400,
        refused("invalid_grant", "code_verifier or verifier is not needed."),
    ),
]


@pytest.mark.parametrize(("changes", "status", "body"), CASES)
def test_each_fault_has_googles_words(
    program: Program, changes: dict[str, Any], status: int, body: dict[str, str]
) -> None:
    assert program.exchange(program.code(), **changes) == (status, body)


@pytest.mark.parametrize("status", ["deleted", "disabled"])
def test_a_client_that_is_no_more_gets_nothing(program: Program, status: str) -> None:
    code = program.code()
    program.control("clients", status=status)
    assert program.exchange(code) == (401, refused(f"{status}_client", f"The OAuth client was {status}."))


def test_a_client_may_name_itself_by_basic_authentication(program: Program) -> None:
    form = {"grant_type": "authorization_code", "code": program.code(), "redirect_uri": CALLBACK}
    assert requests.post(f"{program.url}/token", data=form, auth=WEB, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("challenge", "method", "verifier", "words"),
    [
        (S256, "S256", VERIFIER, ""),
        (VERIFIER, "plain", VERIFIER, ""),
        (VERIFIER, None, VERIFIER, ""),
        (S256, "S256", "w" * 64, "Invalid code verifier."),
        (S256, "S256", S256, "Invalid code verifier."),
        (VERIFIER, "S256", VERIFIER, "Invalid code verifier."),
        (S256, "S256", None, "Missing code verifier."),
        (S256, "S256", "ü" * 64, "Invalid code verifier."),
    ],
)
def test_the_verifier_must_fit_the_challenge(
    program: Program, challenge: str, method: str | None, verifier: str | None, words: str
) -> None:
    code = program.code(code_challenge=challenge, code_challenge_method=method)
    status, body = program.exchange(code, code_verifier=verifier)
    assert (status, body.get("error_description", "")) == ((400, words) if words else (200, ""))


def test_online_gives_no_refresh_token(program: Program) -> None:
    assert "refresh_token" not in program.tokens(access_type="online")


def test_a_refresh_token_comes_with_the_first_consent_and_when_consent_is_asked_again(
    program: Program,
) -> None:
    came = ["refresh_token" in program.tokens(**asked) for asked in ({}, {}, {"prompt": "consent"}, {})]
    assert came == [True, False, True, False]


def test_a_program_that_was_online_is_consented_to_again_when_it_wants_to_be_offline(
    program: Program,
) -> None:
    came = ["refresh_token" in program.tokens(access_type=kind) for kind in ("online", "offline", "offline")]
    assert came == [False, True, False]


def test_a_new_scope_brings_a_refresh_token(program: Program) -> None:
    came = ["refresh_token" in program.tokens(scope=scope) for scope in (READONLY, EDIT, READONLY)]
    assert came == [True, True, False]


def test_a_desktop_program_always_gets_one(desktop: Program) -> None:
    came = ["refresh_token" in desktop.tokens(access_type=kind) for kind in (None, None, "online")]
    assert came == [True, True, True]


def test_a_consent_taken_back_ends_the_code_under_way(program: Program) -> None:
    code = program.code()
    program.control("revoke", email=MARCO)
    assert program.exchange(code) == BAD


def test_somebody_google_forgot_gets_no_tokens(program: Program) -> None:
    program.control("people", email="gone@shop.example")
    _, body = program.exchange(program.code("gone@shop.example"))
    program.control("revoke", email="gone@shop.example", account=True)
    deleted = (400, refused("invalid_grant", "The account has been deleted"))
    assert program.refresh(body["refresh_token"]) == deleted
