"""Service accounts' way to a token: an assertion that they sign, checked as Google checks it.

https://developers.google.com/identity/protocols/oauth2/service-account
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.clock import Clock
from sandbox.errors import OAuthError, Refusal
from sandbox.oauth.scopes import KNOWN
from sandbox.oauth.tokens import Tokens
from sandbox.state import State

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "https://oauth2.googleapis.com/token"
LONGEST_ASSERTION_S = 3600
SKEW_S = 60


@dataclass(frozen=True)
class Assertion:
    """A service account's JWT, taken apart but not yet believed."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes


class AssertionGrant:
    """`grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer`."""

    def __init__(self, state: State, clock: Clock, tokens: Tokens) -> None:
        self.state = state
        self.clock = clock
        self.tokens = tokens

    def answer(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The token endpoint's answer. Raises OAuthError with what Google answers."""
        assertion = parse_assertion(form.get("assertion", ""))
        scopes = self._verify(assertion)
        if not set(scopes) <= KNOWN:
            # Google takes what it does not know for the audience of an id_token, and gives no access token.
            return {"id_token": _some_id_token(assertion)}
        return self.tokens.issue(str(assertion.claims["iss"]), scopes)

    def _verify(self, assertion: Assertion) -> list[str]:
        """The scopes asked for, once everything else holds, checked in the order that Google checks."""
        if assertion.header.get("alg") != "RS256":
            raise _invalid_grant("Invalid JWT Signature.")
        email = assertion.claims.get("iss")
        if not isinstance(email, str) or self.state.service_account(email) is None:
            raise _invalid_grant("Invalid grant: account not found")
        if not self._signed_by(assertion, email):
            raise _invalid_grant("Invalid JWT Signature.")
        _check_times(assertion.claims, self.clock.assertion_time())
        scopes = str(assertion.claims.get("scope") or "").split()
        if not scopes:
            raise OAuthError(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        if assertion.claims.get("aud") != AUDIENCE:
            raise _invalid_grant("Invalid JWT: Failed audience check.")
        if assertion.claims.get("sub") not in (None, "", email):
            raise OAuthError(
                401,
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not "
                "authorized for any of the scopes requested.",
            )
        return scopes

    def _signed_by(self, assertion: Assertion, email: str) -> bool:
        kid = assertion.header.get("kid")
        keys = self.state.public_keys(email)
        return any(_verifies(assertion, pem) for key_id, pem in keys if not kid or kid == key_id)


def _invalid_grant(description: str) -> Refusal:
    return OAuthError(400, "invalid_grant", description)


def parse_assertion(text: str) -> Assertion:
    """Take a JWT apart; `invalid_request` when it is none."""
    parts = text.split(".")
    if len(parts) != 3:
        raise OAuthError(400, "invalid_request", "Bad Request")
    try:
        header, claims = (json.loads(_unbase64(part)) for part in parts[:2])
        signature = _unbase64(parts[2])
    except (ValueError, binascii.Error) as error:
        raise OAuthError(400, "invalid_request", "Bad Request") from error
    if not (isinstance(header, dict) and isinstance(claims, dict)):
        raise OAuthError(400, "invalid_request", "Bad Request")
    return Assertion(header, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def _unbase64(text: str) -> bytes:
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    return base64.b64decode(padded.encode(), altchars=b"-_", validate=True)


def _verifies(assertion: Assertion, public_pem: str) -> bool:
    key = serialization.load_pem_public_key(public_pem.encode())
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(assertion.signature, assertion.signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _check_times(claims: dict[str, Any], now: float) -> None:
    for name, words in (("iat", "issued at"), ("exp", "expiration time")):
        if claims.get(name) in (None, ""):
            raise _invalid_grant(f"Invalid JWT: {name} ({words}) is not set.")
    try:
        issued, expires = int(claims["iat"]), int(claims["exp"])
    except (TypeError, ValueError) as error:
        raise OAuthError(400, "invalid_request", "Bad Request") from error
    if issued <= now + SKEW_S and now < expires and issued < expires <= issued + LONGEST_ASSERTION_S:
        return
    raise _invalid_grant(
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
        "Check your iat and exp values in the JWT claim."
    )


def _some_id_token(assertion: Assertion) -> str:
    claims = {"iss": "https://accounts.google.com", "aud": assertion.claims.get("scope"), "sub": "robot"}
    parts = [
        json.dumps({"alg": "RS256", "typ": "JWT"}).encode(),
        json.dumps(claims).encode(),
        secrets.token_bytes(256),
    ]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
