"""What the processes of an installation tell of themselves, and which clients were closed."""

from __future__ import annotations

import uuid

from django.db import models


class Heartbeat(models.Model):
    """When one of the processes that work by themselves was last seen to work."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%Y-%m-%d %H:%M:%S}"


class Closing(models.Model):
    """That a client was closed, by whom and what became of it: what is left when everything else is gone.

    It holds text and ids, and no foreign key. `look_again_at` says when it is gone on with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant_id = models.UUIDField(unique=True)
    slug = models.CharField(max_length=50)
    name = models.CharField(max_length=150)
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField(auto_now_add=True)
    look_again_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    removed = models.JSONField(default=dict)  # how many rows of each kind
    ended_at_google = models.JSONField(default=list)  # addresses of Google accounts
    kept_for_others = models.JSONField(default=list)  # forgotten here; others here come from the same account
    not_ended = models.JSONField(default=list)  # Google could not be asked: their owners may end them

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"
