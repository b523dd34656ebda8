"""The key files of service accounts: Google's JSON, and the older P12.

https://developers.google.com/identity/protocols/oauth2/service-account#creatinganaccount
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from google_api.errors import gettext_noop
from google_api.shapes import Json

MAX_FILE_BYTES = 64 * 1024  # a key file has about 2.3 kB
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")

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
