from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("provisioning", "0009_arrivals_hold_in_raw_sql"),
    ]

    operations = [
        migrations.AddField(
            model_name="provisioningrequest",
            name="hit_look_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="provisioningrequest",
            name="hit_error",
            field=models.CharField(blank=True, editable=False, max_length=50),
        ),
    ]
