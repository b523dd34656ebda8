"""Connects Google accounts for tests: a real consent at the stand-in, without the portal's pages."""

from __future__ import annotations

from accounts.models import Tenant, User
from accounts.tenancy import all_tenants
from google_api import scopes
from provisioning import grants, oauth_state
from provisioning.models import Consent, Credential
from tests.consenting import Visitor, parameters

READS = (scopes.ANALYTICS_READONLY, scopes.OPENID, scopes.EMAIL)


def connect(
    visitor: Visitor, email: str, tenant: Tenant | None = None, user: User | None = None
) -> Credential:
    """The grant of this Google account, new or renewed."""
    session: dict[str, str] = {}
    ask = oauth_state.Ask(purpose=Consent.Purpose.CONNECT, scopes=READS, tenant=tenant)
    with all_tenants(reason="a test's set-up"):
        address = oauth_state.begin(ask=ask, session=session, user=user)
        params = parameters(visitor.consent(address, email))
        consent = oauth_state.take(params=params, session=session, user=user)
        tokens, person = grants.exchange(consent=consent, code=params["code"])
        return grants.connect(tokens=tokens, person=person, tenant=tenant, user=user)
