"""The addresses to which Google sends people back, to the letter as they must be registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.tenancy import all_tenants
from provisioning import oauth_state
from provisioning.models import AccountTicket, Consent
from provisioning.requests import terms


@dataclass(frozen=True)
class Redirect:
    """One address, what it is for, and when Google last used it: the only proof there is from here."""

    purpose: str
    address: str
    last_used: datetime | None


def redirects() -> list[Redirect]:
    """All of them. Google tells nobody which are registered."""
    sign_in = f"{settings.BASE_URL}{reverse('google_callback')}"
    with all_tenants(reason="the set-up page says when Google last sent somebody back"):
        consented, accepted = _last_consent(), _last_terms()
    return [
        Redirect(_("Consent"), oauth_state.redirect_uri(), consented),
        Redirect(_("Terms of Service"), terms.redirect_uri(), accepted),
        Redirect(_("Sign in with Google"), sign_in, None),
    ]


def _last_consent() -> datetime | None:
    came_back = Consent.objects.filter(
        used_at__isnull=False,
        asked__redirect_uri=oauth_state.redirect_uri(),
        asked__client_id=settings.GOOGLE_CLIENT_ID,
    )
    return came_back.order_by("-used_at").values_list("used_at", flat=True).first()


def _last_terms() -> datetime | None:
    answered = AccountTicket.objects.exclude(answer={})
    return answered.order_by("-created_at").values_list("created_at", flat=True).first()
