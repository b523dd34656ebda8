"""Google, as far as a test is concerned: the sandbox in a thread, reached over real HTTP and never imported
by the portal."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from google_api.service_accounts import ServiceAccountKey, parse_json
from sandbox.keys import new_key
from sandbox.server import SandboxServer, make_server
from tests.consenting import Visitor

ROBOT = "robot@demo.iam.gserviceaccount.com"
CLIENT_ID, CLIENT_SECRET = "belvedere-demo.apps.googleusercontent.com", "sandbox-secret"
DESKTOP_CLIENT_ID, DESKTOP_CLIENT_SECRET = (
    "belvedere-desktop.apps.googleusercontent.com",
    "sandbox-desktop-secret",
)


def addresses(url: str) -> dict[str, str]:
    """The portal's settings for a Google that is at `url`: the sandbox's clients, and each address."""
    return {
        "GOOGLE_CLIENT_ID": CLIENT_ID,
        "GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
        "GOOGLE_DESKTOP_CLIENT_ID": DESKTOP_CLIENT_ID,
        "GOOGLE_DESKTOP_CLIENT_SECRET": DESKTOP_CLIENT_SECRET,
        "GOOGLE_AUTH_URI": f"{url}/o/oauth2/v2/auth",
        "GOOGLE_TOKEN_URI": f"{url}/token",
        "GOOGLE_REVOKE_URI": f"{url}/revoke",
        "GOOGLE_CERTS_URI": f"{url}/oauth2/v3/certs",
        "GOOGLE_USERINFO_URI": f"{url}/v1/userinfo",
        "GOOGLE_ADMIN_API": url,
        "GOOGLE_DATA_API": url,
        "GOOGLE_V3_API": url,
        "GOOGLE_TOS_URI": f"{url}/analytics/web/",
    }


class Google:
    """A running sandbox and its controls."""

    def __init__(self, server: SandboxServer) -> None:
        self.url = server.url
        self._server = server

    def key_file(self, *properties: str, email: str = ROBOT) -> bytes:
        """A new key of a service account that may read these properties, as Google would download it."""
        key, _ = new_key(self._server.world.state, email, list(properties))
        return json.dumps(key).encode()

    def key(self, *properties: str, email: str = ROBOT) -> ServiceAccountKey:
        """The same, read."""
        return parse_json(self.key_file(*properties, email=email))

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One of the sandbox's own addresses, e.g. `control("POST", "reset")`."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def requests(self, path: str = "") -> list[dict[str, Any]]:
        """What was asked so far, in order, where the path contains `path`."""
        found = self.control("GET", "requests")
        listed = found["requests"] if isinstance(found, dict) else found
        return [each for each in listed if path in each["path"]]

    def person(self, email: str, *properties: str, **fields: Any) -> str:
        """Somebody with a Google account who may edit these properties; the address."""
        self.control("POST", "people", {"email": email, "properties": list(properties), **fields})
        return email

    def client(self, **fields: Any) -> None:
        """Changes what Google holds of the portal's client, e.g. `client(verified=False)`."""
        self.control("POST", "clients", fields)

    @contextmanager
    def visitor(self) -> Iterator[Visitor]:
        """Somebody's browser, as far as Google's pages go."""
        visitor = Visitor(self.url)
        try:
            yield visitor
        finally:
            visitor.close()

    def consent(self, address: str, email: str, **more: Any) -> str:
        """Somebody with a new browser consents: `Visitor.consent`."""
        with self.visitor() as visitor:
            return visitor.consent(address, email, **more)

    def fail(self, path: str, **fault: Any) -> None:
        """Makes calls whose path matches fail as `fault` says."""
        self.control("POST", "faults", {"path": path, **fault})

    def recover(self) -> None:
        """Ends all faults."""
        self.control("DELETE", "faults")


@contextmanager
def running(*recorded: str, portal: str = "http://testserver", token_limit: int = 100) -> Iterator[Google]:
    """A sandbox for as long as the block lasts; `portal` is where its client is registered, `token_limit` how
    many refresh tokens a person may have of it."""
    server = make_server(recorded=recorded, portal=portal, token_limit=token_limit)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Google(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
