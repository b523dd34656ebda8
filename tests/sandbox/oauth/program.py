"""A program that asks people for consent, as the portal does: its address, its exchange of codes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import requests

from tests.consenting import Visitor, parameters

P = "https://www.googleapis.com/auth/"
READONLY, EDIT, USERS = P + "analytics.readonly", P + "analytics.edit", P + "analytics.manage.users"
EMAIL_SCOPE, PROFILE_SCOPE = P + "userinfo.email", P + "userinfo.profile"
WEB = ("belvedere-demo.apps.googleusercontent.com", "sandbox-secret")
DESKTOP = ("belvedere-desktop.apps.googleusercontent.com", "sandbox-desktop-secret")
CALLBACK = "http://localhost:8000/provisioning/oauth/callback"
NINA, MARCO, AGENCY = (
    "nina@bluebell-bakery.example",
    "marco@harbour-books.example",
    "agency@northlight.example",
)

Answer = tuple[int, dict[str, Any]]


class Program:
    """One client of the sandbox's. A new browser for every consent, unless one is given."""

    def __init__(self, url: str, client: tuple[str, str] = WEB, callback: str = CALLBACK) -> None:
        self.url = url
        self.client_id, self.secret = client
        self.callback = callback

    def address(self, path: str = "/o/oauth2/v2/auth", **changes: str | None) -> str:
        """Offline and reading, unless changed; None takes a parameter away."""
        query = {
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "response_type": "code",
            "scope": READONLY,
            "access_type": "offline",
            "state": "opaque",
        } | changes
        return (
            f"{self.url}{path}?{urlencode({key: value for key, value in query.items() if value is not None})}"
        )

    def visitor(self) -> Visitor:
        return Visitor(self.url)

    def consent(
        self, email: str = MARCO, *, deny: bool = False, refuse: tuple[str, ...] = (), **asked: Any
    ) -> str:
        """The address that a person with a new browser comes back to."""
        visitor = self.visitor()
        try:
            return visitor.consent(self.address(**asked), email, refuse=refuse, deny=deny)
        finally:
            visitor.close()

    def code(self, email: str = MARCO, **asked: Any) -> str:
        return parameters(self.consent(email, **asked))["code"]

    def post(self, path: str, **fields: str | None) -> Answer:
        form = {key: value for key, value in fields.items() if value is not None}
        answer = requests.post(self.url + path, data=form, timeout=10)
        return answer.status_code, answer.json()

    def exchange(self, code: str, /, **changes: str | None) -> Answer:
        fields: dict[str, str | None] = {"grant_type": "authorization_code", "code": code}
        return self._token(fields | {"redirect_uri": self.callback} | changes)

    def refresh(self, token: str, /, **changes: str | None) -> Answer:
        return self._token({"grant_type": "refresh_token", "refresh_token": token} | changes)

    def _token(self, fields: dict[str, str | None]) -> Answer:
        return self.post("/token", **({"client_id": self.client_id, "client_secret": self.secret} | fields))

    def tokens(self, email: str = MARCO, **asked: Any) -> dict[str, Any]:
        """All the way to the tokens."""
        status, body = self.exchange(self.code(email, **asked))
        assert status == 200, body
        return body

    def control(self, name: str, /, **fields: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/_sandbox/{name}", json=fields, timeout=10)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str, token: str) -> requests.Response:
        return requests.get(self.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=10)


def refused(error: str, words: str) -> dict[str, str]:
    return {"error": error, "error_description": words}


REVOKED = (400, refused("invalid_grant", "Token has been expired or revoked."))
BAD = (400, refused("invalid_grant", "Bad Request"))
