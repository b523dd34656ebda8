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
from django.db.models import Q, QuerySet
from django.utils import timezone

from google_api import errors, service_accounts
from google_api.http import Api
from provisioning.crypto import KeyRing, Place, SealError
from provisioning.models import Credential

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


errors.ERRORS[SecretUnreadable.code] = SecretUnreadable


def seal_key(key: service_accounts.ServiceAccountKey, row: uuid.UUID) -> str:
    """A service account's key, sealed for the credential with this id."""
    return _key_ring().seal(key.to_json(), _place(row, "sealed_secret"))


def open_key(credential: Credential) -> service_accounts.ServiceAccountKey:
    """The stored key of a service account. Raises SecretUnreadable."""
    return service_accounts.ServiceAccountKey.from_json(_open(credential, "sealed_secret"))


def access_token(credential: Credential) -> str:
    """A token with `analytics.readonly` that lives for some minutes at least.

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


def keep_access_token(credential: Credential, token: service_accounts.AccessToken) -> None:
    """Shares a token just minted with all processes, sealed."""
    sealed = _key_ring().seal(token.value, _place(credential.pk, "sealed_access_token"))
    _rows(credential).update(sealed_access_token=sealed, access_token_expires_at=token.expires_at)


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


def record_success(credential: Credential) -> None:
    """The credential has just worked."""
    _rows(credential).update(state=Credential.State.WORKS, last_success_at=timezone.now(), last_error_code="")


def record_error(credential: Credential, error: errors.GoogleError) -> None:
    """The credential has just failed; only a permanent refusal ends it."""
    state = Credential.State.REFUSED if error.permanent else Credential.State.FAILING
    _rows(credential).update(state=state, last_error_code=error.code, last_error_at=timezone.now())


def _rows(credential: Credential) -> QuerySet[Credential]:
    return Credential.objects.filter(pk=credential.pk)


def _key_ring() -> KeyRing:
    return KeyRing(settings.PORTAL_ENCRYPTION_KEYS)


def _place(row: uuid.UUID, column: str) -> Place:
    return Place(Credential._meta.db_table, column, str(row))


def _open(credential: Credential, column: str) -> str:
    try:
        return _key_ring().open(getattr(credential, column), _place(credential.pk, column))
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
    credential.refresh_from_db(fields=["sealed_secret"])  # staff may have replaced the key meanwhile
    try:
        token = test_key(open_key(credential))
    except errors.GoogleError as error:
        record_error(credential, error)
        raise
    keep_access_token(credential, token)
    record_success(credential)
    return token.value
