"""Seals secrets for the database: AES-256-GCM, bound to the row and column they stand in.

A ciphertext moved to another row, column or table fails to open. Knows no Django, so that
`manage.py new_key` works while the settings still lack a key.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12  # what NIST SP 800-38D recommends for GCM
_FORMAT = "v1"


class SealError(Exception):
    """A secret could not be opened: damaged, moved, or its key is missing. Never carries the secret."""


@dataclass(frozen=True)
class Place:
    """Where a secret stands; part of what is authenticated."""

    table: str
    column: str
    row: str

    def associated_data(self) -> bytes:
        """Unambiguous bytes: lengths stand before the parts, so that no two places share them."""
        parts = (_FORMAT, self.table, self.column, self.row)
        return "".join(f"{len(part)}:{part}" for part in parts).encode()


class KeyRing:
    """Keys by id in their order: the first seals, all open."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise SealError("no encryption key is configured")
        self._keys = dict(keys)
        self._first = next(iter(self._keys))

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"

    def seal(self, secret: str, place: Place) -> str:
        """The ciphertext of `secret` for `place`, as ``v1:key id:base64``."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self._keys[self._first]).encrypt(nonce, secret.encode(), place.associated_data())
        return f"{_FORMAT}:{self._first}:{base64.b64encode(nonce + sealed).decode()}"

    @property
    def first(self) -> str:
        """The id of the key that seals."""
        return self._first

    def reseal(self, sealed: str, place: Place) -> str:
        """The same secret, sealed with the first key; the same text where it is already. Raises SealError."""
        return sealed if key_of(sealed) == self._first else self.seal(self.open(sealed, place), place)

    def opens(self, sealed: str, place: Place) -> bool:
        """Whether the secret could be had."""
        try:
            self.open(sealed, place)
        except SealError:
            return False
        return True

    def open(self, sealed: str, place: Place) -> str:
        """The secret sealed for `place`. Raises SealError; there is no fallback."""
        version, _, rest = sealed.partition(":")
        key_id, _, encoded = rest.partition(":")
        if version != _FORMAT or not encoded:
            raise SealError("the sealed text is malformed")
        if key_id not in self._keys:
            raise SealError(f"the key {key_id!r} is not in PORTAL_ENCRYPTION_KEYS")
        try:
            raw = base64.b64decode(encoded, validate=True)
            opened = AESGCM(self._keys[key_id]).decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place.associated_data()
            )
        except (ValueError, InvalidTag) as error:
            raise SealError("the sealed text is damaged or stands in another place") from error
        return opened.decode()

    def round_trips(self, place: Place) -> bool:
        """Whether sealing and opening work with the first key."""
        return self.open(self.seal("probe", place), place) == "probe"


def key_of(sealed: str) -> str:
    """The id of the key that sealed this; empty where it is nothing sealed."""
    version, _, rest = sealed.partition(":")
    key_id, colon, _ = rest.partition(":")
    return key_id if version == _FORMAT and colon else ""


def fingerprint(key: bytes) -> str:
    """What a key is known by without being kept: from it nobody gets to 32 random bytes."""
    return hmac.new(key, b"belvedere: which key this is", hashlib.sha256).hexdigest()


def new_key() -> str:
    """A fresh entry for PORTAL_ENCRYPTION_KEYS: ``id:base64key``."""
    return f"k{secrets.token_hex(3)}:{base64.b64encode(os.urandom(32)).decode()}"
