"""What embedding keeps: keys of clients' servers, agreements of signed-in people, from when tokens count,
and links to share. Tokens themselves are signed and not kept.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import AgencyOrTenantModel, TenantModel
from dashboards.embed import origins, ua_map


def new_embed_id() -> int:
    """A view's number in embedded pages: twelve digits, where those of Universal Analytics had nine at most,
    so that neither is taken for the other. Random, as a counter would tell how many views there are.
    """
    return 10**11 + secrets.randbelow(9 * 10**11)


def validate_origins(listed: object) -> None:
    """Raises ValidationError unless this is a list of origins as browsers write them."""
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise ValidationError(_("List addresses of sites."))
    try:
        if origins.normal_list(listed) != listed:
            raise ValidationError(_("List each site once, as browsers write it."))
    except origins.OriginError as error:
        raise ValidationError(str(error)) from error


def validate_ua_map(names: object) -> None:
    """Raises ValidationError with the sentence that says what is wrong with a map of old names."""
    try:
        ua_map.check(names)
    except ua_map.MapError as error:
        raise ValidationError(str(error)) from error


class EmbedKey(TenantModel):
    """What a client's own server asks for tokens with. Shown once; found by its digest."""

    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=8, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.CharField(_("made by"), max_length=254, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("embed key")
        verbose_name_plural = _("embed keys")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class EmbedCutoff(AgencyOrTenantModel):
    """Tokens issued before `valid_from` are refused: a tenant's, or with no tenant the whole installation's.

    The latest one that applies counts, so that two people who end all tokens at once cannot fall out.
    """

    valid_from = models.DateTimeField()

    class Meta:
        verbose_name = _("embedding's beginning")
        verbose_name_plural = _("embeddings' beginnings")
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="one_cutoff_per_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%Y-%m-%d %H:%M}"


class EmbedAgreement(TenantModel):
    """A signed-in person agreed, in a window of the portal's, that a page gets a token, or refused; the page
    collects that once, by the request id that it made up. Only the id's digest is kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    origin = models.CharField(max_length=origins.LONGEST)
    refused = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("agreement to embed")
        verbose_name_plural = _("agreements to embed")

    def __str__(self) -> str:
        return self.origin


class ShareLink(TenantModel):
    """A read-only link to a view. The token is in the link alone; here is its digest."""

    view = models.ForeignKey("dashboards.View", on_delete=models.CASCADE, related_name="share_links")
    name = models.CharField(_("name"), max_length=100, blank=True)
    prefix = models.CharField(_("begins with"), max_length=8, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    password = models.CharField(max_length=128, blank=True, editable=False)  # as Django hashes it
    period = models.CharField(
        _("period"), max_length=50, blank=True, help_text=_("Empty: whoever opens it chooses.")
    )
    widgets = models.JSONField(_("widgets"), default=list, blank=True)
    expires_at = models.DateTimeField(_("good until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    opened = models.PositiveIntegerField(_("opened"), default=0, editable=False)
    last_opened_at = models.DateTimeField(_("last opened"), null=True, editable=False)
    made_by = models.CharField(_("made by"), max_length=254, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("link to share")
        verbose_name_plural = _("links to share")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name or f"{self.prefix}…"

    @property
    def is_open(self) -> bool:
        """Whether it still leads anywhere."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
