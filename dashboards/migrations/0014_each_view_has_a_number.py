"""From now on every view has its number in embedded pages, and no other has the same."""

from django.db import migrations, models

from dashboards.models_embed import new_embed_id


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [("dashboards", "0013_numbers_of_views")]
    operations = [
        migrations.AlterField(
            model_name="view",
            name="embed_id",
            field=models.BigIntegerField(
                default=new_embed_id, editable=False, unique=True, verbose_name="number in embedded pages"
            ),
        ),
    ]
