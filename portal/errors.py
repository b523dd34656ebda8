"""What is answered when something breaks on our side; draws on neither database nor session."""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from accounts import tracing
from accounts.database import is_refusal
from dashboards.embed import cors
from dashboards.embed.errors import V3Error

RETRY_SECONDS = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an exception nobody caught; called while it is being handled.

    A database that is locked, full, read-only or away is no fault of the request: it says to come back (503).
    """
    busy = is_refusal(sys.exc_info()[1])
    answer = _answer(request, busy)
    answer["Cache-Control"] = "no-store"
    if busy:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _answer(request: HttpRequest, busy: bool) -> HttpResponse:
    """In the shape that whoever asked can read."""
    view = _view(request)
    if getattr(view, "speaks_v3", False):
        return cors.opened(view, _as_v3(busy))
    return _as_json(busy) if _is_script(request) else _as_page(busy)


def _view(request: HttpRequest) -> object:
    """What the address leads to; it may have gone wrong before that was looked up."""
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None


def _is_script(request: HttpRequest) -> bool:
    """Whether no person reads the answer. A browser that opens a page says that it takes HTML."""
    accepts = request.headers.get("Accept", "text/html")
    return request.path.endswith(".json") or "text/html" not in accepts


def _as_page(busy: bool) -> HttpResponse:
    name, status = ("503.html", 503) if busy else ("500.html", 500)
    agency = {"name": settings.AGENCY_NAME, "contact": settings.AGENCY_CONTACT}
    words = {"agency": agency, "code": tracing.current_id()}
    return HttpResponse(loader.render_to_string(name, words), status=status)


def _as_json(busy: bool) -> HttpResponse:
    return JsonResponse({"error": _sentence(busy)}, status=503 if busy else 500)


def _as_v3(busy: bool) -> HttpResponse:
    return V3Error(503 if busy else 500, "backendError", _sentence(busy)).response()


def _sentence(busy: bool) -> str:
    if busy:
        return _("The portal is busy. Please try again in a minute.")
    return _("Something went wrong on our side.")
