"""On PostgreSQL not even raw SQL points from one tenant's row to another's."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.tenancy import all_tenants
from dashboards.models import ShareLink, Snapshot
from provisioning.models import Credential
from tests.conftest import Cast

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no foreign keys over two columns here; the managers hold alone")


def refused(sql: str, *params: object) -> bool:
    """Whether the database refuses a statement, at the latest when its constraints are checked."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        return True
    return False


@pytest.fixture
def theirs(cast: Cast) -> Credential:
    """A credential of the other client's own."""
    with all_tenants(reason="a test's set-up"):
        return Credential.objects.create(tenant=cast.other, name="theirs", email="r@x.example")


POINT = "UPDATE dashboards_view SET {} = %s, {} = NULL WHERE id = %s"


def test_a_view_cannot_use_another_tenants_credential(cast: Cast, theirs):
    assert refused(POINT.format("tenant_credential_id", "agency_credential_id"), theirs.pk, cast.view.pk)


def test_a_tenants_credential_cannot_stand_in_the_agencys_column(cast: Cast, theirs):
    assert refused(POINT.format("agency_credential_id", "tenant_credential_id"), theirs.pk, cast.view.pk)


def test_a_view_can_use_its_own_tenants_credential(cast: Cast, theirs):
    sql = POINT.format("tenant_credential_id", "agency_credential_id")
    assert not refused(sql, theirs.pk, cast.other_view.pk)


def test_a_view_cannot_move_with_its_snapshots_to_another_tenant(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        Snapshot.objects.create(tenant=cast.tenant, view=cast.view, fingerprint="f")
    assert refused(
        "UPDATE dashboards_view SET tenant_id = %s, slug = 'x' WHERE id = %s", cast.other.pk, cast.view.pk
    )


def test_a_snapshot_cannot_show_another_tenants_view(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        row = Snapshot.objects.create(tenant=cast.tenant, view=cast.view, fingerprint="f")
    assert refused("UPDATE dashboards_snapshot SET view_id = %s WHERE id = %s", cast.other_view.pk, row.pk)


def test_a_summary_cannot_show_another_tenants_view(cast: Cast):
    sql = "UPDATE dashboards_summary SET tenant_id = %s WHERE view_id = %s"
    assert refused(sql, cast.other.pk, cast.view.pk)


def test_a_link_to_share_cannot_open_another_tenants_view(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        row = ShareLink.objects.create(tenant=cast.tenant, view=cast.view, digest="d")
    assert refused("UPDATE dashboards_sharelink SET view_id = %s WHERE id = %s", cast.other_view.pk, row.pk)


def test_an_agencys_credential_that_serves_views_cannot_become_a_tenants(cast: Cast):
    sql = "UPDATE provisioning_credential SET tenant_id = %s WHERE id = %s"
    assert refused(sql, cast.other.pk, cast.view.agency_credential_id)
