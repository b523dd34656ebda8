"""Lists of clients sorted by name read the rows of one page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [("accounts", "0003_links_hold_in_raw_sql")]
    operations = [
        migrations.AddIndex(
            model_name="tenant",
            index=models.Index(fields=["name"], name="tenant_by_name"),
        ),
    ]
