"""What can be done to credentials: verbs, without a request."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit, tracing
from accounts.models import Tenant
from accounts.races import looks_again
from google_api import admin, errors, service_accounts
from google_api.http import Api
from provisioning import credentials
from provisioning.models import Credential, ReachableProperty
from provisioning.signals import mended

ACCOUNTS_AT_ONCE = 5
"""Accounts whose properties are listed at the same time: people wait, and Google has limits by the minute."""


def add_service_account(
    *, key: service_accounts.ServiceAccountKey, name: str = "", tenant: Tenant | None = None
) -> Credential:
    """Stores a service account's key after a test sign-in, with the properties it reaches.

    A key of an account that the same owner already has replaces the stored one, so that its views go on.
    Raises GoogleError when the key does not sign in; then nothing is stored. A sign-in that works but may
    not list properties (the API is switched off, say) is stored with that error.
    """
    token = credentials.test_key(key)
    return _begin(_stored(key, name, tenant), token)


@looks_again
@transaction.atomic
def _stored(key: service_accounts.ServiceAccountKey, name: str, tenant: Tenant | None) -> Credential:
    credential = _row(key, name, tenant)
    is_new = credential._state.adding
    _seal(credential, key)
    _note(credential, "key.stored" if is_new else "key.replaced")
    return credential


def _note(credential: Credential, kind: str) -> None:
    """Of a key the record keeps the name that Google gave it, which opens nothing."""
    facts = {"named": f"{credential.private_key_id[:12]}…"}
    audit.record(kind, tenant=credential.tenant, target=credential.email, details=facts)


def replace_key(*, credential: Credential, key: service_accounts.ServiceAccountKey) -> Credential:
    """Puts another key of the same service account in the place of the stored one, after a test sign-in.

    Raises GoogleError when it does not sign in; then the old key stays.
    """
    if key.email.lower() != credential.email.lower():
        raise ValueError("the key of another service account")
    token = credentials.test_key(key)
    with transaction.atomic():
        _seal(credential, key)
        _note(credential, "key.replaced")
    return _begin(credential, token)


def _seal(credential: Credential, key: service_accounts.ServiceAccountKey) -> None:
    """Keeps the key in the credential's row; a token of the one before goes."""
    credential.sealed_secret = credentials.seal_key(key, credential.pk)
    credential.private_key_id = key.private_key_id[:64]
    credential.sealed_access_token, credential.access_token_expires_at = "", None
    credential.save()


def _begin(credential: Credential, token: service_accounts.AccessToken) -> Credential:
    """The first use of a key just stored: its token is shared, and its properties are listed."""
    credentials.keep_access_token(credential, token.value, token.expires_at)
    mended.send(Credential, credential=credential)
    list_properties(credential=credential)
    credential.refresh_from_db()
    return credential


def _row(key: service_accounts.ServiceAccountKey, name: str, tenant: Tenant | None) -> Credential:
    robots = Credential.objects.filter(kind=Credential.Kind.SERVICE_ACCOUNT)
    row = robots.filter(tenant=tenant, email=key.email).first()
    if row is None:
        row = Credential(tenant=tenant, email=key.email, id=uuid.uuid4())
    row.name = name or row.name or key.email.partition("@")[0]
    return row


def list_properties(*, credential: Credential) -> errors.GoogleError | None:
    """Asks Google which properties the credential reaches, and keeps the list; a failure keeps the old one.

    Returns the failure, if any: it stands in the credential's row as well.
    """
    try:
        found = credentials.call(credential, settings.GOOGLE_ADMIN_API, _reach)
    except errors.GoogleError as error:
        credentials.record_error(credential, error)
        return error
    _keep_properties(credential, found)
    credentials.record_success(credential)
    mended.send(Credential, credential=credential)
    return None


def find_property(*, credential: Credential, property_id: str) -> ReachableProperty:
    """Asks Google for one property by its number, and keeps it among those the credential reaches.

    Raises GoogleError when there is none, or none that this credential may read.
    """
    found = credentials.call(
        credential, settings.GOOGLE_ADMIN_API, lambda api: admin.get_property(api, property_id)
    )
    if found.deleted:
        raise errors.NotFound("the property is in Google's trash")
    kept, _ = ReachableProperty.objects.update_or_create(
        credential=credential,
        property_id=property_id,
        defaults={
            "tenant_id": credential.tenant_id,
            "name": found.display_name[:200],
            "account_name": found.parent[:200],
            "time_zone": found.time_zone,
            "currency": found.currency_code,
        },
    )
    return kept


def _reach(api: Api) -> Sequence[tuple[str, admin.Property]]:
    """Account names with the properties in them; zone and currency stand only in the longer listing."""
    accounts = [each for each in admin.list_account_summaries(api) if each.properties]
    with ThreadPoolExecutor(max_workers=ACCOUNTS_AT_ONCE) as pool:
        listed = list(pool.map(tracing.carried(partial(_readable, api)), accounts))
    return [
        (account.display_name, each)
        for account, inside in zip(accounts, listed, strict=True)
        for each in inside
    ]


def _readable(api: Api, account: admin.AccountSummary) -> list[admin.Property]:
    """One listing an account; subproperties and roll-ups, which it leaves out, one by one."""
    listed = {each.name: each for each in admin.list_properties(api, account.account)}
    return [
        listed.get(summary.property) or admin.get_property(api, summary.property.removeprefix("properties/"))
        for summary in account.properties
    ]


@transaction.atomic
def _keep_properties(credential: Credential, found: Sequence[tuple[str, admin.Property]]) -> None:
    """In the place of those before. Whoever lists at the same time waits for the credential's row."""
    Credential.objects.select_for_update().get(pk=credential.pk)
    ReachableProperty.objects.filter(credential=credential).delete()
    ReachableProperty.objects.bulk_create(
        ReachableProperty(
            tenant_id=credential.tenant_id,
            credential=credential,
            property_id=each.name.removeprefix("properties/"),
            name=each.display_name[:200],
            account_name=account_name[:200],
            time_zone=each.time_zone,
            currency=each.currency_code,
        )
        for account_name, each in {each.name: (account, each) for account, each in found}.values()
    )
    Credential.objects.filter(pk=credential.pk).update(properties_listed_at=timezone.now())
