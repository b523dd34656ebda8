"""What can be done to grants: verbs, without a request.

One grant per Google account, client and owner: a second consent renews it, so that what hangs on it goes on.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Tenant, User
from accounts.races import looks_again
from accounts.tenancy import all_tenants
from google_api import errors, identity, oauth
from google_api.identity import Identity
from provisioning import credentials, oauth_state
from provisioning.models import Consent, Credential, IssuedToken
from provisioning.signals import mended

TOKEN_LIMIT = 100
"""Refresh tokens that Google keeps per account and client; the next one ends the oldest.
https://developers.google.com/identity/protocols/oauth2#expiration"""

WARN_FROM = 0.8


@dataclass(frozen=True)
class Disconnected:
    """What became of a grant at Google: `revoked` is False where other grants here come from the same Google
    account, which revoking would have ended too."""

    revoked: bool


def exchange(*, consent: Consent, code: str) -> tuple[oauth.Tokens, Identity]:
    """What Google gives for the code of a return, and whose it is. Raises GoogleError.

    The exchange is kept in the consent's row, masked.
    """
    try:
        tokens = oauth.exchange_code(
            settings.GOOGLE_TOKEN_URI,
            credentials.client_of(settings.GOOGLE_CLIENT_ID),
            code=code,
            redirect_uri=oauth_state.redirect_uri(),
            verifier=credentials.open_verifier(consent),
        )
        person = identity.identity_of(
            tokens.id_token, certs_uri=settings.GOOGLE_CERTS_URI, client_id=settings.GOOGLE_CLIENT_ID
        )
    except errors.GoogleError as error:
        _note(consent, {"error": error.code, "detail": error.log_detail})
        raise
    _note(consent, {"scope": " ".join(sorted(tokens.scopes)), "refresh_token": bool(tokens.refresh_token)})
    return tokens, person


def _note(consent: Consent, exchanged: dict[str, object]) -> None:
    Consent.objects.filter(pk=consent.pk).update(exchanged=exchanged)


@looks_again
@transaction.atomic
def keep(
    *, tokens: oauth.Tokens, person: Identity, tenant: Tenant | None, user: User | None, client_id: str = ""
) -> Credential:
    """The grant of this Google account, new or renewed. Runs inside a scope that holds the tenant.

    Without a refresh token (Google gives one with every consent that we ask for) the stored one stays.
    """
    client_id = client_id or settings.GOOGLE_CLIENT_ID
    grants = Credential.objects.select_for_update().filter(kind=Credential.Kind.GRANT)
    grant = grants.filter(tenant=tenant, subject=person.subject, client_id=client_id).first()
    if grant is None:
        grant = Credential(
            id=uuid.uuid4(),
            tenant=tenant,
            kind=Credential.Kind.GRANT,
            subject=person.subject,
            client_id=client_id,
            name=person.email,
        )
    _renew(grant, tokens, person, user)
    if tokens.refresh_token:
        IssuedToken.objects.create(subject=person.subject, client_id=client_id)
    mended.send(Credential, credential=grant)
    return grant


def _renew(grant: Credential, tokens: oauth.Tokens, person: Identity, user: User | None) -> None:
    grant.email = person.email
    grant.consented_by = user or grant.consented_by
    grant.consented_at = timezone.now()
    grant.scopes = " ".join(sorted(tokens.scopes))
    if tokens.refresh_token:
        grant.sealed_secret = credentials.seal_refresh_token(tokens.refresh_token, grant.pk)
        grant.secret_expires_at = tokens.refresh_token_expires_at
    grant.state, grant.last_error_code = Credential.State.WORKS, ""
    grant.last_success_at = timezone.now()
    grant.save()
    credentials.keep_access_token(grant, tokens.access_token, tokens.access_token_expires_at)


def disconnect(*, grant: Credential) -> Disconnected:
    """Ends a grant. Revoking at Google ends the person's consent to the whole project, so it is done only
    when no other grant here comes from the same Google account; else the token is just forgotten.

    Raises GoogleError when Google could not be asked; then the grant stays. A token that Google no longer
    knows counts as revoked.
    """
    is_last = not others_of(grant)
    if is_last and grant.state != Credential.State.REFUSED:
        credentials.revoke(grant)
    with transaction.atomic():
        if is_last:
            IssuedToken.objects.filter(subject=grant.subject, client_id=grant.client_id).delete()
        grant.delete()
    return Disconnected(revoked=is_last)


def others_of(grant: Credential) -> bool:
    """Whether another grant here comes from the same Google account, whosever it is."""
    with all_tenants(reason="revoking at Google would end every grant of one Google account"):
        same = Credential.objects.filter(kind=Credential.Kind.GRANT, subject=grant.subject)
        return same.exclude(pk=grant.pk).exists()


def tokens_alive(grant: Credential) -> int:
    """How many refresh tokens of this Google account Google may still keep for us, this one included."""
    issued = IssuedToken.objects.filter(subject=grant.subject, client_id=grant.client_id).count()
    return min(issued, TOKEN_LIMIT)


def is_near_limit(grant: Credential) -> bool:
    """Whether further consents of this Google account will soon end older ones."""
    return tokens_alive(grant) >= WARN_FROM * TOKEN_LIMIT
