"""The window in which a signed-in person agrees, and where the page collects its token.

`GET /embed/authorize?request=ID&origin=ORIGIN` is opened by the page in a window, with a `Referer`.
`POST /embed/collect {"request": "ID"}` answers `{"status": "waiting"}` until the person has answered, then
once `{"access_token", "expires_in", "token_type"}` or v3's 403.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import public, sign_in_first
from accounts.tokens import digest_of
from dashboards.embed import authorising, origins
from dashboards.embed.authorising import REQUEST_ID, Choice
from dashboards.embed.cors import cross_origin
from dashboards.embed.errors import bad_parameter, bad_request

CAME = "embed_came"  # in the session: digests of requests, each with the site that it came from
_KEPT = 5
_LONGEST_BODY = 1024


@dataclass(frozen=True)
class Asked:
    """A page's request for a token: its id, and the page's site."""

    id: str
    origin: str


@public("asks for a sign-in itself, once it knows which site somebody comes from")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def authorize(request: HttpRequest) -> HttpResponse:
    """Asks whether a site may show the person's views for an hour.

    Whoever made up the request id gets the token, so a link in a mail must not lead here with an id of its
    sender's and the name of an honest site: only a page of that site, by the browser's word, opens it.
    """
    asked = _asked(request.POST or request.GET)
    if asked is None or not _came_from_there(request, asked):
        return render(request, "dashboards/embedding/not_from_there.html", status=400)
    user = request.user
    if not user.is_authenticated:
        return sign_in_first(request)
    choices = authorising.choices(user, asked.origin)
    if request.method == "POST" and choices:
        return _answered(request, user, asked, choices)
    context = {"asked": asked, "site": urlsplit(asked.origin).netloc, "choices": choices}
    return render(request, "dashboards/embedding/authorize.html", context)


@public("a page on another site, which made up the request id")
@csrf_exempt
@cross_origin("POST")
def collect(request: HttpRequest) -> HttpResponse:
    """The page's token, once the person has agreed."""
    found = authorising.collect(
        request_id=_collected_id(request.body), origin=request.headers.get("Origin", "")
    )
    if found is None:
        answer: dict[str, object] = {"status": "waiting"}
    else:
        answer = {"access_token": found[0], "expires_in": found[1], "token_type": "Bearer"}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _answered(request: HttpRequest, user: User, asked: Asked, choices: list[Choice]) -> HttpResponse:
    chosen = {choice.tenant.slug: choice.tenant for choice in choices}
    tenant = chosen.get(request.POST.get("client", ""), choices[0].tenant)
    verb = authorising.agree if request.POST.get("answer") == "yes" else authorising.refuse
    verb(user=user, tenant=tenant, origin=asked.origin, request_id=asked.id)
    return render(request, "dashboards/embedding/authorized.html", {"site": urlsplit(asked.origin).netloc})


def _asked(said: QueryDict) -> Asked | None:
    request_id = said.get("request", "")
    try:
        origin = origins.normal(said.get("origin", ""))
    except origins.OriginError:
        return None
    return Asked(request_id, origin) if REQUEST_ID.fullmatch(request_id) else None


def _came_from_there(request: HttpRequest, asked: Asked) -> bool:
    """Whether the browser says so, or said so before the person signed in."""
    came: dict[str, str] = request.session.get(CAME, {})
    digest = digest_of(asked.id)
    if request.method != "POST" and _referring_site(request) == asked.origin:
        kept = {key: site for key, site in came.items() if key != digest} | {digest: asked.origin}
        request.session[CAME] = came = dict(list(kept.items())[-_KEPT:])
    return came.get(digest) == asked.origin


def _referring_site(request: HttpRequest) -> str:
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
        return origins.normal(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        return ""


def _collected_id(body: bytes) -> str:
    try:
        asked = json.loads(body) if len(body) <= _LONGEST_BODY else None
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise bad_request(_("Send JSON with the id of the request."))
    request_id = asked.get("request")
    if not isinstance(request_id, str) or not REQUEST_ID.fullmatch(request_id):
        raise bad_parameter("request", _("The id of a request has 22 to 128 letters and digits."))
    return request_id
