"""What was recorded when people went to Google's consent: the address, what they came back with, the exchange
of the code. All of it was masked before it was kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from google_api import errors, masking
from google_api.masking import MASK
from provisioning import oauth_state
from provisioning.doctor import printed
from provisioning.models import Consent, Credential, ProvisioningRequest
from provisioning.requests.reasons import REASONS

SHOWN = 5
"""So many, the latest first."""


@dataclass(frozen=True)
class Recorded:
    """One way there and back. `words` say how it ended; the rest is as the wire had it, masked."""

    consent: Consent
    words: str
    is_wrong: bool
    remarks: tuple[str, ...]
    address: str
    returned: str
    exchanged: tuple[printed.Printed, ...]


def of_grant(grant: Credential) -> list[Recorded]:
    """Of the consents that this grant came from, or for which somebody was sent to Google."""
    about = Q(credential=grant) | Q(request__grant=grant)
    return _latest(Consent.objects.filter(about, tenant=grant.tenant))


def of_request(request: ProvisioningRequest) -> list[Recorded]:
    """Of the request's own."""
    return _latest(Consent.objects.filter(request=request))


def _latest(rows: QuerySet[Consent]) -> list[Recorded]:
    return [_recorded(each) for each in rows.order_by("-created_at")[:SHOWN]]


def _recorded(consent: Consent) -> Recorded:
    words, is_wrong = _outcome(consent)
    return Recorded(
        consent=consent,
        words=words,
        is_wrong=is_wrong,
        remarks=_remarks(consent),
        address=_address(consent.asked),
        returned=_returned(consent),
        exchanged=tuple(printed.stored(each) for each in consent.exchanged.get("exchanges", [])),
    )


def _outcome(consent: Consent) -> tuple[str, bool]:
    if consent.used_at is None:
        return _("Nobody came back from Google with this one."), False
    if error := str(consent.returned.get("error", "")):
        return _denied(error), True
    if code := str(consent.exchanged.get("error", "")):
        return _(errors.sentence_for(code)), True
    if not consent.exchanged:
        return _("They came back; the code was not exchanged."), True
    if consent.exchanged.get("refresh_token"):
        return _("They came back, and Google gave a refresh token."), False
    return _("They came back; Google gave no refresh token with it."), False


def _denied(error: str) -> str:
    known = {"access_denied": "consent_denied"}
    if error in known:
        return _(REASONS[known[error]].title)
    return _("Google sent them back with “%(error)s”.") % {"error": error}


def _remarks(consent: Consent) -> tuple[str, ...]:
    """What to compare where Google shows a page of its own and sends nobody back."""
    lines = []
    if consent.used_at is None:
        lines.append(
            _(
                "Either they closed Google's page, or Google showed an error there: a redirect address that "
                "is not registered, an app that is not verified or in Testing, or an organization's policy."
            )
        )
        address = {"address": consent.asked.get("redirect_uri", "")}
        lines.append(_("It must be registered, to the letter: %(address)s") % address)
    if consent.asked.get("client_id") == settings.GOOGLE_DESKTOP_CLIENT_ID:
        return tuple(lines[:1])  # its address is a port of the server's own, and nothing to register
    if consent.asked.get("redirect_uri") not in (None, oauth_state.redirect_uri()):
        now = {"address": oauth_state.redirect_uri()}
        lines.append(_("BASE_URL has changed since: the address is now %(address)s") % now)
    return tuple(lines)


def _address(asked: dict[str, Any]) -> str:
    """With `state` and the challenge as there, and not as they were."""
    base = asked.get("address", "")
    # In one order: PostgreSQL keeps none.
    rest = {name: str(asked[name]) for name in sorted(asked) if name != "address" and asked[name]}
    hidden = {"state": MASK, "code_challenge": MASK, "code_challenge_method": "S256"}
    query = masking.query([("response_type", "code"), *rest.items(), *hidden.items()])
    return f"GET {base}?{query}" if base else ""


def _returned(consent: Consent) -> str:
    if consent.used_at is None:
        return ""
    fields = (f"{name}={value}" for name, value in sorted(consent.returned.items()))
    return "\n".join([f"GET {consent.asked.get('redirect_uri', '')}", "", *fields])
