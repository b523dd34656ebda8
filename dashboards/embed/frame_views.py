"""A dashboard in an `<iframe>` of a client's page: `/embed/views/<uuid>/?token=…`.

The address carries the token once; what the frame asks for itself carries it in a header, and the page around
it sends a new one by `postMessage` (static/embed-frame.js). No cookie is read or set: where browsers keep
those of other sites out, nothing changes.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import branding
from accounts.permissions import public
from accounts.tenancy import tenant_scope
from dashboards.embed import frames, outside, tickets
from dashboards.embed.access import Grant, bearer, grant_for, read_token
from dashboards.embed.errors import V3Error, bad_parameter, forbidden
from dashboards.embed.frames import Wish
from dashboards.embed.outside import Outside, Place
from dashboards.embed.unlisted import unlisted
from dashboards.models import View
from dashboards.periods import PeriodError

A_MINUTE = 120  # for each token: a page is one request, and some more while its figures are on their way
A_DAY = int(datetime.timedelta(days=1).total_seconds())
WHY = "a frame on a client's site, which shows a token"


@public(WHY)
@unlisted
@require_safe
@never_cache
def frame(request: HttpRequest, view: uuid.UUID) -> HttpResponse:
    """The dashboard without the portal around it, for pages of the token's site alone."""
    wish = frames.read(request.GET)
    with _language(wish):
        try:
            grant, row = _opened(request, view)
            with tenant_scope({grant.tenant.pk}):
                shown = _shown(request, row, wish)
                around = asdict(wish) | {"origin": grant.token.origin}
                answer = outside.answer(
                    request, shown, _place(row, wish), "dashboards/embed/frame.html", around
                )
        except V3Error as error:
            return _framed(_refusal(request, wish, error), ["*"])  # there is nothing in it to be lured into
    return _framed(answer, [grant.token.origin])


def _answers_errors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A V3Error that the view raises becomes its answer. Nothing lets another site read it."""

    @wraps(view)
    def answered(request: HttpRequest, **names: Any) -> HttpResponse:
        try:
            with _language(frames.read(request.GET)):
                return view(request, **names)
        except V3Error as error:
            return error.response()

    return answered


@public(WHY)
@unlisted
@require_safe
@never_cache
@_answers_errors
def data(request: HttpRequest, view: uuid.UUID) -> JsonResponse:
    """What the frame's script asks for until everything is there."""
    grant, row = _opened(request, view)
    with tenant_scope({grant.tenant.pk}):
        wish = frames.read(request.GET)
        return outside.data(request, _shown(request, row, wish), _place(row, wish))


@public(WHY)
@unlisted
@require_safe
@never_cache
@_answers_errors
def now(request: HttpRequest, view: uuid.UUID) -> JsonResponse:
    """People on the site now."""
    grant, row = _opened(request, view)
    with tenant_scope({grant.tenant.pk}):
        return outside.now(row)


@public("a stylesheet of a colour that stands in its address")
@require_safe
def colour(request: HttpRequest, accent: str) -> HttpResponse:
    """A frame's colour, made readable on light pages and on dark ones."""
    answer = HttpResponse(branding.page_sheet(f"#{accent}").css, content_type="text/css; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=A_DAY)
    return answer


def _opened(request: HttpRequest, view_id: uuid.UUID) -> tuple[Grant, View]:
    """What the request's token opens, and the view of this address. Raises V3Error."""
    token = read_token(bearer(request) or request.GET.get("token", ""))
    tickets.spend(f"frame:{token.id}", A_MINUTE)
    grant = grant_for(token)
    for view in grant.views:
        if view.pk == view_id:
            return grant, view
    raise forbidden("This token is for another view.")


def _shown(request: HttpRequest, view: View, wish: Wish) -> Outside:
    try:
        return outside.read(view, request.GET, widgets=wish.widgets)
    except PeriodError as error:
        raise bad_parameter("period", error.sentence) from None
    except Http404:
        raise V3Error(404, "notFound", "There is no such dashboard.", location="dashboard") from None


def _place(view: View, wish: Wish) -> Place:
    names = [view.pk]
    kept = (("lang", wish.language), ("widgets", ",".join(wish.widgets)))
    return Place(reverse("outside:frame_data", args=names), reverse("outside:frame_now", args=names), kept)


def _language(wish: Wish) -> Any:
    return translation.override(wish.language) if wish.language else nullcontext()


def _refusal(request: HttpRequest, wish: Wish, error: V3Error) -> HttpResponse:
    context = asdict(wish) | {"error": error, "may_renew": error.code == 401}
    answer = render(request, "dashboards/embed/refused.html", context, status=error.code)
    if error.retry_after is not None:
        answer["Retry-After"] = str(error.retry_after)
    return answer


def _framed(answer: HttpResponse, ancestors: Sequence[str]) -> HttpResponse:
    """The answer, for pages of these sites to frame."""
    answer._csp_replace = {"frame-ancestors": [*ancestors]}  # type: ignore[attr-defined]  # django-csp's own
    answer.xframe_options_exempt = True
    answer["Referrer-Policy"] = "no-referrer"
    return answer
