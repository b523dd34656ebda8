"""The token endpoint: what it believes, in which order, and what it answers otherwise."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from google.auth import crypt, jwt
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from sandbox.keys import new_key
from sandbox.server import SandboxServer
from tests.sandbox.conftest import READONLY, ROBOT, Robot

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
Ask = Callable[..., tuple[int, dict[str, Any]]]
WINDOW = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


@pytest.fixture
def ask(sandbox: SandboxServer, key: dict[str, str]) -> Ask:
    """Signs claims with the robot's key and asks for a token; `...` takes a claim away."""

    def ask(header: dict[str, str] | None = None, signer_key: dict[str, str] = key, **changes: Any) -> Any:
        now = int(time.time())
        claims = {"iss": ROBOT, "aud": "https://oauth2.googleapis.com/token", "iat": now, "exp": now + 3600}
        claims = {"scope": READONLY} | claims | changes
        claims = {name: value for name, value in claims.items() if value is not ...}
        signer = crypt.RSASigner.from_service_account_info(signer_key)
        return post(jwt.encode(signer, claims, header=header).decode())

    def post(assertion: str) -> tuple[int, dict[str, Any]]:
        form = {"grant_type": GRANT, "assertion": assertion}
        answer = requests.post(f"{sandbox.url}/token", data=form, timeout=10)
        return answer.status_code, answer.json()

    ask.post = post  # type: ignore[attr-defined]
    return ask


def refusal(error: str, description: str) -> dict[str, str]:
    return {"error": error, "error_description": description}


def test_good_assertion_gives_a_token_for_an_hour_less_a_second(ask: Ask) -> None:
    status, body = ask()
    token = body.pop("access_token")
    assert (status, body) == (200, {"expires_in": 3599, "token_type": "Bearer"})
    assert token.startswith("ya29.c.")


def test_googles_own_library_signs_in(sandbox: SandboxServer, key: dict[str, str]) -> None:
    info = key | {"token_uri": f"{sandbox.url}/token"}
    credentials = service_account.Credentials.from_service_account_info(info, scopes=[READONLY])
    credentials.refresh(Request())
    answer = requests.get(
        f"{sandbox.url}/v1beta/accountSummaries",
        headers={"Authorization": f"Bearer {credentials.token}"},
        timeout=10,
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("assertion", ["", "a.b", "a.b.c", "!!.!!.!!", "e30.e30.#", "bnVsbA.bnVsbA.AA"])
def test_what_is_no_jwt_is_a_bad_request(ask: Any, assertion: str) -> None:
    assert ask.post(assertion) == (400, refusal("invalid_request", "Bad Request"))


@pytest.mark.parametrize("algorithm", ["HS256", "none", None])
def test_other_algorithms_are_bad_signatures(ask: Ask, algorithm: str) -> None:
    assert ask(header={"alg": algorithm}) == (400, refusal("invalid_grant", "Invalid JWT Signature."))


def test_changed_claims_are_a_bad_signature(ask: Any, key: dict[str, str]) -> None:
    signer = crypt.RSASigner.from_service_account_info(key)
    head, _, tail = jwt.encode(signer, {"iss": ROBOT}).decode().split(".")
    claims = base64.urlsafe_b64encode(json.dumps({"iss": ROBOT, "x": 1}).encode()).decode().rstrip("=")
    assert ask.post(f"{head}.{claims}.{tail}") == (400, refusal("invalid_grant", "Invalid JWT Signature."))


def test_signature_is_checked_before_times(sandbox: SandboxServer, ask: Ask) -> None:
    stranger, _ = new_key(sandbox.world.state, "stranger@demo.iam.gserviceaccount.com", [])
    assert ask(signer_key=stranger, iat=...) == (400, refusal("invalid_grant", "Invalid JWT Signature."))


CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"iss": "nobody@demo.iam.gserviceaccount.com"}, "invalid_grant", "Invalid grant: account not found"),
    ({"iat": ...}, "invalid_grant", "Invalid JWT: iat (issued at) is not set."),
    ({"exp": ...}, "invalid_grant", "Invalid JWT: exp (expiration time) is not set."),
    ({"exp": 1_700_000_000, "iat": 1_699_999_000}, "invalid_grant", WINDOW),
    ({"exp": int(time.time()) + 9000}, "invalid_grant", WINDOW),
    ({"iat": int(time.time()) + 3000, "exp": int(time.time()) + 6000}, "invalid_grant", WINDOW),
    ({"scope": ""}, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    ({"aud": ...}, "invalid_grant", "Invalid JWT: Failed audience check."),
    ({"aud": "http://127.0.0.1/token"}, "invalid_grant", "Invalid JWT: Failed audience check."),
    ({"scope": "", "aud": "x"}, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    ({"exp": 1_700_000_000, "scope": ""}, "invalid_grant", WINDOW),
]


@pytest.mark.parametrize(("changes", "error", "description"), CASES)
def test_each_wrong_claim_has_its_words(
    ask: Ask, changes: dict[str, Any], error: str, description: str
) -> None:
    assert ask(**changes) == (400, refusal(error, description))


def test_times_may_be_digit_strings(ask: Ask) -> None:
    now = int(time.time())
    assert ask(iat=str(now), exp=str(now + 60))[0] == 200


@pytest.mark.parametrize("scope", ["https://example.com/x", f"{READONLY} nonsense"])
def test_unknown_scope_gives_an_id_token_and_no_access_token(ask: Ask, scope: str) -> None:
    status, body = ask(scope=scope)
    assert (status, list(body)) == (200, ["id_token"])


def test_delegation_is_not_set_up(ask: Ask) -> None:
    status, body = ask(sub="boss@example.com")
    assert (status, body["error"]) == (401, "unauthorized_client")


def test_other_grant_types_are_unsupported(sandbox: SandboxServer) -> None:
    answer = requests.post(f"{sandbox.url}/token", data={"grant_type": "password"}, timeout=10)
    expected = refusal("unsupported_grant_type", "Invalid grant_type: password")
    assert (answer.status_code, answer.json()) == (400, expected)


def test_revoked_key_is_a_bad_signature_and_its_tokens_end(ask: Ask, robot: Robot) -> None:
    robot.control("POST", "revoke", {"email": ROBOT})
    assert ask() == (400, refusal("invalid_grant", "Invalid JWT Signature."))
    assert robot.get("/v1beta/accountSummaries").status_code == 401


def test_one_revoked_key_leaves_the_other(
    sandbox: SandboxServer, ask: Ask, robot: Robot, key: dict[str, str]
) -> None:
    second, _ = new_key(sandbox.world.state, ROBOT, [])
    robot.control("POST", "revoke", {"email": ROBOT, "key_id": key["private_key_id"]})
    assert ask()[0] == 400
    assert ask(signer_key=second)[0] == 200
    assert robot.get("/v1beta/accountSummaries").status_code == 200


def test_account_that_is_gone_is_not_found(ask: Ask, robot: Robot) -> None:
    robot.control("POST", "revoke", {"email": ROBOT, "account": True})
    assert ask() == (400, refusal("invalid_grant", "Invalid grant: account not found"))


def test_moved_clock_leaves_assertions_alone_unless_asked(ask: Ask, robot: Robot) -> None:
    robot.control("POST", "clock", {"advance_s": 7200})
    assert ask()[0] == 200
    robot.control("POST", "clock", {"advance_s": 7200, "assertions": True})
    assert ask() == (400, refusal("invalid_grant", WINDOW))
