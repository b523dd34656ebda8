"""On PostgreSQL, composite foreign keys: a consent leads to no other tenant's credential, nor does an arrival
to another's consent.

Credentials, what they reach and consents may be the agency's, and a foreign key lets a NULL through: `owner`
says whose a row is without one, nil for the agency.
"""

from django.db import migrations

OWNER = """ADD COLUMN owner uuid
    GENERATED ALWAYS AS (COALESCE(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED"""
OWNERS_CREDENTIAL = """FOREIGN KEY (owner, credential_id) REFERENCES provisioning_credential (owner, id)
    DEFERRABLE INITIALLY DEFERRED"""
ADD = f"""
ALTER TABLE provisioning_credential {OWNER}, ADD CONSTRAINT credential_of_owner UNIQUE (owner, id);
ALTER TABLE provisioning_reachableproperty {OWNER},
    ADD CONSTRAINT property_and_credential_of_one_owner {OWNERS_CREDENTIAL};
ALTER TABLE provisioning_consent {OWNER},
    ADD CONSTRAINT consent_and_credential_of_one_owner {OWNERS_CREDENTIAL},
    ADD CONSTRAINT consent_for_a_request_is_its_tenants CHECK (request_id IS NULL OR tenant_id IS NOT NULL),
    ADD CONSTRAINT consent_of_tenant UNIQUE (tenant_id, id);
ALTER TABLE provisioning_arrival ADD CONSTRAINT arrival_and_consent_of_one_tenant
    FOREIGN KEY (tenant_id, consent_id) REFERENCES provisioning_consent (tenant_id, id)
    DEFERRABLE INITIALLY DEFERRED;
"""
DROP = """
ALTER TABLE provisioning_arrival DROP CONSTRAINT arrival_and_consent_of_one_tenant;
ALTER TABLE provisioning_consent DROP CONSTRAINT consent_of_tenant,
    DROP CONSTRAINT consent_for_a_request_is_its_tenants, DROP COLUMN owner CASCADE;
ALTER TABLE provisioning_reachableproperty DROP COLUMN owner CASCADE;
ALTER TABLE provisioning_credential DROP COLUMN owner CASCADE;
"""


def on_postgresql(sql):
    """A step that runs `sql` on PostgreSQL and does nothing elsewhere."""

    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    """Constraints that Django cannot express."""

    dependencies = [("provisioning", "0011_key_marks")]
    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
