"""Each time somebody is sent to Google for their consent, and how many refresh tokens came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import AgencyOrTenantModel
from provisioning.models.credentials import Credential
from provisioning.models.requests import ProvisioningRequest


class Consent(AgencyOrTenantModel):
    """One way to Google's consent page and back.

    `digest` is of `state`, which is single-use and bound to session, person and request; the PKCE verifier is
    sealed. What was asked and came back is kept, masked, for the doctor.
    """

    class Purpose(models.TextChoices):
        """What the portal does with the grant."""

        REQUEST = "request", _("a provisioning request")
        CONNECT = "connect", _("a Google account is connected")
        SHARE = "share", _("the service account is invited")

    digest = models.CharField(max_length=64, unique=True)
    session_digest = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    request = models.ForeignKey(
        ProvisioningRequest, on_delete=models.CASCADE, null=True, related_name="consents"
    )
    credential = models.ForeignKey(Credential, on_delete=models.SET_NULL, null=True, related_name="consents")
    scopes = models.TextField()
    sealed_verifier = models.TextField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    asked = models.JSONField(default=dict)
    returned = models.JSONField(default=dict)
    exchanged = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.created_at:%Y-%m-%d %H:%M})"

    def __repr__(self) -> str:
        return f"<Consent {self.pk}>"


class IssuedToken(models.Model):
    """A refresh token that Google issued to this portal and that may still be alive there.

    Google keeps a number of them per account and client and silently ends the oldest; a renewed grant leaves
    its old token alive. The rows count, and hold no token. They belong to a Google account, not to a tenant.
    https://developers.google.com/identity/protocols/oauth2#expiration
    """

    subject = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "client_id"], name="tokens_of_google_account")]

    def __str__(self) -> str:
        return f"{self.subject} {self.issued_at:%Y-%m-%d}"
