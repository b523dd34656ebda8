"""How many views stand how is counted from an index, without reading the rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [("dashboards", "0008_widgets_in_groups")]
    operations = [
        migrations.AddIndex(
            model_name="summary",
            index=models.Index(fields=["tenant", "standing"], name="summary_of_tenant"),
        )
    ]
