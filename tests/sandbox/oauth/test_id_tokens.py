"""Who somebody is: id tokens, the keys they are checked with, and userinfo."""

from __future__ import annotations

import time
from typing import Any

import requests
from google.auth import jwt
from google.auth.transport.requests import Request
from google.oauth2 import id_token

from sandbox.oauth.id_tokens import Signer
from sandbox.server import SandboxServer
from sandbox.state import State
from tests.sandbox.oauth.program import AGENCY, MARCO, READONLY, Program, refused


def verified(program: Program, token: str) -> dict[str, Any]:
    """By Google's own library, with the certificates of the sandbox."""
    claims = id_token.verify_token(
        token, Request(), audience=program.client_id, certs_url=f"{program.url}/oauth2/v1/certs"
    )
    return dict(claims)


def test_googles_own_library_believes_it(program: Program) -> None:
    claims = verified(program, program.tokens(AGENCY, scope="openid email profile", nonce="n")["id_token"])
    issued, expires = claims.pop("iat"), claims.pop("exp")
    assert (expires - issued, 0 < time.time() - issued < 60, len(claims.pop("at_hash"))) == (3600, True, 22)
    assert len(claims["sub"]) == 21
    assert claims == {
        "iss": "https://accounts.google.com",
        "aud": program.client_id,
        "azp": program.client_id,
        "sub": claims["sub"],
        "hd": "northlight.example",
        "email": AGENCY,
        "email_verified": True,
        "name": "Northlight",
        "given_name": "Northlight",
        "nonce": "n",
    }


def test_the_subject_stays_the_same(program: Program) -> None:
    subjects = {jwt.decode(program.tokens(scope="openid")["id_token"], verify=False)["sub"] for _ in range(2)}
    assert len(subjects) == 1


def test_without_an_identity_scope_there_is_none(program: Program) -> None:
    assert "id_token" not in program.tokens(scope=READONLY)


def test_scopes_decide_what_it_says(program: Program) -> None:
    claims = jwt.decode(program.tokens(scope="openid")["id_token"], verify=False)
    assert ("email" in claims, "name" in claims) == (False, False)


def test_the_jwk_set_names_the_same_key(program: Program) -> None:
    key = requests.get(f"{program.url}/oauth2/v3/certs", timeout=10).json()["keys"][0]
    header = jwt.decode_header(program.tokens(scope="openid")["id_token"])
    assert header == {"alg": "RS256", "kid": key["kid"], "typ": "JWT"}
    assert (key["kty"], key["alg"], key["use"], key["e"]) == ("RSA", "RS256", "sig", "AQAB")


def test_the_key_outlives_a_restart(tmp_path: Any) -> None:
    ids = []
    for _ in range(2):
        state = State(str(tmp_path / "google.sqlite3"))
        ids.append(Signer(state.db).key_id)
        state.close()
    assert ids[0] == ids[1]


def test_userinfo_says_what_the_scopes_open(sandbox: SandboxServer, program: Program) -> None:
    token = program.tokens(scope="openid email profile")["access_token"]
    person = sandbox.world.people.find(MARCO)
    assert person is not None
    assert program.get("/v1/userinfo", token).json() == {
        "sub": person.subject,
        "email": MARCO,
        "email_verified": True,
        "name": "Marco Porto",
        "given_name": "Marco",
        "family_name": "Porto",
    }


def test_userinfo_is_for_identity_scopes_alone(program: Program) -> None:
    answer = program.get("/v1/userinfo", program.tokens()["access_token"])
    assert (answer.status_code, answer.json()) == (401, refused("invalid_request", "Invalid Credentials"))
