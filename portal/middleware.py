"""Stands around everything: gives each request its id, and says and counts how it went."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import tracing
from portal.metrics import counters

Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("portal.requests")
HEADER = "X-Request-Id"


class TelemetryMiddleware:
    """One line of the log for each request, one count, and the request's id in its answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with tracing.traced(tracing.Trace(_id_of(request), request)) as trace:
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            counters.count_request(_route(request), request.method or "", response.status_code, seconds)
            _say(request, response, seconds)
        response[HEADER] = trace.id
        return response


def _id_of(request: HttpRequest) -> str:
    """The proxy's, where there is one: anybody else could make our log say anything."""
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXY else ""
    return given if tracing.is_well_formed(given) else tracing.new_id()


def _route(request: HttpRequest) -> str:
    """The name of the address. Never the path: it holds names and tokens, and there is no end of them."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name or "unnamed"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def _say(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    ms = round(seconds * 1000, 1)
    facts = {"status": response.status_code, "ms": ms, "route": _route(request)}
    logger.info(
        "%s %s %s %sms", request.method, request.path, response.status_code, ms, extra={"facts": facts}
    )
