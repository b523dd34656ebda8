"""By what this database knows its encryption keys again."""

from __future__ import annotations

from django.db import models


class KeyMark(models.Model):
    """The fingerprint of a key that sealed something here, so that a wrong or missing key is known for one,
    and not taken for damage.
    """

    key_id = models.CharField(max_length=100, primary_key=True)
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key_id
