"""On PostgreSQL, no widget and no view leads to another tenant's dashboard, no view to another's member; see 0002.

A dashboard may be the agency's, and a foreign key lets a NULL through: `owner` says whose it is without one,
nil for the agency. A view tells whose dashboard it opens in a column of its own, which the foreign key holds to
the truth and a check to its tenant or the agency; a trigger fills it, so that nobody has to know. The tables
between views and what they name have no tenant; they get one in the same way.
"""

from django.db import migrations

NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"
OWNER = f"ADD COLUMN owner uuid GENERATED ALWAYS AS (COALESCE(tenant_id, {NOBODY})) STORED"
DEFERRED = "DEFERRABLE INITIALLY DEFERRED"
OF_VIEW = f"FOREIGN KEY (tenant_id, view_id) REFERENCES dashboards_view (tenant_id, id) {DEFERRED}"
OF_BOARD = f"""
    FOREIGN KEY (dashboard_owner, dashboard_id) REFERENCES dashboards_dashboard (owner, id) {DEFERRED}"""
OWN_OR_SHARED = f"CHECK (dashboard_owner IN (tenant_id, {NOBODY}))"
WHOSE_BOARD = "NEW.dashboard_owner := (SELECT owner FROM dashboards_dashboard WHERE id = NEW.dashboard_id);"
WHOSE_VIEW = "NEW.tenant_id := (SELECT tenant_id FROM dashboards_view WHERE id = NEW.view_id);"


def filling(name, table, columns, statements):
    """SQL of a trigger `name` that runs `statements` before a row with other `columns` is written."""
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statements} RETURN NEW; END $$;
CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""


ADD = f"""
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE dashboards_dashboard {OWNER}, ADD CONSTRAINT dashboard_of_owner UNIQUE (owner, id);
ALTER TABLE dashboards_widget {OWNER}, ADD CONSTRAINT widget_and_dashboard_of_one_owner
    FOREIGN KEY (owner, dashboard_id) REFERENCES dashboards_dashboard (owner, id) {DEFERRED};

ALTER TABLE dashboards_view ADD COLUMN dashboard_owner uuid;
UPDATE dashboards_view SET dashboard_owner = board.owner
    FROM dashboards_dashboard AS board WHERE board.id = dashboard_id;
{filling("view_tells_whose_dashboard", "dashboards_view", "dashboard_id", WHOSE_BOARD)}
ALTER TABLE dashboards_view ALTER COLUMN dashboard_owner SET NOT NULL,
    ADD CONSTRAINT view_opens_own_or_shared_dashboard {OWN_OR_SHARED},
    ADD CONSTRAINT view_tells_its_dashboards_owner {OF_BOARD};

ALTER TABLE dashboards_view_more_dashboards ADD COLUMN tenant_id uuid, ADD COLUMN dashboard_owner uuid;
UPDATE dashboards_view_more_dashboards AS pair SET tenant_id = view.tenant_id, dashboard_owner = board.owner
    FROM dashboards_view AS view, dashboards_dashboard AS board
    WHERE view.id = pair.view_id AND board.id = pair.dashboard_id;
{
    filling(
        "offer_tells_whose_it_is",
        "dashboards_view_more_dashboards",
        "view_id, dashboard_id",
        WHOSE_VIEW + WHOSE_BOARD,
    )
}
ALTER TABLE dashboards_view_more_dashboards
    ALTER COLUMN tenant_id SET NOT NULL, ALTER COLUMN dashboard_owner SET NOT NULL,
    ADD CONSTRAINT view_offers_own_or_shared_dashboards {OWN_OR_SHARED},
    ADD CONSTRAINT offer_tells_its_dashboards_owner {OF_BOARD},
    ADD CONSTRAINT offer_tells_its_views_tenant {OF_VIEW};

ALTER TABLE dashboards_view_shown_to ADD COLUMN tenant_id uuid;
UPDATE dashboards_view_shown_to SET tenant_id = view.tenant_id
    FROM dashboards_view AS view WHERE view.id = view_id;
{filling("showing_tells_whose_it_is", "dashboards_view_shown_to", "view_id", WHOSE_VIEW)}
ALTER TABLE dashboards_view_shown_to ALTER COLUMN tenant_id SET NOT NULL,
    ADD CONSTRAINT showing_tells_its_views_tenant {OF_VIEW},
    ADD CONSTRAINT view_is_shown_to_its_tenants_members
        FOREIGN KEY (tenant_id, membership_id) REFERENCES accounts_membership (tenant_id, id) {DEFERRED};
"""  # noqa: S608  # of constants
DROP = """
SET CONSTRAINTS ALL IMMEDIATE;
DROP FUNCTION showing_tells_whose_it_is CASCADE;
DROP FUNCTION offer_tells_whose_it_is CASCADE;
DROP FUNCTION view_tells_whose_dashboard CASCADE;
ALTER TABLE dashboards_view_shown_to DROP COLUMN tenant_id CASCADE;
ALTER TABLE dashboards_view_more_dashboards DROP COLUMN tenant_id CASCADE, DROP COLUMN dashboard_owner CASCADE;
ALTER TABLE dashboards_view DROP COLUMN dashboard_owner CASCADE;
ALTER TABLE dashboards_widget DROP COLUMN owner CASCADE;
ALTER TABLE dashboards_dashboard DROP COLUMN owner CASCADE;
"""


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """Constraints that Django cannot express."""

    dependencies = [("dashboards", "0016_agreements_may_be_refusals")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
