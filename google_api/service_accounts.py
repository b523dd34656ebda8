"""Access tokens of service accounts.

google-auth signs and asks; its request leaves through our door, which names the errors and decides on
retries. Nothing but its `refresh` is used: its sessions call a Google address of their own in the background.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from google.auth import transport
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials

from google_api import http
from google_api.errors import BadAnswer, GoogleError, ScopeRefused
from google_api.key_files import KeyFileError, ServiceAccountKey, parse_json, parse_p12
from google_api.refusals import token_error
from google_api.shapes import Json

__all__ = [
    "ANALYTICS_READONLY",
    "AccessToken",
    "KeyFileError",
    "ServiceAccountKey",
    "fetch_access_token",
    "parse_json",
    "parse_p12",
]

ANALYTICS_READONLY = "https://www.googleapis.com/auth/analytics.readonly"

_TOKEN = re.compile(
    r"[\x21-\x7e]{1,4096}"
)  # Google's ceiling is 2048 bytes; these are what a header may hold


@dataclass(frozen=True)
class AccessToken:
    value: str = field(repr=False)
    expires_at: datetime  # aware, UTC


def fetch_access_token(
    key: ServiceAccountKey,
    *,
    scopes: Sequence[str],
    token_uri: str,
    deadline: float = 15.0,
    sleep: http.Sleep = time.sleep,
) -> AccessToken:
    """A new access token for `key`, from `token_uri`, within `deadline` seconds. Raises a `GoogleError`.

    The assertion's audience is Google's own token address wherever `token_uri` points (google-auth fixes it).
    https://developers.google.com/identity/protocols/oauth2/service-account#httprest
    """
    credentials = _credentials(key, scopes, token_uri)
    problem = _refresh(credentials, _Door(deadline, sleep))
    if problem is not None:
        # Without its traceback, whose frames hold the assertion.
        raise problem.with_traceback(None)
    value, expiry = credentials.token, credentials.expiry
    assert isinstance(value, str)
    assert isinstance(expiry, datetime)
    return AccessToken(value, expiry.replace(tzinfo=UTC))


def _credentials(key: ServiceAccountKey, scopes: Sequence[str], token_uri: str) -> Credentials:
    # The file's universe_domain is left out on purpose: with another one google-auth would sign its own
    # tokens.
    info = {
        "client_email": key.email,
        "private_key": key.private_key,
        "private_key_id": key.private_key_id or None,
        "token_uri": token_uri,
    }
    made: Credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
        info, scopes=list(scopes)
    )
    return made


def _refresh(credentials: Credentials, door: _Door) -> GoogleError | None:
    try:
        credentials.refresh(door)  # type: ignore[no-untyped-call]
    except GoogleError as problem:
        return problem
    except (GoogleAuthError, TypeError, ValueError) as problem:
        # Not to be expected, as `_Door` lets only good answers through; their texts may hold the answer.
        return BadAnswer(f"google-auth failed ({type(problem).__name__})")
    return None


class _Door(transport.Request):
    """Lets google-auth ask through `http`. A refusal is raised from here, so google-auth's own retries never
    begin.
    """

    def __init__(self, deadline: float, sleep: http.Sleep) -> None:
        self._deadline = deadline
        self._sleep = sleep

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **kwargs: object,
    ) -> _Granted:
        return http.post_form(
            url,
            body or b"",
            headers or {},
            read=_granted,
            judge=token_error,
            deadline=self._deadline,
            sleep=self._sleep,
        )


def _granted(answer: Json) -> _Granted:
    token, expires_in = answer.get("access_token"), answer.get("expires_in")
    if token is None and "id_token" in answer:  # a scope that Google does not know is taken for an audience
        raise ScopeRefused("200 id_token", status=200)
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise BadAnswer("200 without access_token", status=200)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", str(expires_in)):
        raise BadAnswer("200 without expires_in", status=200)
    return _Granted(json.dumps(answer).encode())


@dataclass(frozen=True)
class _Granted(transport.Response):
    """A good answer of the token endpoint, in google-auth's terms."""

    body: bytes = field(repr=False)

    @property
    def status(self) -> int:
        return 200

    @property
    def headers(self) -> Mapping[str, str]:
        return {}

    @property
    def data(self) -> bytes:
        return self.body
