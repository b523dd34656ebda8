"""OAuth 2.0 of people: the address that asks for consent, the code, the refresh token and its end.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from google.oauth2.credentials import Credentials

from google_api import http, token_endpoint
from google_api.errors import GrantEnded
from google_api.scopes import normalised
from google_api.shapes import Json, text
from google_api.token_endpoint import access_token_in, end_in, token_in
from google_api.token_refusals import code_error, refresh_error, revoke_error

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Client:
    """An OAuth client of the Google Cloud project."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """What Google granted. `scopes` is what was really allowed, which may be less or more than was asked."""

    access_token: str = field(repr=False)
    access_token_expires_at: datetime  # aware, UTC
    refresh_token: str = field(repr=False)  # "" where Google gave none, so that the one at hand stays good
    refresh_token_expires_at: datetime | None  # aware, UTC; in 7 days for apps in Testing, at times
    scopes: frozenset[str]  # normalised; empty where Google did not say
    id_token: str = field(repr=False)  # "" where no identity was asked for


def authorization_url(
    auth_uri: str,
    client_id: str,
    *,
    redirect_uri: str,
    scopes: Iterable[str],
    state: str,
    code_challenge: str,
    offline: bool,
    login_hint: str = "",
    prompt: str = "",
) -> str:
    """Where to send a person's browser; `prompt` is "", "consent", "select_account" or both.

    https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
    """
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes),
        "state": state,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256",
        "access_type": "offline" if offline else "online",
        "include_granted_scopes": "true",
    }
    wished = {"login_hint": login_hint, "prompt": prompt}
    query = urlencode(asked | {name: value for name, value in wished.items() if value})
    return f"{auth_uri}{'&' if urlsplit(auth_uri).query else '?'}{query}"


def new_verifier() -> str:
    """A verifier for PKCE, 43 characters of chance. RFC 7636, 4.1."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of `verifier`. RFC 7636, 4.2."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def exchange_code(
    token_uri: str,
    client: Client,
    *,
    code: str,
    redirect_uri: str,
    verifier: str,
    deadline: float = 15.0,
    sleep: http.Sleep = time.sleep,
) -> Tokens:
    """The tokens for `code`, which is good once: it is sent again only where Google surely never got it.

    `redirect_uri` is the one of the authorization. Raises a `GoogleError`: `CodeRefused` for a code that is
    used, too old or another's, `RedirectRefused`, `ClientRefused`.
    https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code
    """
    form = _Form(
        {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
    )
    del code, verifier  # an error page shows the variables of the frames that an error went through
    return http.post_form(
        token_uri,
        form.encoded(),
        _FORM,
        read=_tokens,
        judge=code_error,
        deadline=deadline,
        sleep=sleep,
        once=True,
    )


def refresh(
    token_uri: str,
    client: Client,
    refresh_token: str,
    *,
    scopes: Sequence[str] = (),
    deadline: float = 15.0,
    sleep: http.Sleep = time.sleep,
) -> Tokens:
    """A new access token, for fewer scopes than were granted where `scopes` names some (RFC 6749, 6).

    Without any none is sent: one that was not granted would be refused as a whole. Raises a `GoogleError`:
    `GrantEnded` where the refresh token is no longer good.
    https://developers.google.com/identity/protocols/oauth2/web-server#offline
    """
    credentials = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=refresh_token,
        token_uri=token_uri,
        client_id=client.client_id,
        client_secret=client.client_secret,
        scopes=list(scopes) or None,
    )
    del refresh_token
    return token_endpoint.fetch(credentials, _tokens, refresh_error, deadline=deadline, sleep=sleep)


def revoke(revoke_uri: str, token: str, *, deadline: float = 15.0, sleep: http.Sleep = time.sleep) -> None:
    """Ends an access or refresh token, and with it the person's consent to all clients of the project.

    A token that is no longer good counts as done. Raises a `GoogleError`.
    https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
    """
    form = _Form({"token": token})
    del token
    with contextlib.suppress(GrantEnded):
        http.tell(revoke_uri, form.encoded(), judge=revoke_error, deadline=deadline, sleep=sleep)


@dataclass(frozen=True)
class _Form:
    """Fields that no error page may show."""

    fields: dict[str, str] = field(repr=False)

    def encoded(self) -> bytes:
        return urlencode(self.fields).encode("ascii")


def _tokens(answer: Json) -> Tokens:
    access_token, expires_at = access_token_in(answer)
    return Tokens(
        access_token=access_token,
        access_token_expires_at=expires_at,
        refresh_token=token_in(answer, "refresh_token"),
        refresh_token_expires_at=end_in(answer, "refresh_token_expires_in"),
        scopes=normalised(text(answer, "scope")),
        id_token=token_in(answer, "id_token"),
    )
