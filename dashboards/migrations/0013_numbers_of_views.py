"""Views that were there before get their number in embedded pages."""

from django.db import migrations

from dashboards.models_embed import new_embed_id

AT_ONCE = 2_000


def number(apps, schema_editor):
    """In groups, for installations with many views."""
    views = apps.get_model("dashboards", "View").objects
    while rows := list(views.filter(embed_id=None).only("pk")[:AT_ONCE]):
        for view in rows:
            view.embed_id = new_embed_id()
        views.bulk_update(rows, ["embed_id"], batch_size=500)


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [("dashboards", "0012_embedding")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
