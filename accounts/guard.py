"""The guard in front of every view: nobody without the second step they must have, and nobody who was not
asked again where what they do changes who gets in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from accounts import asking_again, second_step
from accounts.middleware import access_mark

Handler = Callable[[HttpRequest], HttpResponse]

# Open to anybody, and yet with something of whoever is signed in.
PERSONAL = {"dashboards:home", "embed:authorize", "embed:collect", "google_login"}
# What stays open to somebody who has yet to set up a second step, beside allauth's pages.
OPEN = {"mfa_index", "mfa_list_webauthn", "accounts:show_by_mail", "accounts:end_sessions"}
# Pages of one's own account that change who gets in, or show what does.
OWN_ACCOUNT = {
    "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "account_set_password",
}  # fmt: skip
# Of these only what they change.
OWN_CHANGES = {"account_email", "socialaccount_connections", "google_login", "accounts:end_sessions"}
FREE_IN_ADMIN = ("_changelist", "_history", "_autocomplete")


class GuardMiddleware:
    """Asks for the second step, and again who somebody is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The page that comes first, if one does."""
        match = request.resolver_match
        if match is None or _is_nobodys(match, view) or not request.user.is_authenticated:
            return None
        return _second_step(request, match, view) or _asked_again(request, match)


def _is_nobodys(match: ResolverMatch, view: Any) -> bool:
    """Whether it is the same for all: who asks is not looked up, so that caches may keep it."""
    return match.view_name not in PERSONAL and access_mark(view, match.namespaces).startswith("public:")


def _second_step(request: HttpRequest, match: ResolverMatch, view: Any) -> HttpResponse | None:
    if not second_step.must_have(request.user) or match.view_name in OPEN or _is_allauths(view):
        return None
    if not second_step.has(request.user):  # type: ignore[arg-type]
        return asking_again.set_up(request)
    return None if second_step.is_taken(request) else asking_again.take(request)


def _is_allauths(view: Any) -> bool:
    return getattr(view, "view_class", view).__module__.partition(".")[0] == "allauth"


def _asked_again(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    is_safe = request.method in asking_again.SAFE
    if match.namespaces == ["admin"]:
        return _in_admin(request, match, is_safe)
    named = match.view_name in OWN_ACCOUNT or (match.view_name in OWN_CHANGES and not is_safe)
    return asking_again.ask(request) if named and not asking_again.is_recent(request) else None


def _in_admin(request: HttpRequest, match: ResolverMatch, is_safe: bool) -> HttpResponse | None:
    name = match.url_name or ""
    if not request.user.is_staff or not name.startswith(_sensitive()):
        return None
    if is_safe and name.endswith(FREE_IN_ADMIN):
        return None
    grace = 0 if is_safe else asking_again.TO_FILL_IN
    return None if asking_again.is_recent(request, grace=grace) else asking_again.ask_for(request)


@lru_cache(maxsize=1)
def _sensitive() -> tuple[str, ...]:
    """The beginnings of the names of the pages of all admins that say `asks_again`."""
    found = (
        model._meta for model, each in admin.site._registry.items() if getattr(each, "asks_again", False)
    )
    return tuple(f"{meta.app_label}_{meta.model_name}_" for meta in found)
