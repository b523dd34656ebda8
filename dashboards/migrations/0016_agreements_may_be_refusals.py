"""A person who does not agree says so to the page that waits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [("dashboards", "0015_links_to_share_hold_in_raw_sql")]
    operations = [
        migrations.AddField(
            model_name="embedagreement", name="refused", field=models.BooleanField(default=False)
        )
    ]
