"""What is answered when something breaks on our side; draws on neither database nor session."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from accounts import tracing

RETRY_SECONDS = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for an exception nobody caught; called while it is being handled.

    A database that is locked, full or away is no fault of the request: it says to come back (503).
    """
    busy = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    answer = _as_json(busy) if request.path.endswith(".json") else _as_page(busy)
    answer["Cache-Control"] = "no-store"
    if busy:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _as_page(busy: bool) -> HttpResponse:
    name, status = ("503.html", 503) if busy else ("500.html", 500)
    agency = {"name": settings.AGENCY_NAME, "contact": settings.AGENCY_CONTACT}
    words = {"agency": agency, "code": tracing.current_id()}
    return HttpResponse(loader.render_to_string(name, words), status=status)


def _as_json(busy: bool) -> HttpResponse:
    if busy:
        return JsonResponse({"error": _("The portal is busy. Please try again in a minute.")}, status=503)
    return JsonResponse({"error": _("Something went wrong on our side.")}, status=500)
