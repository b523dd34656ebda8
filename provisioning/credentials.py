"""Access tokens for the portal's calls to Google: the only module that opens a credential's secrets.

An access token is minted once per credential and hour, however many processes ask: it stands sealed in
the credential's row, and whoever mints holds a short lease there while the others wait for the row.
"""

from __future__ import annotations

import datetime
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from accounts import audit
from google_api import errors, oauth, service_accounts
from google_api.http import Api
from provisioning.crypto import KeyRing, Place, SealError
from provisioning.models import Arrival, Consent, Credential, WaitingMail
from provisioning.signals import ended

T = TypeVar("T")

# A token this close to its end might not outlive a slow report.
SPARE = datetime.timedelta(minutes=5)
MINT_LEASE = datetime.timedelta(seconds=30)
POLL_SECONDS = 0.05


class SecretUnreadable(errors.GoogleError):
    """The stored secret cannot be opened: its key is missing or the row is damaged."""

    code = "secret_unreadable"
    permanent = True
    sentence = errors.gettext_noop(
        "The stored key of this service account cannot be read. Upload the key again, "
        "or restore the encryption key that sealed it."
    )


class GrantDisconnected(errors.GoogleError):
    """Somebody here disconnected the Google account; its row stays for the views that hang on it."""

    code = "grant_disconnected"
    permanent = True
    sentence = errors.gettext_noop(
        "This Google account was disconnected. Connect it again, or let something else feed its views."
    )


class TokenTooWide(errors.GoogleError):
    """Google gave a token that may do more than was asked for."""

    code = "token_too_wide"
    sentence = errors.gettext_noop(
        "Google gave a token that may do more than read. It was thrown away. Use a service account."
    )


ENDS_A_GRANT = (errors.InvalidGrant, GrantDisconnected)
ENDS_A_KEY = (errors.InvalidGrant, SecretUnreadable)

errors.ERRORS[TokenTooWide.code] = TokenTooWide
errors.ERRORS[SecretUnreadable.code] = SecretUnreadable
errors.ERRORS[GrantDisconnected.code] = GrantDisconnected


def seal_key(key: service_accounts.ServiceAccountKey, row: uuid.UUID) -> str:
    """A service account's key, sealed for the credential with this id."""
    return _key_ring().seal(key.to_json(), _place(row, "sealed_secret"))


def open_key(credential: Credential) -> service_accounts.ServiceAccountKey:
    """The stored key of a service account. Raises SecretUnreadable."""
    return service_accounts.ServiceAccountKey.from_json(_open(credential, "sealed_secret"))


def seal_verifier(verifier: str, row: uuid.UUID) -> str:
    """A PKCE verifier, sealed for the consent with this id."""
    return _key_ring().seal(verifier, _place(row, "sealed_verifier", Consent))


def open_verifier(consent: Consent) -> str:
    """The PKCE verifier of a consent. Raises SecretUnreadable."""
    return _open(consent, "sealed_verifier")


def seal_refresh_token(token: str, row: uuid.UUID) -> str:
    """A refresh token, sealed for the grant with this id."""
    return _key_ring().seal(token, _place(row, "sealed_secret"))


def seal_tokens(text: str, row: uuid.UUID) -> str:
    """What Google gave to somebody not known yet, sealed for the arrival with this id."""
    return _key_ring().seal(text, _place(row, "sealed_tokens", Arrival))


def open_tokens(arrival: Arrival) -> str:
    """What an arrival brought. Raises SecretUnreadable."""
    return _open(arrival, "sealed_tokens")


def seal_mail(text: str, row: uuid.UUID) -> str:
    """A mail with its links and codes, sealed for the waiting mail with this id."""
    return _key_ring().seal(text, _place(row, "sealed_mail", WaitingMail))


def open_mail(mail: WaitingMail) -> str:
    """The mail that waits. Raises SecretUnreadable."""
    return _open(mail, "sealed_mail")


def revoke(grant: Credential) -> None:
    """Ends the person's consent to the whole project at Google. Raises GoogleError."""
    oauth.revoke(settings.GOOGLE_REVOKE_URI, _open(grant, "sealed_secret"))


def empty(grant: Credential) -> None:
    """Forgets the secrets of a grant that was disconnected, which has ended by that."""
    _rows(grant).update(sealed_secret="", sealed_access_token="", access_token_expires_at=None)
    record_error(grant, GrantDisconnected())


