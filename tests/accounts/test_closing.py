"""A client that leaves takes everything of its own along, and nothing of anybody else's."""

from accounts.models import Membership, Tenant, User
from accounts.tenancy import all_tenants
from dashboards.models import Dashboard, Snapshot, View
from provisioning.models import Credential
from tests.conftest import Cast


def test_deleting_a_client_with_a_credential_and_a_dashboard_of_its_own(cast: Cast):
    with all_tenants(reason="a test"):
        own = Credential.objects.create(tenant=cast.tenant, name="own", email="own@x.example")
        board = Dashboard.objects.create(tenant=cast.tenant, name="Own", slug="own")
        View.objects.create(
            tenant=cast.tenant, slug="own", name="Own", property_id="1", time_zone="UTC", currency="EUR",
            dashboard=board, tenant_credential=own,
        )  # fmt: skip
        Snapshot.objects.create(tenant=cast.tenant, view=cast.view, fingerprint="f")
        cast.tenant.delete()
        assert set(Tenant.objects.all()) == {cast.other}
        assert set(View.objects.all()) == {cast.other_view}
        assert Snapshot.objects.count() == 0
        assert list(Membership.objects.values_list("user", flat=True)) == [cast.charlie.pk]
        assert not Credential.objects.filter(pk=own.pk).exists()
        assert Credential.objects.filter(pk=cast.view.agency_credential_id).exists()
    assert User.objects.filter(pk=cast.alice.pk).exists()
