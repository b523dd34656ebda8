"""The three dashboards that every installation begins with."""

from django.db import migrations

from dashboards.shipped import SHIPPED


def load(apps, schema_editor):
    """Makes them as the agency's own, so that they serve every tenant and the owner may edit them."""
    dashboards = apps.get_model("dashboards", "Dashboard")
    widgets = apps.get_model("dashboards", "Widget")
    for position, shipped in enumerate(SHIPPED):
        row = dashboards.objects.create(name=shipped.name, slug=shipped.slug, position=position)
        for place, widget in enumerate(shipped.widgets):
            widgets.objects.create(
                dashboard=row,
                position=place,
                title=widget.title,
                kind=widget.kind,
                metrics=list(widget.metrics),
                dimensions=list(widget.dimensions),
                order_by=widget.order_by,
                descending=widget.descending,
                limit=widget.limit,
            )


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [("dashboards", "0002_tenants_hold_in_raw_sql")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
