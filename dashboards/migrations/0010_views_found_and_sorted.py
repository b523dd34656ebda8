"""What the admin searches of a view stands in one column; what it sorts by has an index."""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.functions import Concat, Lower

TEXT = Lower(Concat("name", Value(" "), "slug", Value(" "), "property_id", Value(" "), "property_name"))


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [("dashboards", "0009_index_summaries_by_tenant")]
    operations = [
        migrations.AddField(
            model_name="view",
            name="search_text",
            field=models.GeneratedField(db_persist=True, expression=TEXT, output_field=models.TextField()),
        ),
        *(
            migrations.AddIndex(model_name="view", index=models.Index(fields=fields, name=name))
            for fields, name in (
                (["search_text", "tenant", "id"], "view_by_text"),
                (["state"], "view_by_state"),
                (["name"], "view_by_name"),
                (["property_id"], "view_by_property"),
                (["last_success_at"], "view_by_success"),
            )
        ),
    ]
