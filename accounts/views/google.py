"""Sign in with Google: on to its consent, back from it, and which Google accounts open one's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.socialaccount import views as allauth_views
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import google_sign_in
from accounts.permissions import Capability, public, requires

_back_from_google = OAuth2CallbackView.adapter_view(google_sign_in.GoogleSignIn)


def _with_client(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Without a client at Google there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.GOOGLE_CLIENT_ID:
            raise Http404
        return view(request, **kwargs)

    return guarded


@public("anybody may ask Google who they are; what that opens is decided when they are back")
@require_POST
@never_cache
@_with_client
def begin(request: HttpRequest) -> HttpResponse:
    """On to Google. By a POST alone: a link could sign somebody in as somebody else."""
    address = google_sign_in.address(request, links="link" in request.POST)
    return render(request, "provisioning/leaving.html", {"address": address})


@public("Google sends people here; `state` names a way that this session began")
@require_safe
@never_cache
@_with_client
def back(request: HttpRequest) -> HttpResponse:
    """Back from Google."""
    answer: HttpResponse = _back_from_google(request)
    return answer


@requires(Capability.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_with_client
def methods(request: HttpRequest) -> HttpResponse:
    """Which Google accounts sign one in; a POST removes one."""
    answer: HttpResponse = allauth_views.connections(request)
    return answer
