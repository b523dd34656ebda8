"""Links to share: made, shown once, opened by whoever has one, revoked."""

from __future__ import annotations

import datetime
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit, tracing
from accounts.tenancy import all_tenants
from accounts.tokens import Token, digest_of, new_token
from dashboards.asides import aside
from dashboards.models import ShareLink, View

logger = logging.getLogger(__name__)
UNLOCKED_FOR = datetime.timedelta(hours=12)
_SALT = "belvedere.share.unlocked"


@dataclass(frozen=True)
class Issued:
    """A link at the moment it is made; `token.value` is shown once."""

    link: ShareLink
    token: Token


@transaction.atomic
def make(
    *,
    view: View,
    made_by: str,
    name: str = "",
    password: str = "",
    period: str = "",
    widgets: Sequence[str] = (),
    expires_at: datetime.datetime | None = None,
) -> Issued:
    """A new link to this view. `period` is a named one's key or two dates with "/" between them; empty lets
    whoever opens it choose. `widgets` are the names of what it shows, as choosing.py has them; without any,
    everything. Without `expires_at` it is good until it is revoked.
    """
    token = new_token()
    link = ShareLink.objects.create(
        tenant_id=view.tenant_id,
        view=view,
        name=name,
        prefix=token.prefix,
        digest=token.digest,
        password=make_password(password) if password else "",
        period=period,
        widgets=list(widgets),
        expires_at=expires_at,
        made_by=made_by,
    )
    facts = {"view": view.name, "has_password": bool(password), "ends": expires_at, "period": period}
    facts["shows"] = len(widgets) or "everything"
    audit.record("share.made", tenant=view.tenant, target=f"{link}", who=made_by, details=facts)
    logger.info("link %s to view %s made by %s", link.prefix, view.pk, made_by)
    return Issued(link, token)


@transaction.atomic
def revoke(*, link: ShareLink, by: str) -> bool:
    """Ends the link at once, also for who has it open; says whether that had not been done already."""
    done: int = ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    if done:
        audit.record("share.ended", tenant=link.tenant, target=f"{link}", who=by)
        logger.info("link %s revoked by %s", link.prefix, by)
    return bool(done)


def find(secret: str) -> ShareLink | None:
    """The link that somebody opened, with its view and tenant; None unless it leads anywhere."""
    whole = ("view__tenant", "view__dashboard", "view__agency_credential", "view__tenant_credential")
    with all_tenants(reason="finding the link to share that somebody opened"):
        links = ShareLink.objects.select_related("tenant", "view__summary", *whole)
        link: ShareLink | None = links.filter(digest=digest_of(secret)).first()
    if link is None:
        return None
    tracing.is_about(link.tenant.slug)
    return link if link.is_open and not link.view.tenant.is_paused else None


def note_opened(*, link: ShareLink) -> None:
    """Counts one opening."""
    with aside():
        ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_at=timezone.now())


# ---- passwords: who has typed it carries a signed note, as strangers have no session


def fits(link: ShareLink, password: str) -> bool:
    """Whether this is the link's password; slow, as it should be."""
    return check_password(password, link.password)


def note_for(link: ShareLink) -> str:
    """What a browser that knew the password shows from then on; it ends by itself, and with the password."""
    return signing.dumps(_unlocked(link), salt=_SALT)


def is_unlocked(link: ShareLink, note: str) -> bool:
    """Whether the link needs no password, or `note` says that it was typed."""
    if not link.password:
        return True
    try:
        return bool(signing.loads(note, salt=_SALT, max_age=UNLOCKED_FOR) == _unlocked(link))
    except signing.BadSignature:
        return False


def _unlocked(link: ShareLink) -> list[str]:
    return [link.pk.hex, hashlib.sha256(link.password.encode()).hexdigest()]
