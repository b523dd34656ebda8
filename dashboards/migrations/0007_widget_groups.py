"""A widget may share its card with others, and be a map."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [("dashboards", "0006_a_summary_for_each_view")]
    operations = [
        migrations.AddField(
            model_name="widget",
            name="group",
            field=models.CharField(
                blank=True,
                help_text="Widgets with the same name here share a card.",
                max_length=100,
                verbose_name="card",
            ),
        ),
        migrations.AlterField(
            model_name="widget",
            name="kind",
            field=models.CharField(
                choices=[
                    ("figure", "figure"),
                    ("line", "line"),
                    ("bar", "bars"),
                    ("table", "table"),
                    ("donut", "donut"),
                    ("map", "map"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
    ]
