"""Which properties of the agency's service accounts are for which client."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("provisioning", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PropertyAssignment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("property_id", models.CharField(max_length=20, verbose_name="property")),
                (
                    "credential",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="provisioning.credential",
                        verbose_name="service account",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.tenant",
                        verbose_name="client",
                    ),
                ),
            ],
            options={
                "verbose_name": "assigned property",
                "verbose_name_plural": "assigned properties",
            },
        ),
        migrations.AddConstraint(
            model_name="propertyassignment",
            constraint=models.UniqueConstraint(
                fields=("credential", "property_id", "tenant"), name="property_assigned_once_per_tenant"
            ),
        ),
    ]
