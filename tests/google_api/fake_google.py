"""Google on the loopback: a small HTTP server that gives back saved answers and keeps what it was asked."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "ya29.c.token-of-the-tests"

Behaviour = Callable[["Handler"], None]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeGoogle:
    url: str
    requests: list[Asked] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)  # the client's ports

    def answers(self, body: object = None, *, status: int = 200, **headers: str) -> FakeGoogle:
        """Queues an answer: JSON, or the bytes as they are. The last in the queue is given for ever."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.behaviours.append(lambda handler: handler.answer(status, content, headers))
        return self

    def does(self, behaviour: Behaviour) -> FakeGoogle:
        self.behaviours.append(behaviour)
        return self

    def next_behaviour(self) -> Behaviour:
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    google: FakeGoogle

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:  # the client went away, as many of the tests make it do
            self.close_connection = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.google.connections.add(self.client_address[1])
        self.google.requests.append(
            Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        )
        self.google.next_behaviour()(self)

    do_POST = do_GET
    do_PATCH = do_GET

    def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.begin(status, len(content), headers)
        self.wfile.write(content)

    def begin(self, status: int, length: int | None, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name.replace("_", "-"), value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def drop(self) -> None:
        """Ends the connection without another word."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *args: object) -> None:
        """Nothing on the terminal."""


def drop(handler: Handler) -> None:
    handler.drop()


def half_a_body(handler: Handler) -> None:
    handler.begin(200, 1000)
    handler.wfile.write(b'{"rows": [')
    handler.wfile.flush()
    handler.drop()


def never_answer(handler: Handler) -> None:
    time.sleep(3)
    handler.close_connection = True


def trickle(handler: Handler) -> None:
    """A byte now and then, each in time for a timeout that starts anew with every byte."""
    handler.begin(200, 1000)
    for _ in range(60):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)
