"""The second step of signing in: who must have one, who has, and whether this session has taken it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import Membership, User

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for one
LOCAL = ("localhost", ".localhost")


def must_have(user: User | AnonymousUser) -> bool:
    """Whether the person may do nothing here without one: by MFA_REQUIRED."""
    if not isinstance(user, User) or settings.MFA_REQUIRED == "off":
        return False
    return settings.MFA_REQUIRED == "everybody" or user.is_staff or user.is_superuser


def keys_need_one() -> bool:
    """Whether keys, Google accounts and people are touched by nobody without one: clients' owners too."""
    return settings.MFA_REQUIRED != "off"


def has(user: User) -> bool:
    """Whether the person has set one up."""
    return Authenticator.objects.filter(user=user, type__in=STEPS).exists()


def is_taken(request: HttpRequest) -> bool:
    """Whether this session has taken it; one from before it was set up has not."""
    records: Sequence[dict[str, Any]] = get_authentication_records(request, request.user)
    return any(each["method"] == "mfa" for each in records)


def must_keep(authenticator: Authenticator) -> bool:
    """Whether this is the last one of somebody who must have one, for all they do or for what they own."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=STEPS).exclude(
        pk=authenticator.pk
    )
    return not others.exists() and (must_have(authenticator.user) or _owns(authenticator.user))


def _owns(user: User) -> bool:
    owner = Membership._base_manager.filter(user=user, role=Membership.Role.OWNER)
    return keys_need_one() and owner.exists()


def remove(*, user: User) -> int:
    """Forgets the second steps and recovery codes of somebody who lost them, and signs them out everywhere:
    whoever found the telephone may be signed in. Returns how many there were.
    """
    get_sessions_adapter().end_sessions(UserSession.objects.filter(user=user))
    return Authenticator.objects.filter(user=user).delete()[0]


def passkeys_work() -> bool:
    """Whether browsers make passkeys for this portal: under a name, not an IP address, and safely reached.

    https://www.w3.org/TR/webauthn-3/#rp-id
    """
    address = urlsplit(settings.BASE_URL)
    host = address.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return address.scheme == "https" or host == LOCAL[0] or host.endswith(LOCAL[1])
    return False


@receiver(authenticator_added)
def take_the_first(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **more: Any
) -> None:
    """Whoever sets one up has shown it: this session need not take it again."""
    if authenticator.type in STEPS and request.user == user:
        kind = {"id": authenticator.pk, "type": authenticator.type}
        record_authentication(request, user, "mfa", reauthenticated=True, **kind)
