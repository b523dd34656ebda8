"""The portal's own tokens for pages on other sites: signed, not stored, good for some views on one site.

There is one way to sign (Django's HMAC-SHA256 with a salt of our own) and no header that could name another.
Pure, but for the clock and the settings' key.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing

from accounts.models import User
from dashboards.models import EmbedKey, View

LONGEST_SECONDS = 3600
SHORTEST_SECONDS = 60
LONGEST_TEXT = 4096


class TokenRefused(Exception):
    """A token that does not count; `code` is malformed, signature or expired."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class EmbedToken:
    """What a token says. Issued to a client's server by a key of its, or to a page by a signed-in person.

    Times are seconds since 1970, `issued_at` to the millionth: what is revoked and made anew within a second
    is told apart.
    """

    id: str
    tenant_id: uuid.UUID
    view_ids: tuple[uuid.UUID, ...]
    origin: str
    issued_at: float
    expires_at: int
    key_id: uuid.UUID | None = None
    user_id: int | None = None

    @property
    def seconds_left(self) -> int:
        """How long it still counts."""
        return max(0, self.expires_at - int(time.time()))


def issue(
    *,
    views: Sequence[View],
    origin: str,
    ttl: int,
    key: EmbedKey | None = None,
    user: User | None = None,
) -> tuple[str, int]:
    """A token for these views, all of one tenant, on the site `origin`; and for how many seconds it is good.

    It hangs on the key, or on the person, by whom it was asked for.
    """
    now = time.time()
    claims = {
        "i": uuid.uuid4().hex,
        "t": views[0].tenant_id.hex,
        "v": [each.pk.hex for each in views],
        "o": origin,
        "b": round(now, 6),
        "x": int(now) + ttl,
        "k": key.pk.hex if key else None,
        "u": user.pk if user else None,
    }
    return _signer().sign_object(claims), ttl


def read(text: str) -> EmbedToken:
    """What a token says, once its signature and time were found good. Raises TokenRefused."""
    token = _claimed(_opened(text))
    if token.expires_at <= time.time():
        raise TokenRefused("expired")
    return token


def _signer() -> signing.Signer:
    return signing.Signer(salt="belvedere.embed.token", algorithm="sha256", sep=".")


def _opened(text: str) -> Any:
    if text.count(".") != 1 or len(text) > LONGEST_TEXT:
        raise TokenRefused("malformed")
    try:
        return _signer().unsign_object(text)
    except signing.BadSignature:
        raise TokenRefused("signature") from None
    except ValueError:  # what we signed is always readable; an older version's may not be
        raise TokenRefused("malformed") from None


def _claimed(claims: Any) -> EmbedToken:
    try:
        return EmbedToken(
            id=claims["i"],
            tenant_id=uuid.UUID(claims["t"]),
            view_ids=tuple(uuid.UUID(each) for each in claims["v"]),
            origin=claims["o"],
            issued_at=claims["b"],
            expires_at=claims["x"],
            key_id=uuid.UUID(claims["k"]) if claims["k"] else None,
            user_id=claims["u"],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise TokenRefused("malformed") from None
