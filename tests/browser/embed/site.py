"""A client's own site, on another host than the portal: its pages, written as pages for the Embed API
were, and its server, which has an embed key and asks the portal for its visitors' tokens."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PAGES = Path(__file__).with_name("pages")


class Site(ThreadingHTTPServer):
    """`http://127.0.0.1:PORT`, where `/basic` is pages/basic.html and `/fresh-token` a new token in JSON."""

    daemon_threads = True

    def __init__(self, portal: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.portal = portal
        self.key = ""
        self.views: list[str] = []  # what its tokens open, by `ids`
        self.all_views: list[str] = []
        self.policy = ""  # a Content-Security-Policy for all pages
        self.tokens_given = 0

    @property
    def origin(self) -> str:
        """As a browser writes it."""
        return f"http://127.0.0.1:{self.server_port}"

    def token(self) -> dict[str, Any]:
        """What the portal answers to this site's server."""
        self.tokens_given += 1
        body = json.dumps({"view": self.views, "origin": self.origin, "ttl": 3600}).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.portal}/embed/token", body, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return dict(json.loads(answer.read()))

    def page(self, name: str) -> str:
        """A page with what it needs filled in."""
        body = _read(f"{name}.html").replace("{{authorised}}", _read("authorised.js"))
        text = _read("frame.html").replace("{{body}}", body)
        for script in ("loader", "scenarios"):
            text = text.replace(f"{{{{{script}}}}}", _read(f"{script}.js"))
        if "{{token}}" in text:
            text = text.replace("{{token}}", str(self.token()["access_token"]))
        title = name.replace("_", " ").capitalize()
        facts = {"portal": self.portal, "ids": self.views[0], "title": title}
        for key, value in facts.items():
            text = text.replace(f"{{{{{key}}}}}", value)
        return text


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:  # noqa: N802  # http.server's name
        name = urlsplit(self.path).path.strip("/")
        if name == "fresh-token":
            self._send("application/json", json.dumps(self.server.token()))
        elif (PAGES / f"{name}.html").exists():
            self._send("text/html; charset=utf-8", self.server.page(name))
        else:
            self.send_response(204)
            self.end_headers()

    def _send(self, kind: str, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: Any) -> None:
        """Nothing: the tests read no log."""


def _read(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


@contextmanager
def serving(portal: str) -> Iterator[Site]:
    """A site that asks this portal."""
    site = Site(portal)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
        thread.join()
