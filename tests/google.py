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

ROBOT = "robot@demo.iam.gserviceaccount.com"


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

    def fail(self, path: str, **fault: Any) -> None:
        """Makes calls whose path matches fail as `fault` says."""
        self.control("POST", "faults", {"path": path, **fault})

    def recover(self) -> None:
        """Ends all faults."""
        self.control("DELETE", "faults")


@contextmanager
def running(*recorded: str) -> Iterator[Google]:
    """A sandbox for as long as the block lasts."""
    server = make_server(recorded=recorded)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Google(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
