"""Tokens that the portal gives out: 32 random bytes, of which it keeps a prefix and a hash. Pure."""

import hashlib
import secrets
from dataclasses import dataclass, field

PREFIX_LENGTH = 8


@dataclass(frozen=True)
class Token:
    """A token at the moment it is made; `value` is never stored and shown once."""

    value: str = field(repr=False)

    @property
    def prefix(self) -> str:
        """What people may see of it, to tell it from others."""
        return self.value[:PREFIX_LENGTH]

    @property
    def digest(self) -> str:
        """What it is found by."""
        return digest_of(self.value)


def new_token() -> Token:
    """A fresh one, of letters, digits, hyphens and underscores."""
    return Token(secrets.token_urlsafe(32))


def digest_of(value: str) -> str:
    """SHA-256, in hexadecimal. There is nothing to guess in 32 random bytes, so no slow hash is needed."""
    return hashlib.sha256(value.encode()).hexdigest()
