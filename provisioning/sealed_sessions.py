"""Sessions in the database, sealed: what they hold (half-made second factors, requests that wait for a
password, codes) is nobody's who reads the table. Their key comes from SECRET_KEY, which signs people's
cookies too: a new one signs everybody out, and there is nothing to re-encrypt.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.sessions.backends import db

from provisioning.crypto import KeyRing, Place, SealError


class SessionStore(db.SessionStore):
    """Django's, with what it stores sealed for its row."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """What stands in the row."""
        text = self.serializer().dumps(session_dict).decode("latin-1")
        return _key_ring(settings.SECRET_KEY).seal(text, self._place())

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What the session holds: nothing where the row is damaged, moved or of another SECRET_KEY."""
        try:
            text = _key_ring(settings.SECRET_KEY).open(_text(session_data), self._place())
        except SealError:
            return {}
        opened: dict[str, Any] = self.serializer().loads(text.encode("latin-1"))
        return opened

    def _place(self) -> Place:
        return Place("django_session", "session_data", self.session_key or "")


def _text(stored: str | bytes) -> str:
    return stored if isinstance(stored, str) else stored.decode()


@lru_cache(maxsize=4)
def _key_ring(secret: str) -> KeyRing:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"belvedere sessions").derive(secret.encode())
    return KeyRing({"session": key})
