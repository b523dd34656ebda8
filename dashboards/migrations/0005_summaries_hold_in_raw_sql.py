"""On PostgreSQL, a summary and its view belong to one tenant, whatever raw SQL says; see 0002."""

from django.db import migrations

ADD = """
ALTER TABLE dashboards_summary ADD CONSTRAINT summary_and_view_of_one_tenant
    FOREIGN KEY (tenant_id, view_id) REFERENCES dashboards_view (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = "ALTER TABLE dashboards_summary DROP CONSTRAINT summary_and_view_of_one_tenant;"


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """A constraint that Django cannot express."""

    dependencies = [("dashboards", "0004_summaries")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
