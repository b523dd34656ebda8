"""On PostgreSQL, a composite foreign key: not even raw SQL makes a link open another tenant's invitation."""

from django.db import migrations

ADD = """
ALTER TABLE accounts_invitationlink ADD CONSTRAINT link_and_invitation_of_one_tenant
    FOREIGN KEY (tenant_id, invitation_id) REFERENCES accounts_invitation (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = "ALTER TABLE accounts_invitationlink DROP CONSTRAINT link_and_invitation_of_one_tenant;"


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """A constraint that Django cannot express."""

    dependencies = [("accounts", "0002_invitations_pause_and_look")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
