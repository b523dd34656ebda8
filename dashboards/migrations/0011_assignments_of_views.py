"""What the agency's accounts showed clients before properties were assigned to clients is assigned to them.

Without it their staff could not point these views at the same property again.
"""

from django.db import migrations

AT_ONCE = 2_000


def assign(apps, schema_editor):
    """Each property that a view reads through the agency's account, to the view's client."""
    assignments = apps.get_model("provisioning", "PropertyAssignment")
    views = apps.get_model("dashboards", "View").objects.exclude(agency_credential=None)
    read = views.order_by().values_list("agency_credential_id", "property_id", "tenant_id").distinct()
    rows = [
        assignments(credential_id=credential, property_id=number, tenant_id=tenant)
        for credential, number, tenant in read.iterator(AT_ONCE)
    ]
    assignments.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [
        ("dashboards", "0010_views_found_and_sorted"),
        ("provisioning", "0003_assignments_hold_in_raw_sql"),
    ]
    operations = [migrations.RunPython(assign, migrations.RunPython.noop)]
