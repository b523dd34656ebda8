"""The page behind an invitation's link. Opening it changes nothing: mail scanners open links."""

from __future__ import annotations

from enum import Enum

from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, invitation_mail, invitations, mails
from accounts.forms import NewcomerForm
from accounts.mails import Fate
from accounts.models import Invitation
from accounts.permissions import public
from accounts.tenancy import tenant_scope


class Door(Enum):
    """How an invitation stands to whoever has opened its link."""

    NEW = "new"  # nobody has this address: they choose a password
    JOIN = "join"  # signed in, and the address is theirs
    SIGN_IN = "sign-in"  # somebody has this address: they sign in first
    OTHER = "other"  # signed in as somebody else
    CLOSED = "closed"  # whoever has this address was shut out of the portal
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


OPEN = {Door.NEW, Door.JOIN}


def _door(request: HttpRequest, invitation: Invitation, is_good: bool) -> Door:
    if invitation.accepted_at:
        return Door.ACCEPTED
    if invitation.withdrawn_at:
        return Door.WITHDRAWN
    if not is_good:
        return Door.EXPIRED
    if request.user.is_authenticated:
        return Door.JOIN if invitations.has_proven(request.user, invitation.email) else Door.OTHER
    known = invitations.person_at(invitation.email)
    if known is None:
        return Door.NEW
    return Door.SIGN_IN if known.is_active else Door.CLOSED


@public("whoever has the link was invited; it shows the client's name and the invited address alone")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the invitation; a POST accepts it, for who may."""
    found, is_good = access.invitation_by(token)
    with tenant_scope({found.tenant_id}):
        door = _door(request, found, is_good)
        if request.method != "POST":
            return _page(request, found, door, token)
        if door is Door.SIGN_IN:
            return redirect(_sign_in_address(token))
        if door not in OPEN:
            return _page(request, found, door, token, status=409)
        return _accept(request, found, door, token)


def _accept(request: HttpRequest, found: Invitation, door: Door, token: str) -> HttpResponse:
    try:
        return _join(request, found) if door is Door.JOIN else _enrol(request, found, token)
    except invitations.NotOpen:  # in another tab, a moment ago
        return redirect("accounts:invitation", token)


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    invitations.accept(invitation=found, user=request.user)  # type: ignore[arg-type]
    return redirect(settings.LOGIN_REDIRECT_URL)


def _enrol(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = NewcomerForm(request.POST, email=found.email)
    if not form.is_valid():
        return _page(request, found, Door.NEW, token, form=form)
    user = invitations.accept_as_new(invitation=found, **form.cleaned_data)
    answer: HttpResponse = perform_login(request, user, redirect_url=settings.LOGIN_REDIRECT_URL)
    return answer


@public("whoever has the link was invited; a new one goes to the invited address and nowhere else")
@require_POST
@never_cache
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Sends a new link in place of an expired one, to the same address; once an hour at most."""
    found, is_good = access.invitation_by(token)
    with tenant_scope({found.tenant_id}):
        if _door(request, found, is_good) is not Door.EXPIRED:
            return redirect("accounts:invitation", token)
        try:
            issued = invitations.resend(invitation=found, after=invitations.RENEW_AFTER)
            fate = invitation_mail.send(issued)
        except invitations.TooSoon:
            fate = Fate.SENT
        except invitations.NotOpen:
            return redirect("accounts:invitation", token)
    context = {"invitation": found, "fate": fate.value, "waits": mails.WAITS}
    return render(request, "accounts/invitation_renewed.html", context)


def _sign_in_address(token: str) -> str:
    back = reverse("accounts:invitation", args=[token])
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}"


def _page(
    request: HttpRequest,
    found: Invitation,
    door: Door,
    token: str,
    *,
    form: NewcomerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "invitation": found,
        "tenant_name": found.tenant.name,
        "door": door.value,
        "token": token,
        "here": reverse("accounts:invitation", args=[token]),
        "sign_in_address": _sign_in_address(token),
        "form": form or NewcomerForm(email=found.email),
    }
    return render(request, "accounts/invitation.html", context, status=status)
