"""Embed keys: made, shown once, used by the client's own server, revoked."""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import Tenant
from accounts.tenancy import all_tenants
from accounts.tokens import Token, digest_of, new_token
from dashboards.models import EmbedKey

logger = logging.getLogger(__name__)
NOTED_EVERY = datetime.timedelta(minutes=1)  # a write for each token would be most of its cost


@dataclass(frozen=True)
class Issued:
    """A key at the moment it is made; `token.value` is shown once."""

    key: EmbedKey
    token: Token


@transaction.atomic
def make(*, tenant: Tenant, name: str, made_by: str) -> Issued:
    """A new key of the tenant's. `made_by` is shown beside it."""
    token = new_token()
    key = EmbedKey.objects.create(
        tenant=tenant, name=name, prefix=token.prefix, digest=token.digest, made_by=made_by
    )
    audit.record("key.made", tenant=tenant, target=f"{name} ({key.prefix}…)", who=made_by)
    logger.info("embed key %s of client %s made by %s", key.prefix, tenant.slug, made_by)
    return Issued(key, token)


@transaction.atomic
def revoke(*, key: EmbedKey, by: str) -> None:
    """Ends the key, and with it every token that it was given."""
    if EmbedKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record("key.ended", tenant=key.tenant, target=f"{key.name} ({key.prefix}…)", who=by)
        logger.info("embed key %s revoked by %s", key.prefix, by)


def find(secret: str) -> EmbedKey | None:
    """The key that a server shows, with its tenant, unless it was revoked."""
    return living(digest_of(secret)).select_related("tenant").first()


def living(digest: str) -> QuerySet[EmbedKey]:
    """The key with this digest, unless it was revoked: one, or none."""
    with all_tenants(reason="finding the embed key that a server shows"):
        keys: QuerySet[EmbedKey] = EmbedKey.objects.filter(digest=digest, revoked_at=None)
        return keys


def note_used(*, key: EmbedKey) -> None:
    """Keeps the time of the last use, to the minute."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > NOTED_EVERY:
        EmbedKey.objects.filter(pk=key.pk).update(last_used_at=now)
