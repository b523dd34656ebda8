"""What happens to credentials and requests stands in the record, without their secrets."""

from accounts.models import AuditEntry
from google_api.errors import GrantEnded
from provisioning import credentials, flows, grants
from provisioning.models import ProvisioningRequest
from provisioning.requests import record
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.granting import granted

LENA, ALICE = "lena@harbour-books.example", "alice@acme.example"


def written(area: str) -> list[tuple]:
    """All of one area, in order: what, who, of which client, whom it concerned."""
    rows = AuditEntry.written.filter(area=area).order_by("id")
    return list(rows.values_list("kind", "who", "tenant_slug", "target"))


def all_of_it() -> str:
    return repr(list(AuditEntry.written.values()))


def test_a_service_accounts_key_stored_and_replaced(cast: Cast, google: Google, everything):
    key = google.key("310000001")
    own = [flows.add_service_account(key=key, tenant=cast.tenant) for _ in range(2)][0]
    flows.replace_key(credential=own, key=key)
    kinds = ("key.stored", "key.replaced", "key.replaced")
    assert written("key") == [(kind, "", "acme", key.email) for kind in kinds]
    secrets = (key.private_key[40:80], key.private_key_id)
    assert [part for part in secrets if part in all_of_it()] == []


def test_a_google_accounts_way(cast: Cast, google: Google, everything):
    granted(LENA, cast.tenant, user=cast.alice)
    grant = granted(LENA, cast.tenant, user=cast.alice)
    credentials._end(grant, GrantEnded("invalid_grant"))
    credentials._end(grant, GrantEnded("invalid_grant"))
    grant.refresh_from_db()
    grants.disconnect(grant=grant)
    assert written("google") == [
        ("google.connected", ALICE, "acme", LENA),
        ("google.renewed", ALICE, "acme", LENA),
        ("google.ended", "", "acme", LENA),
        ("google.disconnected", "", "acme", LENA),
    ]
    assert "marked" not in all_of_it()


def test_each_step_of_a_request_and_why_it_stopped(cast: Cast, everything):
    request = factories.RequestFactory(tenant=cast.tenant, user=cast.alice, email="nora@acme.example")
    state = ProvisioningRequest.State
    record.done(request, state.DETAILS, who=ALICE)
    record.ended(request, state.DENIED, "access_denied", detail="code=4/0AMARKEDmarked")
    record.noted(request, "opened")
    rows = AuditEntry.written.filter(area="setup").order_by("id")
    assert [(each.kind, each.who, each.target, each.details["reason"]) for each in rows] == [
        ("setup.step", ALICE, "nora@acme.example: details", ""),
        ("setup.stopped", "", "nora@acme.example: denied", "access_denied"),
        ("setup.noted", "", "nora@acme.example: denied", "opened"),
    ]
    assert {each.on_behalf_of for each in rows} == {"nora@acme.example"}
    assert "MARKED" not in all_of_it()
