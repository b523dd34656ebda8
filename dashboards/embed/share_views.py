"""`/share/<token>/`: a dashboard for whoever has the link, to read and nothing else.

Unknown, revoked, run out, its client paused: the same page in the same words.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import public
from accounts.tenancy import tenant_scope
from dashboards.embed import choosing, outside, sharing, tickets
from dashboards.embed.errors import V3Error
from dashboards.embed.outside import Outside, Place
from dashboards.embed.unlisted import unlisted
from dashboards.models import ShareLink
from dashboards.periods import PeriodError

NOTE = "unlocked"  # a cookie of the link's own path
A_MINUTE = 120  # for each address that asks, of each link
TRIES_A_MINUTE, TRIES_OF_ALL = 10, 60  # at a link's password, by one address and by everybody
WHY = "whoever has the link"


@public(WHY)
@unlisted
@csrf_exempt  # it does nothing but let in who knows the password; strangers have no session to borrow
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def share(request: HttpRequest, token: str) -> HttpResponse:
    """The dashboard; before it, where the link has one, the password."""
    try:
        answer = _share(request, token)
    except V3Error as error:
        answer = _too_many(request, error)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@public(WHY)
@unlisted
@require_safe
@never_cache
def data(request: HttpRequest, token: str) -> JsonResponse:
    """What the page's script asks for until everything is there."""
    try:
        link = _found(request, token)
        with tenant_scope({link.tenant_id}):
            return outside.data(request, _shown(request, link), _place(token))
    except PeriodError as error:
        return JsonResponse({"error": error.sentence}, status=400)
    except V3Error as error:
        return error.response()


@public(WHY)
@unlisted
@require_safe
@never_cache
def now(request: HttpRequest, token: str) -> JsonResponse:
    """People on the site now."""
    try:
        link = _found(request, token)
        with tenant_scope({link.tenant_id}):
            if choosing.NOW not in _shown(request, link).parts:
                raise Http404  # now is none of its days, or was not chosen
            return outside.now(link.view)
    except PeriodError as error:
        return JsonResponse({"error": error.sentence}, status=400)
    except V3Error as error:
        return error.response()


def _share(request: HttpRequest, token: str) -> HttpResponse:
    link = sharing.find(token)
    if link is None:
        tickets.spend(f"share:{_address_of(request)}", A_MINUTE)
        return render(request, "dashboards/embed/share_over.html", status=404)
    if request.method == "POST":
        return _unlock(request, token, link)
    if not _is_unlocked(request, link):
        return render(request, "dashboards/embed/password.html")
    _spend(request, link)
    with tenant_scope({link.tenant_id}):
        try:
            answer = _page(request, token, link)
        except PeriodError as error:
            context = {"sentence": error.sentence}
            return render(request, "dashboards/embed/share_bad.html", context, status=400)
        except Http404:
            return render(request, "dashboards/embed/share_over.html", status=404)
        if request.method == "GET":
            sharing.note_opened(link=link)
    return answer


def _page(request: HttpRequest, token: str, link: ShareLink) -> HttpResponse:
    around: dict[str, Any] = {"link_name": link.name}
    shown = _shown(request, link)
    return outside.answer(request, shown, _place(token), "dashboards/embed/share.html", around)


def _unlock(request: HttpRequest, token: str, link: ShareLink) -> HttpResponse:
    """Takes a password; counted before it is looked at, as that takes long."""
    tickets.spend(f"password:{link.pk}:{_address_of(request)}", TRIES_A_MINUTE)
    tickets.spend(f"password:{link.pk}", TRIES_OF_ALL)
    here = reverse("outside:share", args=[token])
    if link.password and not sharing.fits(link, request.POST.get("password", "")):
        context = {"sentence": _("That is not the password.")}
        return render(request, "dashboards/embed/password.html", context, status=403)
    answer = HttpResponseRedirect(here)
    if link.password:
        answer.set_cookie(
            NOTE,
            sharing.note_for(link),
            max_age=sharing.UNLOCKED_FOR,
            path=here,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer


def _found(request: HttpRequest, token: str) -> ShareLink:
    """The link, for a script that may read behind it. Raises V3Error, 401 where reloading the page says
    why.
    """
    link = sharing.find(token)
    if link is None or not _is_unlocked(request, link):
        raise V3Error(401, "required", _("This link shows nothing now. Reload the page."))
    _spend(request, link)
    return link


def _shown(request: HttpRequest, link: ShareLink) -> Outside:
    boards = choosing.boards(link.view, link.widgets) if link.widgets else []
    return outside.read(link.view, request.GET, fixed=link.period, widgets=link.widgets, boards=boards)


def _place(token: str) -> Place:
    return Place(reverse("outside:share_data", args=[token]), reverse("outside:share_now", args=[token]))


def _is_unlocked(request: HttpRequest, link: ShareLink) -> bool:
    return sharing.is_unlocked(link, request.COOKIES.get(NOTE, ""))


def _spend(request: HttpRequest, link: ShareLink) -> None:
    tickets.spend(f"share:{link.pk}:{_address_of(request)}", A_MINUTE)


def _address_of(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def _too_many(request: HttpRequest, error: V3Error) -> HttpResponse:
    answer = render(request, "dashboards/embed/share_wait.html", status=error.code)
    answer["Retry-After"] = str(error.retry_after)
    return answer
