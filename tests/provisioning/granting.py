"""Google accounts that somebody connected, without Google."""

from __future__ import annotations

from datetime import UTC, datetime

from accounts.models import Tenant, User
from accounts.tenancy import all_tenants
from google_api import scopes
from google_api.identity import Identity
from google_api.oauth import Tokens
from provisioning import grants
from provisioning.models import Credential

NOW = datetime.now(UTC)
WHO = {scopes.OPENID, scopes.EMAIL}


def granted(
    email: str,
    tenant: Tenant | None = None,
    *,
    subject: str = "",
    user: User | None = None,
    ends: datetime | None = None,
    may: tuple[str, ...] = (scopes.ANALYTICS_READONLY,),
) -> Credential:
    """The grant of this Google account; `tenant=None` makes it the agency's. Nobody knows its tokens."""
    tokens = Tokens(
        access_token=f"ya29.marked-access-{email}",
        access_token_expires_at=NOW.replace(year=NOW.year + 1, day=1),
        refresh_token=f"1//marked-refresh-{email}",
        refresh_token_expires_at=ends,
        scopes=frozenset(may) | WHO,
        id_token="",
    )
    person = Identity(
        subject=subject or f"sub-{email}", email=email, email_verified=True, name="", hosted_domain=""
    )
    with all_tenants(reason="a test's set-up"):
        return grants.keep(tokens=tokens, person=person, tenant=tenant, user=user)
