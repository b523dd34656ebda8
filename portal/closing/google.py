"""Ending the Google accounts that a client connected, by the rule for disconnecting: at Google only where no
other grant here comes from the same account, so that nobody else's views go dark.
"""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils import timezone

from accounts.models import Tenant
from google_api import errors
from portal.models import Closing
from provisioning import grants
from provisioning.models import Credential

logger = logging.getLogger(__name__)
PATIENCE = datetime.timedelta(days=1)
"""For so long Google is asked again before a token is forgotten that it did not let end."""


def end_grants(*, closing: Closing, tenant: Tenant) -> bool:
    """Whether none is left. Runs inside the tenant's scope."""
    own = Credential.objects.filter(tenant=tenant, kind=Credential.Kind.GRANT)
    ended = [_ended(closing, grant) for grant in own.order_by("pk")]  # each, though one has to wait
    return all(ended)


def _ended(closing: Closing, grant: Credential) -> bool:
    try:
        done = grants.disconnect(grant=grant)
    except errors.GoogleError as error:
        logger.warning("closing %s: a grant could not be ended: %s", closing.slug, error)
        if not error.permanent and timezone.now() - closing.asked_at < PATIENCE:
            return False
        _note(closing, "not_ended", grant.email)
        return True
    _note(closing, "ended_at_google" if done.revoked else "kept_for_others", grant.email)
    return True


@transaction.atomic
def _note(closing: Closing, column: str, email: str) -> None:
    row = Closing.objects.select_for_update().get(pk=closing.pk)
    setattr(row, column, sorted({*getattr(row, column), email}))
    row.save(update_fields=[column])
