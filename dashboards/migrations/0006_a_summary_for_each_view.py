"""Views that were there before get an empty summary, which the next ticks fill."""

from django.db import migrations

AT_ONCE = 2_000


def make(apps, schema_editor):
    """In groups, for installations with many views."""
    summaries = apps.get_model("dashboards", "Summary")
    views = apps.get_model("dashboards", "View").objects.filter(summary=None)
    rows = (
        summaries(tenant_id=tenant, view_id=view) for view, tenant in views.values_list("pk", "tenant_id")
    )
    summaries.objects.bulk_create(rows, batch_size=AT_ONCE)


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [("dashboards", "0005_summaries_hold_in_raw_sql")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