def client_of(client_id: str) -> oauth.Client:
    """The client of ours that a grant was given to."""
    if client_id == settings.GOOGLE_DESKTOP_CLIENT_ID:
        return oauth.Client(client_id, settings.GOOGLE_DESKTOP_CLIENT_SECRET)
    return oauth.Client(client_id, settings.GOOGLE_CLIENT_SECRET)


def check_secret(credential: Credential) -> None:
    """Opens the stored key or refresh token, and forgets it again. Raises SecretUnreadable."""
    _open(credential, "sealed_secret")


def sign_in(credential: Credential) -> None:
    """Makes a new access token for all processes though there may be one, which stays where this fails.

    Raises GoogleError; the credential's state is kept up either way.
    """
    _mint(credential)


def access_token(credential: Credential) -> str:
    """A token with `analytics.readonly`, or with the scopes of a grant, that lives for some minutes at least.

    Raises GoogleError; the credential's state is kept up either way.
    """
    deadline = time.monotonic() + MINT_LEASE.total_seconds()
    while True:
        stored = _stored_token(credential)
        if stored:
            return stored
        if lease := _claim_minting(credential):
            return _mint_once(credential, lease)
        if time.monotonic() > deadline:
            raise errors.Unreachable("no access token: another process has been minting for too long")
        time.sleep(POLL_SECONDS)


def read_only_token(credential: Credential) -> tuple[str, datetime.datetime]:
    """A token of its own that may do nothing but read Analytics, and its end: to be given out, kept nowhere.

    Raises GoogleError. Only the end of a grant is noted: what else goes wrong may be this question's fault.
    """
    credential.refresh_from_db(fields=["sealed_secret"])
    try:
        return _narrowed(credential) if credential.is_grant else _signed_in(credential)
    except errors.GrantEnded as error:
        _end(credential, error)
        raise


def keep_access_token(credential: Credential, value: str, expires_at: datetime.datetime) -> None:
    """Shares a token just minted with all processes, sealed."""
    sealed = _key_ring().seal(value, _place(credential.pk, "sealed_access_token"))
    _rows(credential).update(sealed_access_token=sealed, access_token_expires_at=expires_at)


def forget_access_token(credential: Credential) -> None:
    """Drops the shared token, which Google has just refused."""
    _rows(credential).update(sealed_access_token="", access_token_expires_at=None)


def call(credential: Credential, base_url: str, ask: Callable[[Api], T]) -> T:
    """`ask` with an Api for this credential; a refused token is replaced once. Raises GoogleError."""
    try:
        return ask(Api(base_url, access_token(credential)))
    except errors.Unauthenticated:
        forget_access_token(credential)
        return ask(Api(base_url, access_token(credential)))


def test_key(key: service_accounts.ServiceAccountKey) -> service_accounts.AccessToken:
    """Signs in with a key that is not stored yet. Raises GoogleError."""
    return service_accounts.fetch_access_token(
        key, scopes=[service_accounts.ANALYTICS_READONLY], token_uri=settings.GOOGLE_TOKEN_URI
    )


def count_secrets() -> tuple[int, int]:
    """How many keys and refresh tokens are stored in scope, and how many of them cannot be opened."""
    stored = unreadable = 0
    for each in Credential.objects.exclude(sealed_secret="").only("sealed_secret").iterator():
        stored += 1
        try:
            _open(each, "sealed_secret")
        except SecretUnreadable:
            unreadable += 1
    return stored, unreadable


def record_success(credential: Credential) -> None:
    """The credential has just worked."""
    _rows(credential).update(state=Credential.State.WORKS, last_success_at=timezone.now(), last_error_code="")


def record_error(credential: Credential, error: errors.GoogleError) -> None:
    """Something asked with the credential has just failed. An API that refuses one property, or is switched
    off, says nothing of what the credential reads elsewhere: it ends only when it signs in no more.
    """
    state = Credential.State.REFUSED if _is_over(credential, error) else Credential.State.FAILING
    _record_failure(_rows(credential), state, error)


def _record_failure(rows: QuerySet[Credential], state: str, error: errors.GoogleError) -> int:
    return rows.update(state=state, last_error_code=error.code, last_error_at=timezone.now())


def _rows(credential: Credential) -> QuerySet[Credential]:
    return Credential.objects.filter(pk=credential.pk)


def _key_ring() -> KeyRing:
    return KeyRing(settings.PORTAL_ENCRYPTION_KEYS)


def _place(row: uuid.UUID, column: str, model: type[Model] = Credential) -> Place:
    return Place(model._meta.db_table, column, str(row))


def _open(row: Credential | Consent | Arrival | WaitingMail, column: str) -> str:
    try:
        return _key_ring().open(getattr(row, column), _place(row.pk, column, type(row)))
    except SealError as error:
        raise SecretUnreadable(str(error)) from None


