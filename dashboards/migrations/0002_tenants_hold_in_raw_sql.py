"""On PostgreSQL, composite foreign keys: not even raw SQL points from one tenant's row to another's.

A view's two columns for its credential are held apart here as well: the tenant's must be of the same
tenant, the agency's must be a credential without one.
"""

from django.db import migrations

ADD = """
ALTER TABLE provisioning_reachableproperty ADD CONSTRAINT property_and_credential_of_one_tenant
    FOREIGN KEY (tenant_id, credential_id) REFERENCES provisioning_credential (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE dashboards_view ADD CONSTRAINT view_and_credential_of_one_tenant
    FOREIGN KEY (tenant_id, tenant_credential_id) REFERENCES provisioning_credential (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE dashboards_view ADD COLUMN of_agency boolean GENERATED ALWAYS AS (true) STORED;
ALTER TABLE dashboards_view ADD CONSTRAINT view_and_agency_credential
    FOREIGN KEY (agency_credential_id, of_agency) REFERENCES provisioning_credential (id, is_agency)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE dashboards_snapshot ADD CONSTRAINT snapshot_and_view_of_one_tenant
    FOREIGN KEY (tenant_id, view_id) REFERENCES dashboards_view (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE dashboards_snapshot DROP CONSTRAINT snapshot_and_view_of_one_tenant;
ALTER TABLE dashboards_view DROP CONSTRAINT view_and_agency_credential;
ALTER TABLE dashboards_view DROP COLUMN of_agency;
ALTER TABLE dashboards_view DROP CONSTRAINT view_and_credential_of_one_tenant;
ALTER TABLE provisioning_reachableproperty DROP CONSTRAINT property_and_credential_of_one_tenant;
"""


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """Constraints that Django cannot express."""

    dependencies = [("dashboards", "0001_initial")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
