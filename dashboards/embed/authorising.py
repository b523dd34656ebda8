"""Authorisation on the client's side: a signed-in person agrees in a window of the portal's, and the page
that opened it collects its token once, from its own site.

The page makes up a request id and keeps it. Nothing rests on the window knowing who opened it, which is gone
after one page that says `Cross-Origin-Opener-Policy`.
"""

from __future__ import annotations

import datetime
import logging
import re
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import access, audit
from accounts.models import Tenant, User
from accounts.tenancy import all_tenants, tenant_scope
from accounts.tokens import digest_of
from dashboards.access import views_of
from dashboards.embed import tokens
from dashboards.embed.errors import V3Error
from dashboards.embed.issuing import MOST_VIEWS
from dashboards.models import EmbedAgreement, View

logger = logging.getLogger(__name__)
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{22,128}")  # 128 random bits at least
COLLECT_WITHIN = datetime.timedelta(minutes=2)


@dataclass(frozen=True)
class Choice:
    """A client, and which of its views a person could let a site show."""

    tenant: Tenant
    views: list[View]


def choices(user: User, origin: str) -> list[Choice]:
    """What this person could let this site show, by client."""
    found = (Choice(tenant, _views(user, tenant, origin)) for tenant in access.tenants_of(user))
    return [choice for choice in found if choice.views]


@transaction.atomic
def agree(*, user: User, tenant: Tenant, origin: str, request_id: str) -> None:
    """Lets the page that made up `request_id` collect a token for the tenant's views that list its site."""
    _answer(user, tenant, origin, request_id, refused=False)
    audit.record("token.allowed", tenant=tenant, target=origin, who=user.email)
    logger.info("person %s lets %s show views of client %s", user.pk, origin, tenant.slug)


def refuse(*, user: User, tenant: Tenant, origin: str, request_id: str) -> None:
    """Tells that page that there will be no token."""
    _answer(user, tenant, origin, request_id, refused=True)


def collect(*, request_id: str, origin: str) -> tuple[str, int] | None:
    """The token and its seconds, once; None while nobody has answered, which is also what other sites hear.

    Raises V3Error, 403, after a refusal.
    """
    with all_tenants(reason="finding what a person agreed to in a window"):
        rows = EmbedAgreement.objects.select_related("user", "tenant").filter(
            digest=digest_of(request_id), origin=origin, expires_at__gt=timezone.now()
        )
        agreement = rows.first()
        if agreement is None or not rows.filter(pk=agreement.pk).delete()[0]:
            return None
    if agreement.refused:
        raise V3Error(403, "accessDenied", "The person did not agree.")
    return _token(agreement)


def prune() -> int:
    """Forgets what nobody collected; returns how many. Runs in a scope of all tenants."""
    gone, _ = EmbedAgreement.objects.filter(expires_at__lt=timezone.now()).delete()
    return gone


def _token(agreement: EmbedAgreement) -> tuple[str, int]:
    user, origin = agreement.user, agreement.origin
    with tenant_scope({agreement.tenant_id}):
        reachable = Tenant.objects.reachable_by(user).filter(pk=agreement.tenant_id).first()
        views = _views(user, reachable, origin) if reachable else []
    if not views:
        raise V3Error(403, "insufficientPermissions", "None of this person's views may be shown there.")
    return tokens.issue(user=user, views=views, origin=origin, ttl=tokens.LONGEST_SECONDS)


def _views(user: User, tenant: Tenant, origin: str) -> list[View]:
    with tenant_scope({tenant.pk}):
        if not access.is_open_to(user, tenant):
            return []
        rows = views_of(user, tenant).exclude(origins=[])
        return [view for view in rows if origin in view.origins][:MOST_VIEWS]


def _answer(user: User, tenant: Tenant, origin: str, request_id: str, *, refused: bool) -> None:
    digest, until = digest_of(request_id), timezone.now() + COLLECT_WITHIN
    with all_tenants(reason="finding what a person agreed to in a window"):
        EmbedAgreement.objects.filter(digest=digest).exclude(tenant=tenant).delete()  # changed their mind
        EmbedAgreement.objects.update_or_create(
            digest=digest,
            tenant=tenant,
            defaults={"user": user, "origin": origin, "refused": refused, "expires_at": until},
        )
