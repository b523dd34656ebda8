"""Access tokens of service accounts: google-auth signs, `token_endpoint` asks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from google.oauth2.service_account import Credentials

from google_api import http, token_endpoint
from google_api.key_files import KeyFileError, ServiceAccountKey, parse_json, parse_p12
from google_api.scopes import ANALYTICS_READONLY
from google_api.shapes import Json
from google_api.token_refusals import token_error

__all__ = [
    "ANALYTICS_READONLY",
    "AccessToken",
    "KeyFileError",
    "ServiceAccountKey",
    "fetch_access_token",
    "parse_json",
    "parse_p12",
]


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
    return token_endpoint.fetch(credentials, _access_token, token_error, deadline=deadline, sleep=sleep)


def _access_token(answer: Json) -> AccessToken:
    return AccessToken(*token_endpoint.access_token_in(answer))


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
