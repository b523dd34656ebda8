"""Ends tokens that are out there, at once: of a view, of a tenant, of the whole installation.

What is issued from then on counts. A single key's tokens end with the key (keys.revoke).
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Tenant
from dashboards.models import EmbedCutoff, View

logger = logging.getLogger(__name__)


@transaction.atomic
def end_tokens_of_view(*, view: View, by: str) -> None:
    """For this view alone: a token for several goes on for the others."""
    View.objects.filter(pk=view.pk).update(embed_valid_from=timezone.now())
    audit.record("token.ended", tenant=view.tenant, target=view.name, who=by)
    logger.info("embed tokens of view %s ended by %s", view.pk, by)


@transaction.atomic
def end_tokens_of_tenant(*, tenant: Tenant, by: str) -> None:
    """For all of the tenant's views."""
    EmbedCutoff.objects.update_or_create(tenant=tenant, defaults={"valid_from": timezone.now()})
    audit.record("token.ended", tenant=tenant, target=tenant.name, who=by)
    logger.info("embed tokens of client %s ended by %s", tenant.slug, by)


@transaction.atomic
def end_all_tokens(*, by: str) -> None:
    """Everybody's. Runs in a scope of all tenants."""
    now = timezone.now()
    if not EmbedCutoff.objects.filter(tenant=None).update(valid_from=now):
        EmbedCutoff.objects.create(tenant=None, valid_from=now)
    audit.record("token.ended", who=by)
    logger.info("all embed tokens ended by %s", by)
