"""The way to Google's consent page and back: `state`, PKCE, and whom both are bound to.

`state` is used once and expires; it counts only in the session that it was made in, for the person who was
signed in there, and for one request. Nothing of it stands in the session but a random number, so that any
number of tabs may be under way.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from accounts.models import Tenant, User
from accounts.tenancy import all_tenants
from accounts.tokens import Token, digest_of, new_token
from google_api import oauth
from provisioning import credentials
from provisioning.models import Consent, Credential, ProvisioningRequest

GOOD_FOR = datetime.timedelta(hours=1)  # signing up for a Google account on the way takes its time
SESSION_KEY = "provisioning_session"
CALLBACK = "/provisioning/oauth/callback"
ISSUER = "https://accounts.google.com"
"""What `iss` is when Google sends somebody back: another would be a mix-up. RFC 9207."""

KEPT = ("scope", "error", "authuser", "prompt", "hd", "iss")
"""What is kept of a callback; `state` and `code` are kept as being there, not as they are."""

Session = MutableMapping[str, Any]


class StateError(Exception):
    """A return from Google that belongs to no way there that this session began.

    `consent` is the one it names, where there is one and it is this session's own: it was used before.
    """

    def __init__(self, why: str, consent: Consent | None = None) -> None:
        super().__init__(why)
        self.consent = consent


@dataclass(frozen=True)
class Ask:
    """What somebody is sent to Google for; `offline` where the grant is to be kept. `loopback` is the address
    on this machine where an installed application waits for them, which is another client of ours at Google.
    """

    purpose: Consent.Purpose
    scopes: Iterable[str]
    tenant: Tenant | None = None
    request: ProvisioningRequest | None = None
    credential: Credential | None = None
    login_hint: str = ""
    other_account: bool = field(default=False)
    offline: bool = True
    loopback: str = ""

    @property
    def client_id(self) -> str:
        """Which client of ours asks."""
        return settings.GOOGLE_DESKTOP_CLIENT_ID if self.loopback else settings.GOOGLE_CLIENT_ID

    @property
    def redirect_uri(self) -> str:
        """Where Google sends people back."""
        return self.loopback or redirect_uri()


def redirect_uri() -> str:
    """Where Google sends people back, to the letter as it must be registered."""
    return f"{settings.BASE_URL}{CALLBACK}"


def begin(*, ask: Ask, session: Session, user: User | None, state: Token | None = None) -> str:
    """Google's address to go to. Runs inside a scope that holds the tenant. `state` where the caller must
    know it, as who waits on a port does.
    """
    state = state or new_token()
    verifier, row = oauth.new_verifier(), uuid.uuid4()
    scopes = sorted(set(ask.scopes))
    Consent.objects.create(
        id=row,
        tenant=ask.tenant,
        digest=state.digest,
        session_digest=digest_of(_session_number(session)),
        user=user,
        purpose=ask.purpose,
        request=ask.request,
        credential=ask.credential,
        scopes=" ".join(scopes),
        sealed_verifier=credentials.seal_verifier(verifier, row),
        expires_at=timezone.now() + GOOD_FOR,
        asked=_asked(ask, scopes),
    )
    return oauth.authorization_url(
        settings.GOOGLE_AUTH_URI,
        ask.client_id,
        redirect_uri=ask.redirect_uri,
        scopes=scopes,
        state=state.value,
        code_challenge=oauth.challenge_of(verifier),
        offline=ask.offline,
        login_hint=ask.login_hint,
        prompt=_prompt(ask),
    )


def _prompt(ask: Ask) -> str:
    """`consent`, for without it Google gives a refresh token only at the very first consent."""
    return "select_account consent" if ask.other_account else "consent"


def _asked(ask: Ask, scopes: list[str]) -> dict[str, Any]:
    """The authorisation address as the doctor shows it."""
    parts = urlsplit(settings.GOOGLE_AUTH_URI)
    return {
        "address": f"{parts.scheme}://{parts.netloc}{parts.path}",
        "client_id": ask.client_id,
        "redirect_uri": ask.redirect_uri,
        "scope": " ".join(scopes),
        "access_type": "offline" if ask.offline else "online",
        "include_granted_scopes": "true",
        "prompt": _prompt(ask),
        "login_hint": ask.login_hint,
    }


def take(*, params: dict[str, str], session: Session, user: User | None) -> Consent:
    """The way that this return ends; it is used up by that, whatever comes next. Raises StateError."""
    with all_tenants(reason="finding the consent that a return from Google names"):
        consent = (
            Consent.objects.filter(digest=digest_of(params.get("state", "")))
            .select_related("tenant", "request__tenant", "request__grant", "credential")
            .first()
        )
        if consent is None:
            raise StateError("unknown")
        now = timezone.now()
        unused = Consent.objects.filter(pk=consent.pk, used_at=None)
        is_first = unused.update(used_at=now, returned=_returned(params))
    if params.get("iss", ISSUER) != ISSUER:
        raise StateError("another issuer")
    if consent.session_digest != digest_of(session.get(SESSION_KEY, "")):
        raise StateError("another session")
    if consent.user_id != (user.pk if user else None):
        raise StateError("another person")
    if not is_first:
        raise StateError("used", consent)
    if consent.expires_at < now:
        raise StateError("expired", consent)
    return consent


def _returned(params: dict[str, str]) -> dict[str, str]:
    shown = {name: params[name][:500] for name in KEPT if name in params}
    return shown | {name: "…" for name in ("code", "state") if params.get(name)}


def _session_number(session: Session) -> str:
    if SESSION_KEY not in session:
        session[SESSION_KEY] = new_token().value
    return str(session[SESSION_KEY])
