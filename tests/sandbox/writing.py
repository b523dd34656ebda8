"""A person who lets a program make things at Google, and what such a person has."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from sandbox.oauth.clients import WEB_ID
from sandbox.server import SandboxServer
from tests.sandbox.conftest import READONLY, Robot

NINA = "nina@bluebell-bakery.example"
MARCO = "marco@harbour-books.example"
AUTH = "https://www.googleapis.com/auth/"
SCOPES = (
    READONLY,
    *(AUTH + name for name in ("analytics.edit", "analytics.manage.users", "analytics.provision")),
)
BACK = "http://localhost:8000/provisioning/tos/callback"
PROPERTY = {"displayName": "Bakery", "timeZone": "Europe/London", "currencyCode": "GBP"}
STREAM = {
    "type": "WEB_DATA_STREAM",
    "displayName": "Website",
    "webStreamData": {"defaultUri": "https://www.bluebell.example"},
}


class Owner(Robot):
    """A person's program: asks with a token that the portal's client was given."""

    def __init__(self, server: SandboxServer, email: str = NINA, scopes: tuple[str, ...] = SCOPES) -> None:
        super().__init__(server, email, scopes, client_id=WEB_ID)
        self.email = email
        far = server.world.clock.time() + 30 * 86400  # tests move the clock by days
        server.world.state.add_access_token(self.token, email, scopes, far, client_id=WEB_ID)

    def account(self, name: str = "Bluebell") -> str:
        """A new account's name, without ticket and terms."""
        world = self.server.world
        made = world.created.add_account(name, "GB", world.clock.time())
        world.access.bind(f"accounts/{made.id}", self.email, frozenset({"admin"}))
        return f"accounts/{made.id}"

    def made(self, path: str, body: Any) -> dict[str, Any]:
        """What a POST that works answers."""
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def property(self, account: str = "", **fields: Any) -> str:
        """A new property's name, in a new account unless told."""
        body = PROPERTY | {"parent": account or self.account()} | fields
        return str(self.made("/v1beta/properties", body)["name"])

    def tagged(self) -> str:
        """The number of a new property with a web stream."""
        name = self.property()
        self.made(f"/v1beta/{name}/dataStreams", STREAM)
        return name.rpartition("/")[2]

    def ticket(self, name: str = "Bluebell", redirect_uri: str = BACK) -> str:
        body = {"account": {"displayName": name, "regionCode": "GB"}, "redirectUri": redirect_uri}
        return str(self.made("/v1beta/accounts:provisionAccountTicket", body)["accountTicketId"])

    def told(self, method: str, path: str, body: Any) -> tuple[int, str]:
        """Status and name of a refusal."""
        answer = self.ask(method, path, json=body)
        return answer.status_code, str(answer.json()["error"]["status"])


class Reader:
    """A browser at the terms page: its cookies, and forms sent over real HTTP."""

    def __init__(self, server: SandboxServer, *emails: str) -> None:
        self.url = f"{server.url}/analytics/web"
        self.session = requests.Session()
        for email in emails:
            self.sign_in(email)

    def sign_in(self, email: str, ticket: str = "x") -> str:
        """Where one is led then."""
        return self._post("sign-in", {"email": email, "ticket": ticket}).headers.get("Location", "")

    def page(self, ticket: str, authuser: str = "") -> str:
        query = {"ticket": ticket, "authuser": authuser}
        return self.session.get(f"{self.url}/terms", params=query, timeout=10).text

    def answer(self, ticket: str, how: str = "accept", authuser: str = "") -> requests.Response:
        return self._post("terms", {"ticket": ticket, "authuser": authuser, "answer": how})

    def _post(self, name: str, form: dict[str, str]) -> requests.Response:
        return self.session.post(f"{self.url}/{name}", data=form, allow_redirects=False, timeout=10)


def carried(answer: requests.Response) -> dict[str, str]:
    """What the way back to the program carries; empty where there is none."""
    return dict(parse_qsl(urlsplit(answer.headers.get("Location", "")).query))


def title(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0]
