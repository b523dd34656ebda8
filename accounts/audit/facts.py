"""From where something is done, and by whom: whoever writes the record knows it, though verbs have no
request.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
_request: ContextVar[HttpRequest | None] = ContextVar("request_of_the_record", default=None)


@dataclass(frozen=True)
class Facts:
    """Who asks, by address; from which IP address, and with which browser. Empty for what runs by itself."""

    who: str = ""
    ip: str | None = None
    agent: str = ""


class RecordFactsMiddleware:
    """Lets the record know the request that is being answered."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def current() -> Facts:
    """The facts of the request that is being answered, as they are by now: whoever signs in is known then."""
    request = _request.get()
    if request is None:
        return Facts()
    user: Any = getattr(request, "user", None)
    who = user.email if user is not None and user.is_authenticated else ""
    return Facts(who, ip_of(request), request.META.get("HTTP_USER_AGENT", ""))


def ip_of(request: HttpRequest) -> str | None:
    """Where a request comes from. X-Forwarded-For counts as far as our own proxies wrote it: anybody can put
    something in front.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if settings.TRUSTED_PROXY else []
    chain = [*(each.strip() for each in forwarded if each.strip()), request.META.get("REMOTE_ADDR", "")]
    try:
        return str(ipaddress.ip_address(chain[max(0, len(chain) - 1 - settings.TRUSTED_PROXY)]))
    except ValueError:
        return None
