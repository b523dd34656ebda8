"""On PostgreSQL, a composite foreign key: an arrival belongs to the tenant of its request."""

from django.db import migrations

ADD = """
ALTER TABLE provisioning_arrival ADD CONSTRAINT arrival_and_request_of_one_tenant
    FOREIGN KEY (tenant_id, request_id) REFERENCES provisioning_provisioningrequest (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = "ALTER TABLE provisioning_arrival DROP CONSTRAINT arrival_and_request_of_one_tenant;"


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """A constraint that Django cannot express."""

    dependencies = [("provisioning", "0008_arrivals")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
