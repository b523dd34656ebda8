"""Access tokens: given out, and asked for on every call of an API."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from sandbox.clock import Clock
from sandbox.errors import credentials_invalid, credentials_missing, scope_insufficient
from sandbox.state import Bearer, State
from sandbox.wire import Request

LIFE_S = 3599


class Tokens:
    """Whom an access token speaks for."""

    def __init__(self, state: State, clock: Clock) -> None:
        self.state = state
        self.clock = clock

    def issue(self, email: str, scopes: Iterable[str], client_id: str = "") -> dict[str, Any]:
        """A new one, in the fields of the token endpoint's answer. Without a client it is a service
        account's."""
        token = f"{'ya29.a0' if client_id else 'ya29.c.'}{secrets.token_urlsafe(120)}"
        self.state.add_access_token(token, email, scopes, self.clock.time() + LIFE_S, client_id=client_id)
        return {"access_token": token, "expires_in": LIFE_S, "token_type": "Bearer"}

    def check(self, request: Request, *, service: str, method: str, scopes: frozenset[str]) -> Bearer:
        """Who is calling. 401 without a living token, 403 with none of `scopes`."""
        token = request.bearer_token()
        if token is None:
            raise credentials_missing(service, method)
        bearer = self.state.bearer(token, self.clock.time())
        if bearer is None:
            raise credentials_invalid()
        if not bearer.scopes & scopes:
            raise scope_insufficient(service, method)
        return bearer