def _stored_token(credential: Credential) -> str:
    """The shared token, where it has time left; read afresh, for another process may have minted it."""
    credential.refresh_from_db(fields=["sealed_access_token", "access_token_expires_at"])
    expires = credential.access_token_expires_at
    if not credential.sealed_access_token or expires is None or expires - SPARE < timezone.now():
        return ""
    try:
        return _open(credential, "sealed_access_token")
    except SecretUnreadable:  # sealed with a key that is gone since: only a token, a new one is minted
        return ""


def _claim_minting(credential: Credential) -> datetime.datetime | None:
    """The end of the lease, which also names it; None while another process holds one."""
    now = timezone.now()
    free = Q(minting_until=None) | Q(minting_until__lt=now)
    until = now + MINT_LEASE
    return until if _rows(credential).filter(free).update(minting_until=until) else None


def _mint_once(credential: Credential, lease: datetime.datetime) -> str:
    try:
        # Between the look and the lease another process may have minted and gone.
        return _stored_token(credential) or _mint(credential)
    finally:
        _rows(credential).filter(minting_until=lease).update(minting_until=None)


def _mint(credential: Credential) -> str:
    credential.refresh_from_db(fields=["sealed_secret"])  # it may have been replaced meanwhile
    try:
        value, expires_at = _refreshed(credential) if credential.is_grant else _signed_in(credential)
    except errors.GoogleError as error:
        if not _end(credential, error):
            return _mint(credential)
        raise
    keep_access_token(credential, value, expires_at)
    record_success(credential)
    return value


def _signed_in(credential: Credential) -> tuple[str, datetime.datetime]:
    token = test_key(open_key(credential))
    return token.value, token.expires_at


def _refreshed(grant: Credential) -> tuple[str, datetime.datetime]:
    tokens = _new_tokens(grant)
    return tokens.access_token, tokens.access_token_expires_at


def _narrowed(grant: Credential) -> tuple[str, datetime.datetime]:
    tokens = _new_tokens(grant, service_accounts.ANALYTICS_READONLY)
    if tokens.scopes != {service_accounts.ANALYTICS_READONLY}:
        raise TokenTooWide
    return tokens.access_token, tokens.access_token_expires_at


def _new_tokens(grant: Credential, *scopes: str) -> oauth.Tokens:
    """Google may give a new refresh token along with the access token; it then takes the old one's place."""
    if not grant.sealed_secret:
        raise GrantDisconnected
    client = client_of(grant.client_id)
    secret = _open(grant, "sealed_secret")
    tokens = oauth.refresh(settings.GOOGLE_TOKEN_URI, client, secret, scopes=scopes)
    if tokens.refresh_token:
        _follow(grant, secret, tokens.refresh_token)
    return tokens


def _follow(grant: Credential, before: str, token: str) -> None:
    """Puts a refresh token in the place of the one before, unless a consent did so meanwhile. That the one
    before was re-encrypted meanwhile is no consent.
    """
    sealed = seal_refresh_token(token, grant.pk)
    while not _rows(grant).filter(sealed_secret=grant.sealed_secret).update(sealed_secret=sealed):
        grant.refresh_from_db(fields=["sealed_secret"])
        if not grant.sealed_secret or _open(grant, "sealed_secret") != before:
            return


def _is_over(credential: Credential, error: errors.GoogleError) -> bool:
    """Whether the stored secret is good no more. Not where our client, its secret or our request is refused,
    and for grants not where the encryption key is missing: that is ours to mend, and everybody's consent
    works again afterwards.
    """
    return isinstance(error, ENDS_A_GRANT if credential.is_grant else ENDS_A_KEY)


def _end(credential: Credential, error: errors.GoogleError) -> bool:
    """Notes the failure; False when the refused secret is no longer the stored one, so that nothing ended.

    Whoever ends a credential, of all processes that find it refused, says so once.
    """
    if not _is_over(credential, error):
        _record_failure(_rows(credential), Credential.State.FAILING, error)
        return True
    same = _rows(credential).filter(sealed_secret=credential.sealed_secret)
    known = {"state": Credential.State.REFUSED, "last_error_code": error.code}
    if _record_failure(same.exclude(**known), Credential.State.REFUSED, error):
        said = {"reason": error.code}
        audit.record("google.ended", tenant=credential.tenant, target=credential.email, who="", details=said)
        ended.send(Credential, credential=credential, error=error)
        return True
    return bool(_record_failure(same, Credential.State.REFUSED, error))
