"""Asking people again who they are before secrets, keys, members and hand-outs change.

A session says when its person last showed who they are, by signing in or when asked. What is asked for later
waits in the session, sealed, and goes on by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import second_step

SHOWN_AT = "shown_who_at"  # in the session, seconds since 1970
THEN = "after_second_step"  # in the session: where somebody wanted to go who had to set one up first
TO_FILL_IN = 3600
"""Seconds more that a form has which was opened in time."""
SAFE = ("GET", "HEAD", "OPTIONS")


@receiver(user_logged_in)
def note_sign_in(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    """Signing in shows it."""
    request.session[SHOWN_AT] = time.time()


@receiver(authentication_step_completed)
def note_answer(sender: Any, request: HttpRequest, **more: Any) -> None:
    """So does whatever answers when asked."""
    if more.get("reauthenticated"):
        request.session[SHOWN_AT] = time.time()


def is_recent(request: HttpRequest, *, grace: int = 0) -> bool:
    """Whether the person showed who they are in the last ASK_AGAIN_AFTER minutes and `grace` seconds."""
    age = time.time() - float(request.session.get(SHOWN_AT, 0))
    return age < settings.ASK_AGAIN_AFTER * 60 + grace


def asks_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view behind `requires`: its pages need a second step, and whatever it changes a recent answer."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return first(request) or view(request, *args, **kwargs)

    return guarded


def first(request: HttpRequest) -> HttpResponse | None:
    """What the person must do before this; None when nothing."""
    user: Any = request.user
    if second_step.keys_need_one() and not second_step.has(user):
        return set_up(request)
    if request.method in SAFE or is_recent(request):
        return None
    return ask(request)


def ask(request: HttpRequest) -> HttpResponse:
    """On to the page that asks; what was posted goes on after the answer. For a script, a sentence."""
    if _is_script(request):
        return JsonResponse(
            {"error": _("Show again who you are, then try once more."), "at": _page()}, status=403
        )
    return suspend_request(request, how(request))


def ask_for(request: HttpRequest) -> HttpResponse:
    """The same, but nothing that was posted goes on: the page opens again."""
    return redirect(f"{how(request)}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def take(request: HttpRequest) -> HttpResponse:
    """On to the second step, which this session has not taken."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    address = next(each["url"] for each in methods if each["id"].startswith("mfa"))
    return redirect(f"{address}?{urlencode({REDIRECT_FIELD_NAME: _here(request)})}")


def set_up(request: HttpRequest) -> HttpResponse:
    """On to where second steps are set up, with the reason. For a script, a sentence."""
    words = _("Set up a second step first: an authenticator app or a passkey.")
    if _is_script(request):
        return JsonResponse({"error": words, "at": _page()}, status=403)
    messages.info(request, words)
    request.session[THEN] = _here(request)
    return redirect(_page())


def how(request: HttpRequest) -> str:
    """The page that asks this person."""
    return str(get_adapter().get_reauthentication_methods(request.user)[0]["url"])


def _page() -> str:
    return reverse("mfa_index")


def _here(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in SAFE else "/"


def _is_script(request: HttpRequest) -> bool:
    return request.path.endswith((".json", "/access-token"))
