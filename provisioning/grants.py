"""What can be done to grants: verbs, without a request.

One grant per Google account, client and owner: a second consent renews it, so that what hangs on it goes on.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count, ProtectedError, RestrictedError
from django.utils import timezone

from accounts import audit
from accounts.models import Tenant, User
from accounts.races import looks_again
from accounts.tenancy import all_tenants
from google_api import errors, identity, oauth, scopes
from google_api.exchanges import Exchange, exchanges
from google_api.identity import Identity
from provisioning import credentials, hooks, oauth_state
from provisioning.models import Consent, Credential, IssuedToken
from provisioning.signals import mended

TOKEN_LIMIT = 100
"""Refresh tokens that Google keeps per account and client; the next one ends the oldest.
https://developers.google.com/identity/protocols/oauth2#expiration"""

WARN_FROM = 0.8


class WrongAccount(Exception):
    """Somebody came back from Google as another person than the one whose grant was to be renewed."""


class NothingToRead(Exception):
    """The box for reading figures was left empty at Google, and a grant without it is of no use."""


@dataclass(frozen=True)
class Disconnected:
    """What became of a grant at Google: `revoked` is False where other grants here come from the same Google
    account, which revoking would have ended too."""

    revoked: bool


def exchange(*, consent: Consent, code: str, loopback: str = "") -> tuple[oauth.Tokens, Identity]:
    """What Google gives for the code of a return, and whose it is; `loopback` as in oauth_state.Ask. Raises
    GoogleError.

    The exchange is kept in the consent's row, masked.
    """
    with exchanges() as seen:
        try:
            tokens, person = redeem(
                client_id=settings.GOOGLE_DESKTOP_CLIENT_ID if loopback else settings.GOOGLE_CLIENT_ID,
                code=code,
                redirect_uri=loopback or oauth_state.redirect_uri(),
                verifier=credentials.open_verifier(consent),
            )
        except errors.GoogleError as error:
            _note(consent, {"error": error.code, "detail": error.log_detail}, seen)
            raise
    told = {"scope": " ".join(sorted(tokens.scopes)), "refresh_token": bool(tokens.refresh_token)}
    _note(consent, told, seen)
    return tokens, person


def redeem(*, client_id: str, code: str, redirect_uri: str, verifier: str) -> tuple[oauth.Tokens, Identity]:
    """The tokens for a code that this client of ours was given, and whose they are. Raises GoogleError."""
    tokens = oauth.exchange_code(
        settings.GOOGLE_TOKEN_URI,
        credentials.client_of(client_id),
        code=code,
        redirect_uri=redirect_uri,
        verifier=verifier,
    )
    certs = settings.GOOGLE_CERTS_URI
    return tokens, identity.identity_of(tokens.id_token, certs_uri=certs, client_id=client_id)


def _note(consent: Consent, told: dict[str, object], seen: list[Exchange]) -> None:
    """Of what was said to Google the code's exchange, and not that its public keys were fetched."""
    said = [each.as_json() for each in seen if each.method == "POST"]
    Consent.objects.filter(pk=consent.pk).update(exchanged={**told, "exchanges": said})


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
    kind = "google.renewed" if grant else "google.connected"
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
    by = user.email if user else None
    if tokens.refresh_token:
        IssuedToken.objects.create(subject=person.subject, client_id=client_id)
    audit.record(kind, tenant=tenant, who=by, target=person.email, details={"scopes": grant.scopes})
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


def connect(
    *, tokens: oauth.Tokens, person: Identity, tenant: Tenant | None, user: User | None, client_id: str = ""
) -> Credential:
    """Keeps a grant that reads. Raises NothingToRead; then nothing is kept."""
    if scopes.ANALYTICS_READONLY not in tokens.scopes:
        discard(tokens=tokens, person=person, client_id=client_id)
        raise NothingToRead
    return keep(tokens=tokens, person=person, tenant=tenant, user=user, client_id=client_id)


