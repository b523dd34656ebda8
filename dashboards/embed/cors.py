"""Lets pages of any site read what an embedding address answers, its refusals included.

Whoever may read is decided by the token and its origin, never by a cookie: so the answer is for everybody
and never with credentials. A page that could not read a refusal would show nothing but "network error".

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from dashboards.embed.errors import V3Error

MAX_AGE_SECONDS = 7200  # the longest that Chromium keeps a preflight
EXPOSED = "Retry-After"


def cross_origin(*methods: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Marks a view that pages elsewhere ask by these methods. A V3Error that it raises becomes its answer;
    another method is answered 405 with v3's body, a preflight by itself.
    """
    allowed = ", ".join((*methods, "OPTIONS"))

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = _answer(view, request, methods, *args, **kwargs)
            opened(answered, response)
            if request.method == "OPTIONS":
                response["Access-Control-Allow-Methods"] = allowed
                response["Access-Control-Allow-Headers"] = "authorization, content-type"
                response["Access-Control-Max-Age"] = str(MAX_AGE_SECONDS)
            if response.status_code == 405:
                response["Allow"] = allowed
            return response

        answered.speaks_v3 = answered.is_cross_origin = True  # type: ignore[attr-defined]
        return answered

    return mark


def opened(view: object, response: HttpResponse) -> HttpResponse:
    """The response, such that pages of any site may read it where the view is theirs to ask."""
    if getattr(view, "is_cross_origin", False):
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = EXPOSED
    return response


def _answer(
    view: Callable[..., HttpResponse],
    request: HttpRequest,
    methods: tuple[str, ...],
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in methods:
        return V3Error(405, "httpMethodNotAllowed", "This address is not asked by that method.").response()
    try:
        return view(request, *args, **kwargs)
    except V3Error as error:
        return error.response()
