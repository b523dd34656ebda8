"""On PostgreSQL not even raw SQL makes a link open another tenant's invitation."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories
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


def test_a_link_leads_to_an_invitation_of_its_own_tenant(cast: Cast):
    mine = factories.invited("nora@acme.example", cast.tenant)
    also = factories.invited("otto@acme.example", cast.tenant)
    theirs = factories.invited("rita@rival.example", cast.other)
    point = "UPDATE accounts_invitationlink SET invitation_id = %s WHERE digest = %s"
    assert refused(point, theirs.invitation.pk, mine.token.digest)
    assert not refused(point, also.invitation.pk, mine.token.digest)
