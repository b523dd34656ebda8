"""On PostgreSQL, a composite foreign key: only properties of the agency's own accounts are assigned."""

from django.db import migrations

ADD = """
ALTER TABLE provisioning_propertyassignment ADD COLUMN of_agency boolean GENERATED ALWAYS AS (true) STORED;
ALTER TABLE provisioning_propertyassignment ADD CONSTRAINT assignment_and_agency_credential
    FOREIGN KEY (credential_id, of_agency) REFERENCES provisioning_credential (id, is_agency)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE provisioning_propertyassignment DROP CONSTRAINT assignment_and_agency_credential;
ALTER TABLE provisioning_propertyassignment DROP COLUMN of_agency;
"""


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """A constraint that Django cannot express."""

    dependencies = [("provisioning", "0002_property_assignment")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
