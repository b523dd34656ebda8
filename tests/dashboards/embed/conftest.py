"""A client whose view may be embedded, and a key of its server's."""

import pytest

from accounts.tenancy import all_tenants
from dashboards.embed import keys, tokens
from dashboards.embed.keys import Issued
from tests.conftest import Cast

SHOP = "https://shop.example"


@pytest.fixture
def shop(cast: Cast) -> Cast:
    """The cast; both clients' views list the same site."""
    with all_tenants(reason="a test's set-up"):
        for view in (cast.view, cast.other_view):
            view.origins = [SHOP]
            view.save(update_fields=["origins"])
    return cast


@pytest.fixture
def issued(shop: Cast) -> Issued:
    """A key of alice's client."""
    with all_tenants(reason="a test's set-up"):
        return keys.make(tenant=shop.tenant, name="Shop", made_by="alice@acme.example")


@pytest.fixture
def token(shop: Cast, issued: Issued) -> str:
    """A token of that key's, for alice's view on the shop's site."""
    return tokens.issue(key=issued.key, views=[shop.view], origin=SHOP, ttl=600)[0]