def renew(*, grant: Credential, tokens: oauth.Tokens, person: Identity, user: User | None) -> Credential:
    """The grant, good again. Raises WrongAccount, NothingToRead; then nothing is kept or changed.

    One that was given to another client of ours gets a successor, which feeds its views from now on.
    """
    if person.subject != grant.subject:
        discard(tokens=tokens, person=person)
        raise WrongAccount
    kept = connect(tokens=tokens, person=person, tenant=grant.tenant, user=user)
    if kept.pk != grant.pk and grant.tenant is not None:
        for each in hooks.views().properties_fed_by(credential=grant):
            hooks.views().feed(tenant=grant.tenant, property_id=each, old=grant, new=kept)
    return kept


def discard(*, tokens: oauth.Tokens, person: Identity, client_id: str = "") -> None:
    """Ends tokens that are not kept; where that would end grants that are, or fails, they only count."""
    client_id = client_id or settings.GOOGLE_CLIENT_ID
    if not _any_of(person.subject):
        with suppress(errors.GoogleError):
            oauth.revoke(settings.GOOGLE_REVOKE_URI, tokens.refresh_token or tokens.access_token)
            return
    if tokens.refresh_token:
        IssuedToken.objects.create(subject=person.subject, client_id=client_id)


def disconnect(*, grant: Credential) -> Disconnected:
    """Ends a grant. Revoking at Google ends the person's consent to the whole project, so it is done only
    when no other grant here comes from the same Google account; else the token is just forgotten.

    Raises GoogleError when Google could not be asked; then the grant stays. A token that Google no longer
    knows counts as revoked.
    """
    is_last = not others_of(grant)
    if is_last and grant.sealed_secret and grant.state != Credential.State.REFUSED:
        credentials.revoke(grant)
    with transaction.atomic():
        if is_last:
            IssuedToken.objects.filter(subject=grant.subject, client_id=grant.client_id).delete()
        facts = {"revoked_at_google": is_last}
        audit.record("google.disconnected", tenant=grant.tenant, target=grant.email, details=facts)
        _forget(grant)
    return Disconnected(revoked=is_last)


def _forget(grant: Credential) -> None:
    """Its row goes with it, unless views hang on it: they keep what they have until it is connected again."""
    try:
        with transaction.atomic():
            grant.delete()
    except (ProtectedError, RestrictedError):
        credentials.empty(grant)


def others_of(grant: Credential) -> bool:
    """Whether another grant here comes from the same Google account, whosever it is."""
    return _any_of(grant.subject, but=grant)


def _any_of(subject: str, but: Credential | None = None) -> bool:
    with all_tenants(reason="revoking at Google would end every grant of one Google account"):
        same = Credential.objects.filter(kind=Credential.Kind.GRANT, subject=subject).exclude(
            sealed_secret=""
        )
        return same.exclude(pk=but.pk if but else None).exists()


def tokens_alive(grant: Credential) -> int:
    """How many refresh tokens of this Google account Google may still keep for us, this one included."""
    issued = IssuedToken.objects.filter(subject=grant.subject, client_id=grant.client_id).count()
    return min(issued, TOKEN_LIMIT)


def tokens_alive_of(many: Sequence[Credential]) -> dict[uuid.UUID, int]:
    """The same of many grants, by their ids."""
    of_accounts = IssuedToken.objects.filter(subject__in={each.subject for each in many})
    rows = of_accounts.values_list("subject", "client_id").annotate(Count("pk"))
    issued = {(subject, client_id): count for subject, client_id, count in rows}
    return {each.pk: min(issued.get((each.subject, each.client_id), 0), TOKEN_LIMIT) for each in many}


def is_near_limit(alive: int) -> bool:
    """Whether further consents of a Google account with so many tokens will soon end older ones."""
    return alive >= WARN_FROM * TOKEN_LIMIT
