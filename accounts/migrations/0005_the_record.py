"""The record of what happened."""

import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [
        ("accounts", "0004_clients_by_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("area", models.CharField(max_length=20, verbose_name="kind")),
                ("kind", models.CharField(max_length=40, verbose_name="what")),
                ("who", models.CharField(blank=True, max_length=254, verbose_name="who")),
                ("on_behalf_of", models.CharField(blank=True, max_length=254, verbose_name="on behalf of")),
                (
                    "target",
                    models.CharField(blank=True, max_length=300, verbose_name="whom or what it concerned"),
                ),
                ("tenant_id", models.UUIDField(blank=True, null=True)),
                ("tenant_slug", models.CharField(blank=True, max_length=50, verbose_name="client's address")),
                ("tenant_name", models.CharField(blank=True, max_length=150, verbose_name="client")),
                ("ip", models.GenericIPAddressField(blank=True, null=True, verbose_name="from where")),
                ("agent", models.CharField(blank=True, max_length=300, verbose_name="browser")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="details")),
                (
                    "words",
                    models.TextField(
                        editable=False, help_text="What a search looks through, in small letters."
                    ),
                ),
            ],
            options={
                "verbose_name": "record entry",
                "verbose_name_plural": "record entries",
                "ordering": ["-at", "-id"],
                "base_manager_name": "written",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["at", "id"], name="record_by_time"),
                    models.Index(fields=["tenant_id", "at", "id"], name="record_of_client"),
                    models.Index(fields=["area", "at", "id"], name="record_of_area"),
                    models.Index(fields=["tenant_id", "area", "at", "id"], name="record_of_clients_area"),
                    models.Index(fields=["who", "at", "id"], name="record_of_person"),
                    models.Index(fields=["tenant_id", "who", "at", "id"], name="record_of_clients_person"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("written", django.db.models.manager.Manager()),
            ],
        ),
    ]
