"""Every request that was received, with credentials replaced by a hash; the oldest are forgotten."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox.wire import Request

KEPT = 5_000
LONGEST_BODY = 64 * 1024
_SECRET = frozenset(
    {
        *("assertion", "access_token", "oauth_token", "refresh_token", "id_token", "token", "client_secret"),
        *("code", "code_verifier", "password", "secretValue", "private_key", "key"),
    }
)


def hashed(secret: str) -> str:
    """The same secret has the same hash, so that uses of one token can be counted."""
    return "sha256:" + hashlib.sha256(secret.encode()).hexdigest()[:16]


class Journal:
    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._last_id = 0

    def add(self, request: Request, status: int, seconds: float, location: str = "") -> None:
        """Note a request, its answer's status, and where it sends people on; status 0 is a connection that
        was cut."""
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": request.method,
            "path": request.path,
            "query": _without_secrets(request.query),
            "authorization": _authorization(request),
            "body": _body(request),
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
        } | ({"location": _masked(location)} if location else {})
        with self._lock:
            self._last_id += 1
            self._entries.append({"id": self._last_id} | entry)

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def _authorization(request: Request) -> str | None:
    header = request.headers.get("Authorization")
    if not header:
        return None
    scheme, _, secret = header.partition(" ")
    return f"{scheme} {hashed(secret)}"


def _without_secrets(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: hashed(str(value)) if name in _SECRET and value else value for name, value in fields.items()
    }


def _masked(address: str) -> str:
    """An address whose query holds no secret."""
    parts = urlsplit(address)
    query = _without_secrets(dict(parse_qsl(parts.query, keep_blank_values=True)))
    return urlunsplit(parts._replace(query=urlencode(query)))


def _body(request: Request) -> Any:
    """The body as JSON, as a form's fields, or as text."""
    if not request.body:
        return None
    text = request.body[:LONGEST_BODY].decode("utf-8", "replace")
    if request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        return _without_secrets(dict(parse_qsl(text, keep_blank_values=True)))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _without_secrets(value) if isinstance(value, dict) else value
