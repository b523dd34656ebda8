"""What lists show of each view, read once a night."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("dashboards", "0003_shipped_dashboards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Summary",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "standing",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "stopped"),
                            (1, "failing"),
                            (2, "fell"),
                            (3, "as usual"),
                            (4, "no data yet"),
                            (5, "gathering"),
                        ],
                        default=5,
                    ),
                ),
                ("visits", models.BigIntegerField(default=0)),
                ("visits_before", models.BigIntegerField(default=0)),
                ("moved", models.BigIntegerField(default=0)),
                ("daily", models.JSONField(default=list)),
                ("until", models.DateField(null=True)),
                ("last_data_on", models.DateField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=50)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("queued_until", models.DateTimeField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                        verbose_name="client",
                    ),
                ),
                (
                    "view",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="summary",
                        to="dashboards.view",
                    ),
                ),
            ],
            options={
                "verbose_name": "summary",
                "verbose_name_plural": "summaries",
                "indexes": [
                    models.Index(fields=["standing", "moved", "id"], name="summary_by_need"),
                    models.Index(fields=["moved", "id"], name="summary_by_change"),
                    models.Index(fields=["-visits", "id"], name="summary_by_visits"),
                ],
            },
        ),
    ]
