"""The Google accounts that a client connected: whose, what for, what depends on them; renewal and end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.asking_again import asks_again
from accounts.permissions import Capability, TenantRequest, requires
from google_api import errors, scopes
from provisioning import access, grants, hand_over, hooks, oauth_state, scope_words
from provisioning.models import Consent, Credential
from provisioning.protocols.chosen import is_offered
from provisioning.requests.steps import guest
from provisioning.scope_words import Permission
from provisioning.views.onward import leave

WHO = frozenset({scopes.OPENID, scopes.EMAIL})
READS = WHO | {scopes.ANALYTICS_READONLY}
INVITES = WHO | {scopes.ANALYTICS_MANAGE_USERS}


@dataclass(frozen=True)
class Line:
    """A grant as its page shows it. `causes` are the likeliest why it ended; `feeds` are names of views."""

    grant: Credential
    permissions: list[Permission]
    feeds: list[str]
    has_ended: bool
    is_disconnected: bool
    causes: list[str]
    tokens: int
    is_near_limit: bool
    may_hand_over: bool


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_safe
@never_cache
def connected(request: TenantRequest) -> HttpResponse:
    """All of the client's, those that have ended first."""
    mine = Credential.objects.filter(tenant=request.tenant, kind=Credential.Kind.GRANT)
    lines = _lines(list(mine.select_related("tenant", "consented_by").order_by("email")))
    lines.sort(key=lambda line: not line.has_ended)
    context = {
        "tenant": request.tenant,
        "lines": lines,
        "limit": grants.TOKEN_LIMIT,
        "may_connect": is_offered(),
    }
    return render(request, "provisioning/grants.html", context)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def connect(request: TenantRequest) -> HttpResponse:
    """On to Google's consent for one more Google account, or another than came back."""
    hint = request.POST.get("email", "")[:254]
    ask = oauth_state.Ask(
        purpose=Consent.Purpose.CONNECT, scopes=READS, tenant=request.tenant, login_hint=hint
    )
    return _to_google(request, ask)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def renew(request: TenantRequest, grant: uuid.UUID) -> HttpResponse:
    """On to Google's consent for what was granted before."""
    found = access.grant_for(request.tenant, grant)
    ask = oauth_state.Ask(
        purpose=Consent.Purpose.CONNECT,
        scopes=found.granted | READS,
        tenant=request.tenant,
        credential=found,
        login_hint=found.email,
        other_account="other_account" in request.POST,
    )
    return _to_google(request, ask)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def disconnect(request: TenantRequest, grant: uuid.UUID) -> HttpResponse:
    """Which views go dark, and what it means at Google; then its end."""
    found = access.grant_for(request.tenant, grant)
    if request.method == "POST":
        return _disconnect(request, found)
    context = {
        "tenant": request.tenant,
        "grant": found,
        "feeds": feeds_of(found),
        "is_shared": grants.others_of(found),
        "may_hand_over": hand_over.is_offered_for(found),
    }
    return render(request, "provisioning/grant_disconnect.html", context)


def _disconnect(request: TenantRequest, found: Credential) -> HttpResponse:
    try:
        done = grants.disconnect(grant=found)
    except errors.GoogleError as error:
        messages.error(request, _(error.user_message))
        return redirect("google:disconnect", request.tenant.slug, found.pk)
    words = {"email": found.email}
    if done.revoked:
        messages.success(request, _("%(email)s is disconnected, here and at Google.") % words)
    else:
        told = _(
            "%(email)s is disconnected here. At Google the permission stays, because it is still used from "
            "here elsewhere."
        )
        messages.success(request, told % words)
    return redirect("google:grants", request.tenant.slug)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def service_account(request: TenantRequest, grant: uuid.UUID) -> HttpResponse:
    """The agency's service account instead: how that goes; a POST invites it, by consent if need be."""
    found, robot = _pair(request, grant)
    if request.method != "POST":
        return hand_over_page(request, found, robot)
    if not _may_invite(found):
        ask = oauth_state.Ask(
            purpose=Consent.Purpose.SHARE,
            scopes=INVITES,
            tenant=request.tenant,
            credential=found,
            login_hint=found.email,
            offline=False,
        )
        return _to_google(request, ask)
    try:
        return handed_over(request, found, robot, hand_over.with_grant(grant=found, robot=robot))
    except errors.GoogleError as error:
        messages.error(request, _(error.user_message))
        return redirect("google:grants", request.tenant.slug)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def check(request: TenantRequest, grant: uuid.UUID) -> HttpResponse:
    """Somebody added the service account by hand: where it reads, it takes over."""
    found, robot = _pair(request, grant)
    return handed_over(request, found, robot, hand_over.move(grant=found, robot=robot))


