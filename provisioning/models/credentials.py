"""Credentials, and the properties each of them was seen to reach. Secrets stand here sealed only."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.tenancy import AgencyOrTenantModel, OutsideTenantScope, TenantModel
from google_api import errors

OF_TESTING = datetime.timedelta(days=7, hours=1)


class Credential(AgencyOrTenantModel):
    """What a view's data is fetched with: a tenant's own, or the agency's for views of many tenants.

    `sealed_secret` and `sealed_access_token` are opened by provisioning.credentials alone.
    """

    class Kind(models.TextChoices):
        """What its secret is: a key, or a refresh token that a person consented to."""

        SERVICE_ACCOUNT = "service_account", _("service account")
        GRANT = "grant", _("Google account")

    class State(models.TextChoices):
        """Whether it works, as far as its last use tells."""

        NEW = "new", _("not used yet")
        WORKS = "works", _("works")
        FAILING = "failing", _("failing for now")
        REFUSED = "refused", _("refused by Google")

    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind.choices, default=Kind.SERVICE_ACCOUNT, editable=False
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(
        _("service account"), max_length=254, help_text=_("Give this address access to a property.")
    )
    private_key_id = models.CharField(_("key id"), max_length=64, blank=True)
    # Of a grant: whose it is (an e-mail address may change, `sub` does not), to which client, and for what.
    subject = models.CharField(max_length=255, blank=True, editable=False)
    client_id = models.CharField(max_length=255, blank=True, editable=False)
    scopes = models.TextField(_("permissions"), blank=True, editable=False)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("given by"),
    )
    consented_at = models.DateTimeField(_("given"), null=True, editable=False)
    secret_expires_at = models.DateTimeField(_("ends"), null=True, editable=False)
    sealed_secret = models.TextField(editable=False)
    sealed_access_token = models.TextField(editable=False, blank=True)
    access_token_expires_at = models.DateTimeField(editable=False, null=True)
    minting_until = models.DateTimeField(editable=False, null=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, editable=False
    )
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_error_code = models.CharField(max_length=50, blank=True, editable=False)
    last_error_at = models.DateTimeField(null=True, editable=False)
    properties_listed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    # On PostgreSQL a view's column for an agency's credential refers to (id, is_agency): see the migrations.
    is_agency = models.GeneratedField(
        expression=models.Case(models.When(tenant=None, then=True), default=False),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("service account")
        verbose_name_plural = _("service accounts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="credential_of_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(kind="service_account"),
                name="service_account_once_per_tenant",
            ),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(tenant=None, kind="service_account"),
                name="service_account_once_in_agency",
            ),
            models.UniqueConstraint(
                fields=["tenant", "subject", "client_id"],
                condition=models.Q(kind="grant"),
                name="grant_once_per_tenant",
            ),
            models.UniqueConstraint(
                fields=["subject", "client_id"],
                condition=models.Q(tenant=None, kind="grant"),
                name="grant_once_in_agency",
            ),
            models.UniqueConstraint(fields=["id", "is_agency"], name="credential_of_agency"),
        ]

    def __str__(self) -> str:
        return self.name if self.name == self.email else f"{self.name} ({self.email})"

    def __repr__(self) -> str:
        return f"<Credential {self.pk}>"

    @property
    def is_grant(self) -> bool:
        """Whether it is a person's consent rather than a service account."""
        return self.kind == self.Kind.GRANT

    @property
    def granted(self) -> frozenset[str]:
        """The scopes of a grant."""
        return frozenset(self.scopes.split())

    @property
    def ends_by_testing(self) -> bool:
        """Whether Google named the end that it names while an app is in Testing: 7 days after the consent. A
        later one is a person's who gave access for a limited time.
        """
        if self.secret_expires_at is None or self.consented_at is None:
            return False
        return self.secret_expires_at - self.consented_at < OF_TESTING

    @property
    def last_error(self) -> str:
        """The last error in words, in the reader's language; empty when the last use worked."""
        return gettext(errors.sentence_for(self.last_error_code)) if self.last_error_code else ""


class Grant(Credential):
    """A Google account that somebody connected: the credentials whose kind says so, as the admin has them."""

    class Meta:
        proxy = True
        verbose_name = _("Google account")
        verbose_name_plural = _("Google accounts")


class ReachableProperty(AgencyOrTenantModel):
    """A GA4 property that a credential was seen to reach, as Google described it then."""

    credential = models.ForeignKey(
        Credential, on_delete=models.CASCADE, related_name="properties", verbose_name=_("service account")
    )
    property_id = models.CharField(_("property"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    account_name = models.CharField(_("account"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=64)
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("property")
        verbose_name_plural = _("properties")
        ordering = ["account_name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["credential", "property_id"], name="property_once_per_credential")
        ]

    def __str__(self) -> str:
        return f"{self.account_name} › {self.name} ({self.property_id})"


class PropertyAssignment(TenantModel):
    """A property of an agency's credential that the owner gave to a tenant: its staff may point views at it.

    Kept by number, not by the row of ReachableProperty: it outlives a new listing.
    """

    credential = models.ForeignKey(
        Credential, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("service account")
    )
    property_id = models.CharField(_("property"), max_length=20)

    class Meta:
        verbose_name = _("assigned property")
        verbose_name_plural = _("assigned properties")
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "property_id", "tenant"], name="property_assigned_once_per_tenant"
            )
        ]

    def __str__(self) -> str:
        return self.property_id

    def check_tenant(self) -> None:
        """Also: a tenant's own credential is shared with nobody, so there is nothing to assign."""
        super().check_tenant()
        if self.credential.tenant_id is not None:
            raise OutsideTenantScope("a property of a tenant's own credential is not assigned")
