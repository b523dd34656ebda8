"""Ends tokens that are out there, at once: of a view, of a tenant, of the whole installation.

What is issued from then on counts. A single key's tokens end with the key (keys.revoke).
"""

from __future__ import annotations

import logging

from django.utils import timezone

from accounts.models import Tenant
from dashboards.models import EmbedCutoff, View

logger = logging.getLogger(__name__)


def end_tokens_of_view(*, view: View, by: str) -> None:
    """For this view alone: a token for several goes on for the others."""
    View.objects.filter(pk=view.pk).update(embed_valid_from=timezone.now())
    logger.info("embed tokens of view %s ended by %s", view.pk, by)


def end_tokens_of_tenant(*, tenant: Tenant, by: str) -> None:
    """For all of the tenant's views."""
    EmbedCutoff.objects.update_or_create(tenant=tenant, defaults={"valid_from": timezone.now()})
    logger.info("embed tokens of client %s ended by %s", tenant.slug, by)


def end_all_tokens(*, by: str) -> None:
    """Everybody's. Runs in a scope of all tenants."""
    now = timezone.now()
    if not EmbedCutoff.objects.filter(tenant=None).update(valid_from=now):
        EmbedCutoff.objects.create(tenant=None, valid_from=now)
    logger.info("all embed tokens ended by %s", by)
