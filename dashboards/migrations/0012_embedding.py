"""Keys, agreements, cutoffs and links to share; of each view, where and under which numbers it is embedded.

The new number may be missing until 0013 gave each view one, and 0014 asks for it.
"""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import dashboards.models_embed


class Migration(migrations.Migration):
    """Schema alone."""

    dependencies = [
        ("accounts", "0004_clients_by_name"),
        ("dashboards", "0011_assignments_of_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EmbedAgreement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("origin", models.CharField(max_length=267)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "agreement to embed",
                "verbose_name_plural": "agreements to embed",
            },
        ),
        migrations.CreateModel(
            name="EmbedCutoff",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateTimeField()),
            ],
            options={
                "verbose_name": "embedding's beginning",
                "verbose_name_plural": "embeddings' beginnings",
            },
        ),
        migrations.CreateModel(
            name="EmbedKey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("prefix", models.CharField(editable=False, max_length=8, verbose_name="begins with")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "made_by",
                    models.CharField(blank=True, editable=False, max_length=254, verbose_name="made by"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("last_used_at", models.DateTimeField(editable=False, null=True, verbose_name="last used")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked")),
            ],
            options={
                "verbose_name": "embed key",
                "verbose_name_plural": "embed keys",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                ("prefix", models.CharField(editable=False, max_length=8, verbose_name="begins with")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("password", models.CharField(blank=True, editable=False, max_length=128)),
                (
                    "period",
                    models.CharField(
                        blank=True,
                        help_text="Empty: whoever opens it chooses.",
                        max_length=50,
                        verbose_name="period",
                    ),
                ),
                ("widgets", models.JSONField(blank=True, default=list, verbose_name="widgets")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="good until")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="revoked")),
                ("opened", models.PositiveIntegerField(default=0, editable=False, verbose_name="opened")),
                (
                    "last_opened_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last opened"),
                ),
                (
                    "made_by",
                    models.CharField(blank=True, editable=False, max_length=254, verbose_name="made by"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
            ],
            options={
                "verbose_name": "link to share",
                "verbose_name_plural": "links to share",
                "ordering": ["-created_at"],
            },
        ),
        migrations.AddField(
            model_name="view",
            name="embed_id",
            field=models.BigIntegerField(editable=False, null=True, verbose_name="number in embedded pages"),
        ),
        migrations.AddField(
            model_name="view",
            name="embed_valid_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="view",
            name="origins",
            field=models.JSONField(
                blank=True,
                default=list,
                validators=[dashboards.models_embed.validate_origins],
                verbose_name="sites that may embed it",
            ),
        ),
        migrations.AddField(
            model_name="view",
            name="ua_map",
            field=models.JSONField(
                blank=True,
                default=dict,
                validators=[dashboards.models_embed.validate_ua_map],
                verbose_name="old names",
            ),
        ),
        migrations.AddField(
            model_name="view",
            name="ua_view_id",
            field=models.CharField(
                blank=True,
                help_text="Of Universal Analytics: pages that ask for ga:12345678 get this view.",
                max_length=20,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[0-9]{1,20}\\Z", "A view id of Universal Analytics is a number."
                    )
                ],
                verbose_name="old view id",
            ),
        ),
        migrations.AddConstraint(
            model_name="view",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ua_view_id", ""), _negated=True),
                fields=("tenant", "ua_view_id"),
                name="old_view_id_once",
                violation_error_message="Another view of this client has this old view id.",
            ),
        ),
        migrations.AddField(
            model_name="embedagreement",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.tenant",
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            model_name="embedagreement",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="embedcutoff",
            name="tenant",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the agency's own, which may serve every client.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.tenant",
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            model_name="embedkey",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.tenant",
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="tenant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.tenant",
                verbose_name="client",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="view",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="share_links", to="dashboards.view"
            ),
        ),
        migrations.AddConstraint(
            model_name="embedcutoff",
            constraint=models.UniqueConstraint(fields=("tenant",), name="one_cutoff_per_tenant"),
        ),
    ]
