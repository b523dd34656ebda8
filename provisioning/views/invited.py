"""The page behind a link to a request. Opening it changes nothing: mail scanners open links."""

from __future__ import annotations

from enum import Enum

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.mails import WAITS, Fate
from accounts.permissions import paused, public
from accounts.tenancy import tenant_scope
from provisioning import access, scope_words
from provisioning.in_app import is_in_app
from provisioning.models import ProvisioningRequest, RequestLink
from provisioning.protocols.chosen import is_offered
from provisioning.requests import mails, preparing, record
from provisioning.requests.steps import Step, asked_scopes, is_authorised, next_step
from provisioning.views.onward import home, onward

State = ProvisioningRequest.State
MOST_LINKS = 20  # that one session keeps


class Door(Enum):
    """How a link stands."""

    OPEN = "open"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DONE = "done"
    UNKNOWN = "unknown"


def _door(link: RequestLink) -> Door:
    if link.request.state == State.CANCELLED:
        return Door.CANCELLED
    if next_step(link.request) is Step.DONE:
        return Door.DONE
    return Door.OPEN if link.expires_at > timezone.now() else Door.EXPIRED


@public("whoever has the link was invited; it shows the client's name, who invites, and what Google will ask")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Says what will happen; a POST begins."""
    link = _link(token)
    if link is None:
        return _page(request, Door.UNKNOWN, token, status=404)
    found = link.request
    with tenant_scope({found.tenant_id}):
        if found.tenant.is_paused:
            return paused(request, found.tenant)
        door = _door(link)
        if request.method == "POST" and door is Door.OPEN:
            return _begin(request, link)
        return _page(request, door, token, found, status=409 if request.method == "POST" else 200)


def _link(token: str) -> RequestLink | None:
    if not is_offered():
        raise Http404
    try:
        return access.link_by(token)
    except Http404:
        return None


def _begin(request: HttpRequest, link: RequestLink) -> HttpResponse:
    """From now on this session takes part in the request. On to it, or straight to Google."""
    found = link.request
    kept = [each for each in request.session.get(access.LINKS, []) if each != str(link.pk)]
    request.session[access.LINKS] = [*kept, str(link.pk)][-MOST_LINKS:]
    record.noted(found, "opened", who=found.email)
    return onward(request, found) if found.state in (State.STARTED, State.DETAILS) else home(found)


@public("whoever has the link was invited; a new one goes to the invited address and nowhere else")
@require_POST
@never_cache
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Sends a new link in place of an expired one, to the same address; once an hour at most."""
    link = _link(token)
    if link is None:
        return _page(request, Door.UNKNOWN, token, status=404)
    found = link.request
    with tenant_scope({found.tenant_id}):
        if _door(link) is not Door.EXPIRED:
            return redirect("provisioning:invited", token)
        try:
            fate = mails.invite(preparing.issue(request=found, after=preparing.RENEW_AFTER))
        except preparing.TooSoon:
            fate = Fate.SENT
        except preparing.Over:
            return redirect("provisioning:invited", token)
    context = {"found": found, "fate": fate.value, "waits": WAITS}
    return render(request, "provisioning/invited_renewed.html", context)


def _page(
    request: HttpRequest,
    door: Door,
    token: str,
    found: ProvisioningRequest | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "found": found,
        "door": door.value,
        "token": token,
        "link": settings.BASE_URL + reverse("provisioning:invited", args=[token]),
        "asked": _asked(found) if found and door is Door.OPEN else [],
        "is_in_app": is_in_app(request.headers.get("User-Agent", "")),
    }
    return render(request, "provisioning/invited.html", context, status=status)


def _asked(found: ProvisioningRequest) -> list[scope_words.Permission]:
    """What Google will ask, unless it has been answered."""
    return [] if is_authorised(found) else scope_words.in_words(asked_scopes(found))
