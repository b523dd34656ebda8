"""The record of what happened: rows that hold text alone and are never changed.

They outlive what they speak of: no foreign keys, and a client that was closed stays known by its name.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit_kinds as kinds
from accounts.tenancy import TenantManager


class OnlyGrows(RuntimeError):
    """A row of the record was about to be changed or deleted."""


class GrowingQuerySet(models.QuerySet[Any]):
    """Takes new rows, and refuses whatever else writes."""

    def update(self, **values: Any) -> NoReturn:
        """Raises OnlyGrows."""
        raise OnlyGrows("a row of the record is never changed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises OnlyGrows."""
        raise OnlyGrows("a row of the record is never changed")

    def delete(self) -> NoReturn:
        """Raises OnlyGrows."""
        raise OnlyGrows("a row of the record is never deleted")

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise OnlyGrows("a row of the record is never deleted")


class RecordManager(TenantManager.from_queryset(GrowingQuerySet)):  # type: ignore[misc]
    """Rows of the tenants in scope; the agency's own only in a scope of all."""


class AuditEntry(models.Model):
    """One thing that happened: who, what, when, from where, and on whose behalf."""

    at = models.DateTimeField(_("when"), default=timezone.now)
    area = models.CharField(_("kind"), max_length=20)
    kind = models.CharField(_("what"), max_length=40)
    who = models.CharField(_("who"), max_length=254, blank=True)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=254, blank=True)
    target = models.CharField(_("whom or what it concerned"), max_length=300, blank=True)
    tenant_id = models.UUIDField(null=True, blank=True)
    tenant_slug = models.CharField(_("client's address"), max_length=50, blank=True)
    tenant_name = models.CharField(_("client"), max_length=150, blank=True)
    ip = models.GenericIPAddressField(_("from where"), null=True, blank=True)
    agent = models.CharField(_("browser"), max_length=300, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    words = models.TextField(editable=False, help_text="What a search looks through, in small letters.")

    objects = RecordManager()
    written = models.Manager.from_queryset(GrowingQuerySet)()

    class Meta:
        verbose_name = _("record entry")
        verbose_name_plural = _("record entries")
        base_manager_name = "written"
        default_manager_name = "objects"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["at", "id"], name="record_by_time"),
            models.Index(fields=["tenant_id", "at", "id"], name="record_of_client"),
            models.Index(fields=["area", "at", "id"], name="record_of_area"),
            models.Index(fields=["tenant_id", "area", "at", "id"], name="record_of_clients_area"),
            models.Index(fields=["who", "at", "id"], name="record_of_person"),
            models.Index(fields=["tenant_id", "who", "at", "id"], name="record_of_clients_person"),
        ]

    def __str__(self) -> str:
        return f"{self.what} · {self.target}" if self.target else self.what

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's, for a new row. Raises OnlyGrows for any other."""
        if not self._state.adding:
            raise OnlyGrows("a row of the record is never changed")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises OnlyGrows."""
        raise OnlyGrows("a row of the record is never deleted")

    @property
    def what(self) -> str:
        """The kind in words; a kind that this version does not know stands as it is."""
        return str(kinds.KINDS.get(self.kind, self.kind))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The details that say something, as names and texts."""
        said = self.details.items()
        return [(name.replace("_", " "), _text(value)) for name, value in said if value not in ("", None, [])]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {_text(each)}" for name, each in value.items())
    return str(value)
