"""Operations of tokens, and of pages on other sites."""

from __future__ import annotations

import json
from typing import Any

from accounts.models import AuditEntry, Membership, Tenant, User
from accounts.tenancy import all_tenants
from bench.drill.operation import Operation
from bench.drill.person import Person, Seen
from bench.drill.place import OWN_PROPERTY, OWNER, Place
from bench.drill.reading import NUMBERS
from bench.harness import fresh_period
from dashboards.embed import keys
from dashboards.models import Dashboard, Snapshot, View
from google_api.service_accounts import parse_json
from provisioning import flows

SHOP = "https://shop.example"


class HandOut(Operation):
    """Google's own token, which is minted for this one time."""

    name = "access token minting"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        owner = User.objects.get(email=OWNER)
        with all_tenants(reason="the drill's set-up"):
            tenant = Tenant.objects.create(slug="marlow", name="Marlow Cycles")
            Membership.objects.create(user=owner, tenant=tenant, role="owner")
            key = parse_json((place.made.folder / "own.json").read_bytes())
            own = flows.add_service_account(key=key, name="Own", tenant=tenant)
            View.objects.create(
                tenant=tenant,
                slug="shop",
                name="Shop",
                property_id=OWN_PROPERTY,
                tenant_credential=own,
                time_zone="Europe/Rome",
                currency="EUR",
                dashboard=Dashboard.objects.get(slug="overview", tenant=None),
            )
        self.person = Person(self.url, owner)

    def prepare(self) -> None:
        """Notes what the record holds."""
        self.given = 0
        self.noted = _handed_out()

    def act(self) -> Seen:
        seen = self.person.sees("POST", "/clients/marlow/views/shop/access-token")
        self.given += seen.status == "200"
        return Seen(seen.status, "a token") if seen.status == "200" else seen

    def heals(self) -> bool:
        return self.act().status == "200"

    def lost(self) -> str:
        """A token that is not in the record. One that was cut off on its way may be in it."""
        return "" if _handed_out() - self.noted >= self.given else "an entry of the record"


def _handed_out() -> int:
    return AuditEntry.objects.filter(kind="token.given").count()


class Embedding(Operation):
    """A client's server and its pages."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        with all_tenants(reason="the drill's set-up"):
            View.objects.filter(slug="embed").update(origins=[SHOP])
            view = View.objects.get(slug="embed")
            self.number = view.embed_id
            self.key = keys.make(tenant=view.tenant, name=self.name, made_by="drill").token.value
        self.server = Person(self.url)

    def asks_for_token(self) -> Any:
        """The answer to the client's server."""
        wanted = json.dumps({"view": "embed", "origin": SHOP})
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        return {"data": wanted, "headers": headers}


class EmbedToken(Embedding):
    """What a client's server asks for when a visitor comes."""

    name = "embed token"
    asks_google = False

    def act(self) -> Seen:
        seen = self.server.sees("POST", "/embed/token", **self.asks_for_token())
        return Seen(seen.status, "a token") if seen.status == "200" else seen

    def heals(self) -> bool:
        return self.act().status == "200"


class EmbedQuery(Embedding):
    """A page's question that nobody has asked before."""

    name = "embed query"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        wanted = self.asks_for_token()
        answer = self.server.post("/embed/token", wanted["data"], headers=wanted["headers"])
        self.token = answer.json()["access_token"]

    def prepare(self) -> None:
        """Other dates than before."""
        first, last = (each.partition("=")[2] for each in fresh_period(next(NUMBERS)).split("&"))
        self.query = (
            f"/embed/query?ids=ga:{self.number}&metrics=ga:sessions&dimensions=ga:date"
            f"&start-date={first}&end-date={last}"
        )

    def act(self) -> Seen:
        headers = {"Authorization": f"Bearer {self.token}", "Origin": SHOP}
        seen = self.server.sees("GET", self.query, headers=headers)
        return Seen(seen.status, "figures") if seen.status == "200" else seen

    def heals(self) -> bool:
        return self.act().status == "200"

    def lost(self) -> str:
        with all_tenants(reason="the drill looks"):
            rows = Snapshot.objects.filter(view__slug="embed").values_list("fingerprint", flat=True)
            return "" if len(rows) == len(set(rows)) else "a question was kept twice"
