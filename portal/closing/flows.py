"""Closing a client: verbs, without a request.

Whoever asks shuts the client's pages at once; the rest happens in the background, step by step, and each step
finds out by itself what is left of it. So it may be cut off anywhere and begun again, and done twice it does
nothing.
"""

from __future__ import annotations

import datetime
import logging
from collections import Counter

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from portal.closing import google, people, removal
from portal.models import Closing

logger = logging.getLogger(__name__)
AGAIN = datetime.timedelta(minutes=15)
"""After so long somebody else goes on with what was cut off, or Google is asked once more."""


@transaction.atomic
def begin(*, tenant: Tenant, by: str) -> Closing:
    """Shuts the client's pages and has everything else done in the background; asked twice, it is the same
    closing. Runs inside a scope that holds the tenant.
    """
    found = Tenant.objects.select_for_update().get(pk=tenant.pk)
    closing, is_new = Closing.objects.get_or_create(
        tenant_id=found.pk, defaults={"slug": found.slug, "name": found.name, "asked_by": by}
    )
    Tenant.objects.filter(pk=found.pk, paused_at=None).update(paused_at=timezone.now())
    if is_new:
        audit.record("client.closed", tenant=found, who=by, details={"step": "begun"})
    Closing.objects.filter(pk=closing.pk, finished_at=None).update(look_again_at=timezone.now())
    return closing


def take(*, closing: Closing) -> bool:
    """Whether this process may go on with it now; nobody else does for a while."""
    now = timezone.now()
    due = Closing.objects.filter(pk=closing.pk, finished_at=None, look_again_at__lte=now)
    return bool(due.update(look_again_at=now + AGAIN))


def go_on(*, closing: Closing) -> None:
    """Does what is left to do. What Google does not let end is tried again, until it has had its time."""
    with tenant_scope({closing.tenant_id}):
        tenant = Tenant.objects.filter(pk=closing.tenant_id).first()
        if tenant is not None and not _emptied(closing, tenant):
            return
    _finish(closing)


@transaction.atomic
def _finish(closing: Closing) -> None:
    """Once, however many were at it: what the record says of it outlives everything else."""
    unfinished = Closing.objects.filter(pk=closing.pk, finished_at=None)
    if not unfinished.update(finished_at=timezone.now(), look_again_at=None):
        return
    closing.refresh_from_db()
    gone = Tenant(pk=closing.tenant_id, slug=closing.slug, name=closing.name)
    told = {
        "step": "done",
        "removed": closing.removed,
        "ended_at_google": closing.ended_at_google,
        "kept_for_others": closing.kept_for_others,
        "not_ended_at_google": closing.not_ended,
    }
    audit.record("client.closed", tenant=gone, who=closing.asked_by, details=told)
    logger.info("client %s is closed: nothing of it is left", closing.slug)


def _emptied(closing: Closing, tenant: Tenant) -> bool:
    """Whether the client is gone; False where a grant of its own has still to be ended at Google."""
    _count(closing, removal.remove_figures(tenant))
    _count(closing, removal.remove_views(tenant))
    if not google.end_grants(closing=closing, tenant=tenant):
        return False
    removal.forget_asides(tenant)
    with transaction.atomic():
        people.show_out(tenant)
        _count(closing, removal.remove_rest(tenant))
    return True


def _count(closing: Closing, gone: Counter[str]) -> None:
    """Adds to what the closing tells."""
    with transaction.atomic():
        row = Closing.objects.select_for_update().get(pk=closing.pk)
        row.removed = dict(Counter(row.removed) + gone)
        row.save(update_fields=["removed"])


def due() -> list[Closing]:
    """Closings that somebody should go on with."""
    return list(Closing.objects.filter(finished_at=None, look_again_at__lte=timezone.now()))
