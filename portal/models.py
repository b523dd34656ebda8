"""What the processes of an installation tell of themselves."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When one of the processes that work by themselves was last seen to work."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%Y-%m-%d %H:%M:%S}"