def handed_over(
    request: HttpRequest, found: Credential, robot: Credential, done: hand_over.Outcome
) -> HttpResponse:
    """What came of it; the page again where something is left."""
    if done.left or found.tenant is None:
        return hand_over_page(request, found, robot, done)
    told = _("The agency's service account reads your figures now. You can disconnect %(email)s.")
    messages.success(request, told % {"email": found.email})
    return redirect("google:grants", found.tenant.slug)


def hand_over_page(
    request: HttpRequest, found: Credential, robot: Credential, done: hand_over.Outcome | None = None
) -> HttpResponse:
    """How the service account comes to read, and what kept it from reading."""
    left = done.left if done else {}
    said = [each for each in left.values() if not isinstance(each, errors.PropertyForbidden)]
    sentences = sorted({_(error.user_message) for error in said})
    context = {
        "tenant": found.tenant,
        "grant": found,
        "robot": robot,
        "feeds": feeds_of(found),
        "done": done,
        "numbers": sorted(left),
        "sentences": sentences,
        "asked": [] if _may_invite(found) else scope_words.in_words(INVITES),
    }
    return render(request, "provisioning/grant_hand_over.html", context)


def feeds_of(grant: Credential) -> list[str]:
    """The names of the client's views that depend on it, without the client's own."""
    named = hooks.views().fed_by(credential=grant)
    return [name.partition(" › ")[2] or name for name in named]


def _pair(request: TenantRequest, grant: uuid.UUID) -> tuple[Credential, Credential]:
    """The grant, and the service account that is to follow it. Raises Http404 where there is none."""
    found, robot = access.grant_for(request.tenant, grant), guest()
    if robot is None:
        raise Http404
    return found, robot


def _may_invite(grant: Credential) -> bool:
    works = grant.state != Credential.State.REFUSED
    return works and scopes.ANALYTICS_MANAGE_USERS in grant.granted


def _lines(found: Sequence[Credential]) -> list[Line]:
    """What each needs is looked up for all at once."""
    feeds, alive = hooks.views().fed_by_each(credentials=found), grants.tokens_alive_of(found)
    has_robot = bool(found) and guest() is not None
    return [_line(each, feeds[each.pk], alive[each.pk], has_robot) for each in found]


def _line(grant: Credential, feeds: list[str], tokens: int, has_robot: bool) -> Line:
    kind = errors.ERRORS.get(grant.last_error_code, errors.GoogleError)
    causes = kind.causes if issubclass(kind, errors.GrantEnded) else ()
    return Line(
        grant=grant,
        permissions=scope_words.in_words(grant.granted),
        feeds=feeds,
        has_ended=grant.state == Credential.State.REFUSED,
        is_disconnected=not grant.sealed_secret,
        causes=[_(each) for each in causes],
        tokens=tokens,
        is_near_limit=grants.is_near_limit(tokens),
        may_hand_over=has_robot and bool(feeds),
    )


def _to_google(request: TenantRequest, ask: oauth_state.Ask) -> HttpResponse:
    if not is_offered():
        raise Http404
    return leave(request, oauth_state.begin(ask=ask, session=request.session, user=request.user))
