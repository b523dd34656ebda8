"""A client whose view may be embedded, and a key of its server's."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.tenancy import all_tenants
from dashboards.embed import keys, tokens
from dashboards.embed.keys import Issued
from dashboards.models import View
from tests import factories
from tests.conftest import Cast
from tests.google import Google

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


@dataclass
class Page:
    """A page on the shop's site that asks as pages written for Google's library did."""

    client: Client
    token: str
    view: View
    google: Google

    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}", "origin": SHOP}

    def get(self, path: str = "/embed/query", **params: Any) -> Any:
        """The response to v3's parameters, written with _ for -."""
        asked = {"ids": f"ga:{self.view.embed_id}"} | {
            name.replace("_", "-"): value for name, value in params.items()
        }
        return self.client.get(path, asked, headers=self.headers())

    def body(self, **params: Any) -> Any:
        """What stands in it."""
        return self.get(**params).json()

    def post(self, *queries: dict[str, Any]) -> Any:
        """The response to queries that are sent together."""
        asked = [{"ids": f"ga:{self.view.embed_id}"} | query for query in queries]
        return self.client.post(
            "/embed/query", {"queries": asked}, content_type="application/json", headers=self.headers()
        )

    def refusal(self, **params: Any) -> tuple[int, str, str, str]:
        """Status, reason, location and message of a refusal."""
        response = self.get(**params)
        error = response.json()["error"]
        first = error["errors"][0]
        assert (error["code"], error["message"]) == (response.status_code, first["message"])
        return response.status_code, first["reason"], first.get("location", ""), first["message"]

    def calls(self) -> list[str]:
        """What Google was asked for so far."""
        return [each["path"].rpartition(":")[2] for each in self.google.requests("/v1beta/properties/")]


@pytest.fixture
def page(shop: Cast, token: str, google: Google) -> Page:
    """A page with a token for alice's view, which Google answers."""
    factories.store_key(shop.view.agency_credential, google.key("310000001"))
    return Page(Client(), token, shop.view, google)
