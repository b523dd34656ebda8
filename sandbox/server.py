"""The HTTP server: reads a request, lets a fault strike it, finds its handler, writes and notes the
answer.
"""

from __future__ import annotations

import re
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox import admin_api, consent, control, data_api, faults, people_control, terms, v3_api
from sandbox.control import PREFIX
from sandbox.errors import ApiError, HtmlPage, Refusal
from sandbox.faults import Fault
from sandbox.oauth import endpoints
from sandbox.state import State
from sandbox.wire import Request, Response
from sandbox.world import World

LARGEST_BODY = 8 * 1024 * 1024


class Router:
    """From a request to its answer. A path that is not known, or known under another verb, is a page: 404."""

    def __init__(self, world: World) -> None:
        self.world = world
        table = [
            *endpoints.routes(world),
            *consent.routes(world),
            *admin_api.routes(world),
            *v3_api.routes(world),
            *terms.routes(world),
            *data_api.routes(data_api.DataApi(world)),
            *control.routes(control.Control(world)),
            *people_control.routes(world),
        ]
        self._routes = [(method, re.compile(path), handler) for method, path, handler in table]

    def answer(self, request: Request) -> Response:
        """The answer, refusals included."""
        try:
            return self._handle(request)
        except Refusal as refusal:
            return Response(refusal.status, refusal.body(), refusal.content_type, refusal.headers)
        except Exception:  # noqa: BLE001 - the sandbox's own mistake is shown as Google's, and printed
            traceback.print_exc(file=sys.stderr)
            return Response(500, ApiError(500).body())

    def _handle(self, request: Request) -> Response:
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return handler(request, *match.groups())
        raise HtmlPage(404, request.path)

    def struck(self, request: Request, fault: Fault) -> Response:
        """The answer under a fault."""
        refusal = fault.refusal(request, self._project(request))
        refusal = self._budgeted(request, refusal)
        if refusal is None:
            response = self._slow(request, fault)
        else:
            time.sleep(fault.delay)
            response = Response(refusal.status, refusal.body(), refusal.content_type, refusal.headers)
        if fault.body and (refusal is None or not isinstance(refusal, HtmlPage)):
            return faults.spoiled(fault.body, response)
        return response

    def _slow(self, request: Request, fault: Fault) -> Response:
        """The true answer, late. The Data API waits by itself, while it holds the property's slots."""
        if data_api.property_of(request.path) is None or request.method != "POST":
            time.sleep(fault.delay)
        return self.answer(replace(request, delay=fault.delay))

    def _budgeted(self, request: Request, refusal: Refusal | None) -> Refusal | None:
        """Server errors of the Data API count against the hour's ten; after those it is a 429."""
        concerned = data_api.property_of(request.path)
        if refusal is None or concerned is None or refusal.status not in (500, 503):
            return refusal
        api, property_id = concerned
        try:
            self.world.quotas.check_server_errors(api, property_id, self._project(request))
        except Refusal as exhausted:
            return exhausted
        self.world.quotas.count_server_error(api, property_id, self._project(request))
        return refusal

    def _project(self, request: Request) -> str:
        token = request.bearer_token()
        bearer = self.world.state.bearer(token, self.world.clock.time()) if token else None
        return self.world.project_of(bearer.email) if bearer else "unknown"


class Handler(BaseHTTPRequestHandler):
    """One connection. Answers leave in one piece, without waiting for more (TCP_NODELAY)."""

    protocol_version = "HTTP/1.1"
    server_version = "ESF"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120
    server: SandboxServer

    def _serve(self) -> None:
        request = self._request()
        started = time.perf_counter()
        if request.path.startswith(PREFIX):
            self._write(self.server.router.answer(request))
            return
        world = self.server.world
        fault = world.faults.strike(request)
        if fault is not None and fault.drop:
            time.sleep(fault.delay)
            self.close_connection = True
            world.journal.add(request, 0, time.perf_counter() - started)
            return
        router = self.server.router
        response = router.answer(request) if fault is None else router.struck(request, fault)
        location = response.headers.get("Location", "")
        world.journal.add(request, response.status, time.perf_counter() - started, location)
        self._write(response, half=fault is not None and fault.body == "half")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        length = min(int(self.headers.get("Content-Length") or 0), LARGEST_BODY)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers: Any = self.headers  # a mapping that does not mind the case of names
        body = self.rfile.read(length) if length else b""
        return Request(self.command, unquote(parts.path), query, headers, body)

    def _write(self, response: Response, *, half: bool = False) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "private")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body[: len(response.body) // 2] if half else response.body)
        self.wfile.flush()
        self.close_connection = self.close_connection or half

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Of the clock that assertions are judged by: whose own is wrong can read it off the answer."""
        now = self.server.world.clock.assertion_time()
        return super().date_time_string(now if timestamp is None else timestamp)

    def log_message(self, format: str, *args: Any) -> None:
        """The journal is the log."""


class SandboxServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], world: World) -> None:
        self.world = world  # first: a port that is taken makes the base class close what is not open yet
        super().__init__(address, Handler)
        self.router = Router(world)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        super().server_close()
        self.world.state.close()


def make_server(
    port: int = 0,
    *,
    state: str = ":memory:",
    recorded: Sequence[str] = (),
    portal: str = "http://localhost:8000",
    token_limit: int = 100,
    testing: bool = False,
) -> SandboxServer:
    """A sandbox bound to the loopback, not yet serving. Port 0 takes a free one."""
    world = World(State(state), recorded, portal, token_limit=token_limit, testing=testing)
    return SandboxServer(("127.0.0.1", port), world)
