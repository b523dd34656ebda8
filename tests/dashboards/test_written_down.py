"""What happens around views stands in the record, and no token or key of it does."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import AuditEntry
from accounts.tenancy import all_tenants, tenant_scope
from dashboards.bulk import loading, table
from dashboards.embed import authorising, keys, revoking, sharing, tickets
from dashboards.models import View, Widget
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.google import Google

BY = "alice@acme.example"


def written(area: str) -> list[tuple]:
    """All of one area, in order: what, who, of which client, whom it concerned."""
    rows = AuditEntry.written.filter(area=area).order_by("id")
    return list(rows.values_list("kind", "who", "tenant_slug", "target"))


def everything() -> str:
    return repr(list(AuditEntry.written.values()))


def test_embed_keys_made_and_ended_once(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        issued = keys.make(tenant=cast.tenant, name="Shop", made_by=BY)
        for _ in range(2):
            keys.revoke(key=issued.key, by=BY)
    name = f"Shop ({issued.key.prefix}…)"
    assert written("key") == [("key.made", BY, "acme", name), ("key.ended", BY, "acme", name)]
    assert issued.token.value not in everything()


def test_links_to_share_made_and_ended_once(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        issued = sharing.make(view=cast.view, made_by=BY, name="Board", password="MARKED word")
        for _ in range(2):
            sharing.revoke(link=issued.link, by=BY)
    assert written("share") == [("share.made", BY, "acme", "Board"), ("share.ended", BY, "acme", "Board")]
    assert [secret for secret in (issued.token.value, "MARKED") if secret in everything()] == []


def test_tokens_ended_and_sites_allowed(cast: Cast):
    with all_tenants(reason="a test"):
        revoking.end_tokens_of_view(view=cast.view, by=BY)
        revoking.end_tokens_of_tenant(tenant=cast.tenant, by=BY)
        revoking.end_all_tokens(by="olivia@northlight.example")
    site = "https://shop.example"
    authorising.agree(user=cast.alice, tenant=cast.tenant, origin=site, request_id="r" * 30)
    assert written("token") == [
        ("token.ended", BY, "acme", "Whole site"),
        ("token.ended", BY, "acme", "Acme"),
        ("token.ended", "olivia@northlight.example", "", ""),
        ("token.allowed", BY, "acme", site),
    ]


@pytest.fixture
def alice(cast: Cast, google: Google) -> Client:
    tickets.forget()
    cache.clear()
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    client = Client()
    client.force_login(cast.alice)
    return client


def test_an_exported_table(cast: Cast, alice: Client):
    with all_tenants(reason="a test"):
        widget = Widget.objects.filter(dashboard=cast.view.dashboard, kind="table").first()
    address = f"/clients/acme/views/site/widgets/{widget.pk}.csv"
    refused = alice.get(f"{address}?period=nonsense").status_code
    taken = alice.get(f"{address}?period=7d").status_code
    assert (refused, taken) == (400, 200)
    assert written("export") == [("export.table", BY, "acme", "Whole site")]
    assert AuditEntry.written.get(area="export").details["table"] == widget.title


def test_googles_token_given_out(cast: Cast, alice: Client, google: Google):
    own = factories.CredentialFactory(tenant=cast.tenant)
    with all_tenants(reason="a test"):
        Credential.objects.filter(pk=own.pk).update(email="")
        factories.store_key(own, google.key("310000001", email="acmes-own@demo.iam.gserviceaccount.com"))
        View.objects.filter(pk=cast.other_view.pk).update(property_id="310000002")
        View.objects.filter(pk=cast.view.pk).update(agency_credential=None, tenant_credential=own)
    token = alice.post("/clients/acme/views/site/access-token").json()["access_token"]
    assert written("token") == [("token.given", BY, "acme", "view Whole site")]
    assert token not in everything()


def test_googles_token_refused(cast: Cast, alice: Client):
    answer = alice.post("/clients/acme/views/site/access-token")
    assert answer.status_code == 403
    assert written("token") == [("token.refused", BY, "acme", "view Whole site")]
    assert AuditEntry.written.get(area="token").details == {"reason": "agencyCredential"}


def test_what_a_table_made_and_changed(db, google: Google):
    robot = factories.store_key(factories.CredentialFactory(), google.key("310000001"))
    header = "tenant,tenant_name,view,view_name,property,service_account,filter"

    def load(*lines: str) -> None:
        with all_tenants(reason="a test loads a table"):
            loading.load(table.read("\n".join([header, *lines]).encode()))

    load(f"nino,Nino,site,Whole site,310000001,{robot.email},")
    load(f"nino,Nino,site,Whole site,310000001,{robot.email},")
    load(f"nino,Da Nino,site,Whole site,310000001,{robot.email},country==Italy")
    assert written("admin") == [
        ("admin.added", "", "nino", "client Nino"),
        ("admin.added", "", "nino", "view Whole site"),
        ("admin.changed", "", "nino", "client Da Nino"),
        ("admin.changed", "", "nino", "view Whole site"),
    ]
    last = AuditEntry.written.filter(area="admin").order_by("id").last()
    assert last is not None
    assert last.details == {"change": "from a table", "fields": "filter"}
