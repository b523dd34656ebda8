"""Customers who are back from Google's consent and have yet to show who they are here."""

from __future__ import annotations

from django.db import models

from accounts.tenancy import TenantModel
from provisioning.models.consents import Consent
from provisioning.models.requests import ProvisioningRequest


class Arrival(TenantModel):
    """A consent that waits until its giver has signed in, or typed the code that went to the invited address.

    Until then nothing of it works here: its tokens are sealed, and forgotten when it was taken up or expires.
    It belongs to the session that has its id.
    """

    request = models.ForeignKey(ProvisioningRequest, on_delete=models.CASCADE, related_name="arrivals")
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=255)
    email = models.EmailField(max_length=254, blank=True)
    is_email_verified = models.BooleanField()
    name = models.CharField(max_length=150, blank=True)
    sealed_tokens = models.TextField(editable=False)
    expires_at = models.DateTimeField(db_index=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.email or self.subject

    def __repr__(self) -> str:
        return f"<Arrival {self.pk}>"
