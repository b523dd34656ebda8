"""On PostgreSQL nothing of a client's leads to another client, whatever SQL is sent."""

import pytest
from django.db import IntegrityError, connection, models

from dashboards.models import Dashboard, View
from provisioning.models import Consent
from tests.walk.conftest import Walk, untouched
from tests.walk.world import owned_models

pytestmark = pytest.mark.postgres

REFUSED = {"ForeignKeyViolation", "CheckViolation", "NotNullViolation"}


@pytest.fixture(autouse=True)
def _on_postgresql(walk: Walk) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no foreign keys over two columns here; the managers hold alone")
    run("SET CONSTRAINTS ALL IMMEDIATE")


def keys_between_clients() -> list[models.ForeignKey]:
    """Every foreign key of ours from a row that may be a client's to another such row."""
    owned = owned_models()
    return [
        each
        for model in owned
        for each in model._meta.concrete_fields
        if isinstance(each, models.ForeignKey) and each.related_model._meta.concrete_model in owned
    ]


def tables_between_clients() -> list[models.ManyToManyField]:
    """Every table of pairs of ours that has a client's row on both sides."""
    owned = owned_models()
    return [
        each
        for model in owned
        for each in model._meta.local_many_to_many
        if each.related_model._meta.concrete_model in owned
    ]


def run(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def refusal(sql: str, *params: object, room: str = "") -> str:
    """Why the database refuses a statement: the name of the error's class; empty when it does not. Nothing
    of it stays. `room` is run before, without its constraints.
    """
    try:
        with untouched():
            run("SET CONSTRAINTS ALL DEFERRED")
            if room:
                run(room, params[0])
            run(sql, *params)
            run("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        return type(error.__cause__).__name__
    return ""


def pointing(walk: Walk, key: models.ForeignKey, *, tenant: str) -> str:
    """What the database says when a row points at another client's, and its own tenant is set to that."""
    table, column = key.model._meta.db_table, key.column
    row, target = walk.mine.row(key.model), walk.theirs.row(key.related_model._meta.concrete_model)
    room = f"DELETE FROM {table} WHERE {column} = %s" if key.unique else ""  # one pointer to each
    point = f"UPDATE {table} SET {column} = %s, tenant_id = {tenant} WHERE id = %s"
    return refusal(point, target.pk, row.pk, room=room)


def test_no_foreign_key_leads_to_another_client(walk: Walk):
    led = {str(key): pointing(walk, key, tenant="tenant_id") for key in keys_between_clients()}
    assert len(led) > 15
    assert {key: why for key, why in led.items() if why not in REFUSED} == {}


def test_none_does_for_a_row_that_is_made_the_agencys(walk: Walk):
    led = {str(key): pointing(walk, key, tenant="NULL") for key in keys_between_clients()}
    assert {key: why for key, why in led.items() if why not in REFUSED} == {}


def test_no_row_moves_to_another_client_and_leaves_behind_what_it_points_at(walk: Walk):
    moved = {}
    for key in keys_between_clients():
        row = walk.mine.row(key.model)
        target = getattr(row, key.name)
        if target is not None and target.tenant_id is not None:  # the agency's serve every client
            move = f"UPDATE {key.model._meta.db_table} SET tenant_id = %s WHERE id = %s"
            moved[str(key)] = refusal(move, walk.theirs.tenant.pk, row.pk)
    assert len(moved) > 10
    assert {key: why for key, why in moved.items() if why not in REFUSED} == {}


@pytest.mark.parametrize("pairs", tables_between_clients(), ids=str)
def test_no_pair_has_rows_of_two_clients(pairs, walk: Walk):
    one, other = pairs.model, pairs.related_model
    table = pairs.remote_field.through._meta.db_table
    insert = f"INSERT INTO {table} ({pairs.m2m_column_name()}, {pairs.m2m_reverse_name()}) VALUES (%s, %s)"
    assert refusal(insert, walk.mine.row(one).pk, walk.mine.row(other).pk) == ""
    assert refusal(insert, walk.mine.row(one).pk, walk.theirs.row(other).pk) in REFUSED
    assert refusal(insert, walk.theirs.row(one).pk, walk.mine.row(other).pk) in REFUSED


def test_a_shared_dashboard_may_be_opened_by_every_client_and_offered_by_it(walk: Walk):
    view = walk.mine.row(View).pk
    shared = Dashboard._base_manager.filter(tenant=None).values_list("pk", flat=True)[0]
    assert refusal("UPDATE dashboards_view SET dashboard_id = %s WHERE id = %s", shared, view) == ""
    offer = "INSERT INTO dashboards_view_more_dashboards (view_id, dashboard_id) VALUES (%s, %s)"
    assert refusal(offer, view, shared) == ""


def test_what_a_view_says_of_its_dashboards_owner_cannot_be_made_up(walk: Walk):
    view, board = walk.mine.row(View).pk, walk.theirs.row(Dashboard).pk
    own = walk.mine.tenant.pk
    point = "UPDATE dashboards_view SET dashboard_id = %s, dashboard_owner = %s WHERE id = %s"
    assert refusal(point, board, own, view) == "CheckViolation"  # the trigger told the truth
    run("ALTER TABLE dashboards_view DISABLE TRIGGER view_tells_whose_dashboard")
    assert refusal(point, board, own, view) == "ForeignKeyViolation"


def test_an_agencys_consent_is_for_no_clients_request(walk: Walk):
    consent = walk.mine.row(Consent).pk
    alone = "DELETE FROM provisioning_arrival WHERE consent_id = %s"
    given = "UPDATE provisioning_consent SET credential_id = NULL, tenant_id = NULL WHERE id = %s"
    assert refusal(given, consent, room=alone) == "CheckViolation"
