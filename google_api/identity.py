"""Who signed in: the claims of an ID token, believed once its signature is Google's.

https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt

from google_api import http
from google_api.errors import BadAnswer, IdentityRefused
from google_api.shapes import Json, children, flag, text

_ISSUERS = ("https://accounts.google.com", "accounts.google.com")  # the second is the older form
_SKEW = 60.0  # seconds that our clock may be off
_USUAL_AGE = 3600  # seconds for keys whose server says nothing
_MOST_AGE = 24 * 3600
_DEADLINE = 10.0  # seconds
_REQUIRED = ("iss", "aud", "sub", "iat", "exp")
_FAULTS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.ImmatureSignatureError, "of the future"),
    (jwt.InvalidAudienceError, "for another client"),
    (jwt.InvalidIssuerError, "not by Google"),
    (jwt.InvalidSignatureError, "bad signature"),
    (jwt.InvalidAlgorithmError, "bad algorithm"),
    (jwt.MissingRequiredClaimError, "claims missing"),
)


@dataclass(frozen=True)
class Identity:
    """A Google account. `subject` is what stays the same; an address may change hands."""

    subject: str  # digits
    email: str  # "" where the scope was not allowed
    email_verified: bool
    name: str  # "" where the scope was not allowed
    hosted_domain: str  # of Google Workspace, "" for others


Keys = Mapping[str, jwt.PyJWK]

# Google's public keys by their address, and until when (monotonic) they may be kept. Not secret and the same
# for all, so each process has its own.
_kept: dict[str, tuple[Keys, float]] = {}


@dataclass(frozen=True)
class _Token:
    value: str = field(repr=False)


def identity_of(id_token: str, *, certs_uri: str, client_id: str) -> Identity:
    """Whose `id_token` this is, if Google signed it for `client_id` and it is still good.

    Raises a `GoogleError`: `IdentityRefused` for any other token, `Unreachable` and its like where the keys
    at `certs_uri` cannot be had.
    """
    token = _Token(id_token)
    del id_token  # an error page shows the variables of the frames that an error went through
    key = _find_key(certs_uri, _key_id(token))
    outcome = IdentityRefused("unknown key") if key is None else _verified(token, key, client_id)
    if isinstance(outcome, IdentityRefused):
        raise outcome
    return outcome


def _key_id(token: _Token) -> str:
    try:
        return str(jwt.get_unverified_header(token.value).get("kid", ""))
    except jwt.PyJWTError:
        return ""


def _find_key(certs_uri: str, key_id: str) -> jwt.PyJWK | None:
    """The key; one that is not among those kept is asked for again, as Google changes them every few days."""
    keys, until = _kept.get(certs_uri, ({}, 0.0))
    if time.monotonic() >= until or key_id not in keys:
        keys = _fetch_keys(certs_uri)
    return keys.get(key_id)


def _fetch_keys(certs_uri: str) -> Keys:
    keys, age = http.fetch_public(certs_uri, _keys, deadline=_DEADLINE)
    _kept[certs_uri] = keys, time.monotonic() + min(_USUAL_AGE if age is None else age, _MOST_AGE)
    return keys


def _keys(answer: Json) -> Keys:
    """The RSA keys of a JWK set; others are none that Google signs with."""
    made = {text(item, "kid"): _key(item) for item in children(answer, "keys")}
    keys = {key_id: key for key_id, key in made.items() if key_id and key is not None}
    if not keys:
        raise BadAnswer("200 without keys", status=200)
    return keys


def _key(item: Json) -> jwt.PyJWK | None:
    try:
        return jwt.PyJWK(item, "RS256")
    except jwt.PyJWTError:
        return None


def _verified(token: _Token, key: jwt.PyJWK, client_id: str) -> Identity | IdentityRefused:
    """Returns what is wrong, as the errors of PyJWT and of readers lead back to the token."""
    try:
        claims = jwt.decode(
            token.value,
            key,
            algorithms=["RS256"],
            audience=client_id,
            issuer=_ISSUERS,
            leeway=_SKEW,
            options={"require": list(_REQUIRED), "strict_aud": True},
        )
        return _identity(claims)
    except jwt.PyJWTError as problem:
        return IdentityRefused(
            next((word for kind, word in _FAULTS if isinstance(problem, kind)), "malformed")
        )
    except BadAnswer:
        return IdentityRefused("unexpected claims")


def _identity(claims: Json) -> Identity:
    subject = text(claims, "sub")
    if not 1 <= len(subject) <= 255:
        raise BadAnswer("unexpected sub")
    return Identity(
        subject=subject,
        email=text(claims, "email"),
        email_verified=flag(claims, "email_verified"),
        name=text(claims, "name"),
        hosted_domain=text(claims, "hd"),
    )
