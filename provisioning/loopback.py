"""The installed application's way to Google's consent and back: Google sends the browser to a port of this
machine. Where the browser is on another machine, its person pastes the address that it ended on.

https://developers.google.com/identity/protocols/oauth2/native-app
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Params = dict[str, str]
READ_BYTES = 65536
LONGEST_LINE = 8192


class Loopback(HTTPServer):
    """Listens on a free port of 127.0.0.1 for the return that `is_ours`; `words` are for the browser."""

    def __init__(self, is_ours: Callable[[Params], bool], words: Callable[[bool], str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.is_ours, self.words = is_ours, words
        self.returned: Params | None = None

    @property
    def redirect_uri(self) -> str:
        """Where Google sends the browser: for a desktop's client any port of the loopback will do."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def wait(self, typed: int | None, complain: Callable[[], None]) -> Params:
        """The parameters of the return that is ours, from a browser or as a line of the file `typed`; after
        any other line `complain` is called. Waits as long as it takes."""
        lines = _Lines(typed)
        while self.returned is None:
            sources: list[Any] = [self, *lines.open]
            ready = select.select(sources, [], [])[0]
            if self in ready:
                self.handle_request()
                continue
            for line in lines.read():
                if not self.take(parameters(line)):
                    complain()
        return self.returned

    def take(self, params: Params) -> bool:
        """Keeps a return that is ours; whether it is."""
        if self.is_ours(params):
            self.returned = params
            return True
        return False


class _Lines:
    """Whole lines of a file, read as they come; none of a file that has ended."""

    def __init__(self, file: int | None) -> None:
        self.open = [] if file is None else [file]
        self._rest = b""

    def read(self) -> list[str]:
        chunk = os.read(self.open[0], READ_BYTES)
        if not chunk:
            self.open = []
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            whole, self._rest = [self._rest], b""
        return [line.decode("utf-8", "replace").strip()[:LONGEST_LINE] for line in whole if line.strip()]


class _Handler(BaseHTTPRequestHandler):
    """Answers the browser. Anything but a return is not found: browsers ask for icons too."""

    server: Loopback
    timeout = 5  # seconds; one slow connection must not keep others out

    def do_GET(self) -> None:
        params = parameters(self.path)
        if "state" not in params:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = self.server.words(self.server.take(params)).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the address holds the code."""


def parameters(address: str) -> Params:
    """What an address carries back from Google."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
