"""Where pages on other sites ask: reports, who is there now, and which views their token opens."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from accounts.permissions import public
from accounts.tenancy import tenant_scope
from dashboards.embed import queries, rates, realtime, recall, summaries
from dashboards.embed.access import Grant
from dashboards.embed.cors import cross_origin
from dashboards.embed.errors import bad_request
from dashboards.embed.queries import Answer, Answers

logger = logging.getLogger(__name__)
_WHY = "the page's token says what may be read; cookies do not count"
_JSON = "application/json; charset=utf-8"


class _Then(HttpResponse):
    """An answer after which something is left to do: it is done when everything was sent."""

    def __init__(self, content: bytes, *, grant: Grant, found: Answers, **kwargs: Any) -> None:
        super().__init__(content, **kwargs)
        self._grant = grant
        self._found = found

    def close(self) -> None:
        """As Django's, which a server calls when the answer has gone out."""
        try:
            with tenant_scope({self._grant.tenant.pk}):
                queries.renew(self._found.stale)
        except Exception:  # nobody waits for it any more, and the next page asks again
            logger.exception("renewing what was old failed")
        super().close()


@public(_WHY)
@csrf_exempt
@cross_origin("GET", "POST")
def query(request: HttpRequest) -> HttpResponse:
    """A report in version 3's parameters and shape; as JSON {"queries": [...]} many at once, each answered in
    {"answers": [{"status", "body"}, ...]}.
    """
    grant = _granted(request)
    sent = _sent(request)
    several = sent.get("queries")
    if several is None:
        return _single(request, grant, sent)
    if not isinstance(several, list) or not all(isinstance(each, dict) for each in several):
        raise bad_request("“queries” is a list of queries.")
    found = _answered(grant, several)
    return _response(grant, found, b'{"answers":[' + b",".join(map(_wrapped, found.answers)) + b"]}")


@public(_WHY)
@csrf_exempt
@cross_origin("GET", "POST")
def realtime_now(request: HttpRequest) -> HttpResponse:
    """Who is there now, in version 3's shape."""
    grant = _granted(request)
    with tenant_scope({grant.tenant.pk}):
        return _unkept(JsonResponse(realtime.answer(grant, _sent(request))))


@public(_WHY)
@cross_origin("GET")
def account_summaries(request: HttpRequest) -> HttpResponse:
    """The views that the token opens, as version 3 listed them."""
    grant = _granted(request)
    return _unkept(JsonResponse(summaries.answer(grant, request.GET.dict())))


def _granted(request: HttpRequest) -> Grant:
    grant = recall.grant_of(request)
    rates.REQUESTS_OF_TOKEN.count(grant.token.id)
    rates.REQUESTS_OF_TENANT.count(str(grant.tenant.pk))
    return grant


def _sent(request: HttpRequest) -> dict[str, Any]:
    """The parameters, from the address or from a body of JSON or of a form."""
    if request.method == "GET":
        return request.GET.dict()
    if request.content_type == "application/x-www-form-urlencoded":
        return request.POST.dict()
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON.") from None
    if not isinstance(sent, dict):
        raise bad_request("The body is not a JSON object.")
    return sent


def _answered(grant: Grant, asked: Sequence[dict[str, Any]]) -> Answers:
    with tenant_scope({grant.tenant.pk}):
        return queries.answer(grant, asked)


def _single(request: HttpRequest, grant: Grant, asked: dict[str, Any]) -> HttpResponse:
    found = _answered(grant, [asked])
    only = found.answers[0]
    if only.packed and re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
        response = _response(grant, found, only.packed)
        response["Content-Encoding"] = "gzip"
    else:
        response = _response(grant, found, only.body, status=only.status)
    patch_vary_headers(response, ["Accept-Encoding"])
    if only.retry_after is not None:
        response["Retry-After"] = str(only.retry_after)
    return response


def _wrapped(answer: Answer) -> bytes:
    later = b"" if answer.retry_after is None else b'"retry_after":%d,' % answer.retry_after
    return b'{"status":%d,%b"body":%b}' % (answer.status, later, answer.body)


def _response(grant: Grant, found: Answers, content: bytes, status: int = 200) -> HttpResponse:
    if found.stale:
        return _unkept(_Then(content, grant=grant, found=found, content_type=_JSON, status=status))
    return _unkept(HttpResponse(content, content_type=_JSON, status=status))


def _unkept(response: HttpResponse) -> HttpResponse:
    """Nothing on the way keeps what one token opened."""
    response["Cache-Control"] = "no-store"
    return response
