"""Doors between the portal and others, that may be shut: to Google, and to a mail server."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable
from typing import Any

from tests.installation import free_port


class Door:
    """A port of the loopback. While it is shut, who knocks is refused."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self.port = free_port()
        self._serve = serve
        self._server: Any = None
        self.open()

    def open(self) -> None:
        """Lets in."""
        serve = self._serve

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    serve(self.request)

        self._server = _Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def shut(self) -> None:
        """Refuses whoever comes, and cuts off who is there."""
        self._server.shutdown()
        self._server.server_close()
        self._server.cut_off()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, *given: Any) -> None:
        self._sockets: set[socket.socket] = set()
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._sockets.discard(request)
        super().shutdown_request(request)

    def cut_off(self) -> None:
        for each in list(self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def leads_to(port: int) -> Callable[[socket.socket], None]:
    """Hands everything on to another port, both ways."""

    def serve(near: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as far:
            back = threading.Thread(target=_pour, args=(far, near), daemon=True)
            back.start()
            _pour(near, far)
            back.join()

    return serve


def _pour(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class Mailbox(Door):
    """A mail server, as far as sending goes (RFC 5321)."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        super().__init__(self._take)

    def _take(self, line: socket.socket) -> None:
        with line.makefile("rwb") as talk:
            _say(talk, "220 drill")
            while command := talk.readline():
                verb = command[:4].upper()
                if verb == b"DATA":
                    _say(talk, "354 go on")
                    self.mails.append(_letter(talk))
                _say(talk, "221 bye" if verb == b"QUIT" else "250 fine")


def _say(talk: Any, text: str) -> None:
    talk.write(text.encode() + b"\r\n")
    talk.flush()


def _letter(talk: Any) -> str:
    lines = []
    while (line := talk.readline()) not in (b".\r\n", b""):
        lines.append(line)
    return b"".join(lines).decode()
