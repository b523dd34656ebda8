"""On PostgreSQL, a link to share and its view belong to one tenant, whatever raw SQL says; see 0002."""

from django.db import migrations

ADD = """
ALTER TABLE dashboards_sharelink ADD CONSTRAINT sharelink_and_view_of_one_tenant
    FOREIGN KEY (tenant_id, view_id) REFERENCES dashboards_view (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = "ALTER TABLE dashboards_sharelink DROP CONSTRAINT sharelink_and_view_of_one_tenant;"


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """A constraint that Django cannot express."""

    dependencies = [("dashboards", "0014_each_view_has_a_number")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
