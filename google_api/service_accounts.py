"""Service accounts: their key files, and the access tokens that they sign for.

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
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from google.auth import transport
from google.auth.exceptions import GoogleAuthError
from google.oauth2.service_account import Credentials

from google_api import http
from google_api.errors import BadAnswer, GoogleError, ScopeRefused, gettext_noop
from google_api.refusals import token_error
from google_api.shapes import Json

ANALYTICS_READONLY = "https://www.googleapis.com/auth/analytics.readonly"

MAX_FILE_BYTES = 64 * 1024  # a key file has about 2.3 kB
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")  # Google's ceiling is 2048; whatever a header may hold

_SENTENCES = {
    "too_large": gettext_noop("This file is too large for a key. Upload the key file of a service account."),
    "not_json": gettext_noop(
        "This file is not JSON. Upload the key file as it came from the Google Cloud console; for a P12 "
        "key, give its e-mail address too."
    ),
    "oauth_client": gettext_noop(
        "This is the file of an OAuth client, not the key of a service account. In the Google Cloud "
        "console, open the service account and make a key under Keys."
    ),
    "not_a_service_account": gettext_noop(
        "This is not the key of a service account. In the Google Cloud console, open the service account "
        "and make a key under Keys."
    ),
    "no_email": gettext_noop("The e-mail address of the service account is missing or is none."),
    "bad_private_key": gettext_noop(
        "The private key in this file cannot be read. Make a new key for the service account and upload it "
        "unchanged."
    ),
    "not_p12": gettext_noop("This file is not a P12 key. Upload the key file as it came from Google."),
    "wrong_password": gettext_noop(
        "This password does not open the P12 key. Google's own is “notasecret” unless it was changed."
    ),
    "p12_without_key": gettext_noop(
        "There is no private key in this P12 file. Upload the key file as it came from Google."
    ),
}


class KeyFileError(ValueError):
    """An uploaded file is no service account's key; `sentence`, in English, tells whoever uploaded it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.code]


@dataclass(frozen=True)
class ServiceAccountKey:
    """The parts of a key file that matter. Its addresses do not: where Google lives is our own setting."""

    email: str
    private_key: str = field(repr=False)  # PEM, PKCS #8, not encrypted
    private_key_id: str = ""
    project_id: str = ""
    client_id: str = ""

    def to_json(self) -> str:
        """The key in Google's own form. This is the secret itself: only ever to be sealed."""
        return json.dumps(
            {
                "type": "service_account",
                "project_id": self.project_id,
                "private_key_id": self.private_key_id,
                "private_key": self.private_key,
                "client_email": self.email,
                "client_id": self.client_id,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> ServiceAccountKey:
        """The key that `to_json` wrote. Raises `KeyFileError`."""
        return parse_json(text.encode())


def parse_json(data: bytes) -> ServiceAccountKey:
    """The key in a file of Google's JSON form. Raises `KeyFileError`."""
    content = _json_file(data)
    if "web" in content or "installed" in content:
        raise KeyFileError("oauth_client")
    if content.get("type") != "service_account":
        raise KeyFileError("not_a_service_account")
    return ServiceAccountKey(
        email=_email(_text(content, "client_email")),
        private_key=_pem(_text(content, "private_key")),
        private_key_id=_text(content, "private_key_id"),
        project_id=_text(content, "project_id"),
        client_id=_text(content, "client_id"),
    )


def parse_p12(data: bytes, *, email: str, password: str = "notasecret") -> ServiceAccountKey:  # noqa: S107
    """The key in a P12 file, which holds no e-mail address. Raises `KeyFileError`.

    "notasecret" is the password that Google gives to every P12 key.
    """
    _refuse_large(data)
    address = _email(email.strip())
    if not _looks_like_p12(data):
        raise KeyFileError("not_p12")
    return ServiceAccountKey(email=address, private_key=_pem_of(_p12_key(data, password)))


def _json_file(data: bytes) -> Json:
    _refuse_large(data)
    content = _json_or_none(data)
    if not isinstance(content, dict):
        raise KeyFileError("not_json")
    return cast(Json, content)


def _json_or_none(data: bytes) -> object:
    """Apart, because the parser's error holds the whole file."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _refuse_large(data: bytes) -> None:
    if len(data) > MAX_FILE_BYTES:
        raise KeyFileError("too_large")


def _text(content: Mapping[str, object], key: str) -> str:
    value = content.get(key)
    return value.strip() if isinstance(value, str) else ""


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise KeyFileError("no_email")
    return address


def _pem(text: str) -> str:
    """The private key `text` anew, so that what is kept is known to be usable."""
    # A key that was pasted through a shell or a form has its line ends written out.
    return _pem_of(_loaded_pem(text.replace("\\n", "\n").encode()))


def _loaded_pem(pem: bytes) -> object:
    try:
        return serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it is encrypted
        return None


def _pem_of(key: object) -> str:
    if not isinstance(key, RSAPrivateKey):  # Google's are RSA, and only RS256 is accepted
        raise KeyFileError("bad_private_key")
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def _looks_like_p12(data: bytes) -> bool:
    """Whether `data` is whole and begins as PKCS #12 does (RFC 7292: a SEQUENCE, then version 3).

    The library tells a wrong password and a file of another kind apart no more than by this.
    """
    if data[:2] == b"\x30\x80":  # BER of unknown length
        return data[2:5] == b"\x02\x01\x03"
    if data[:1] != b"\x30" or len(data) < 5:
        return False
    width = data[1] - 0x80 if data[1] > 0x80 else 0
    length = int.from_bytes(data[2 : 2 + width], "big") if width else data[1]
    start = 2 + width
    return len(data) >= start + length and data[start : start + 3] == b"\x02\x01\x03"


def _p12_key(data: bytes, password: str) -> object:
    try:
        key = pkcs12.load_pkcs12(data, password.encode()).key
    except UnsupportedAlgorithm:
        code = "not_p12"
    except ValueError:
        code = "wrong_password"
    else:
        code = "p12_without_key"
        if key is not None:
            return key
    raise KeyFileError(code)


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
        answer = http.post_form(
            url, body or b"", headers or {}, judge=token_error, deadline=self._deadline, sleep=self._sleep
        )
        _check_token_answer(answer)
        return _Granted(json.dumps(answer).encode())


def _check_token_answer(answer: Json) -> None:
    token, expires_in = answer.get("access_token"), answer.get("expires_in")
    if token is None and "id_token" in answer:  # a scope that Google does not know is taken for an audience
        raise ScopeRefused("200 id_token", status=200)
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise BadAnswer("200 without access_token", status=200)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", str(expires_in)):
        raise BadAnswer("200 without expires_in", status=200)


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
