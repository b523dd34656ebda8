"""The durable record of a customer's way from "I want Analytics" to a working dashboard."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.tenancy import ScopedQuerySet, TenantManager, TenantModel
from provisioning.models.credentials import Credential


class RequestQuerySet(ScopedQuerySet):
    """Reads of provisioning requests, by who needs them."""

    def unfinished_of(self, user: User) -> models.QuerySet[Any]:
        """What this person began and did not finish or give up, the latest first."""
        done = (ProvisioningRequest.State.LIVE, ProvisioningRequest.State.CANCELLED)
        return self.filter(user=user).exclude(state__in=done).order_by("-changed_at")

    def that_made(self, view_id: uuid.UUID) -> Any:
        """The request whose tag feeds this view; None for a view of a property that was there."""
        return self.filter(view_id=view_id).exclude(measurement_id="").order_by("created_at").first()


class ProvisioningRequest(TenantModel):
    """One customer's way. What is known of it stands in its columns as it happens, so that the first thing
    missing is what comes next (`provisioning.requests.steps`); `state` says how far it is, for people.
    """

    class Way(models.TextChoices):
        """What the customer chose at the start."""

        DETAILS_LAST = "details_last", _("a new account, details after consent")
        DETAILS_FIRST = "details_first", _("a new account, details before consent")
        EXISTING = "existing", _("an existing account")

    class State(models.TextChoices):
        """The last step that was done, or how it ended for now."""

        STARTED = "started", _("started")
        DETAILS = "details", _("details given")
        AUTHORISED = "authorised", _("authorised at Google")
        TICKETED = "ticketed", _("terms at Google not answered yet")
        ACCEPTED = "accepted", _("terms accepted")
        PROPERTY = "property", _("property made")
        STREAM = "stream", _("tag made")
        SHARED = "shared", _("shared with the agency")
        LIVE = "live", _("live")
        DENIED = "denied", _("denied at Google")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")
        FAILED = "failed", _("failed")

    ENDED = (State.DENIED, State.CANCELLED, State.EXPIRED, State.FAILED)

    class Protocol(models.TextChoices):
        """The API that makes the account."""

        ADMIN = "admin", "Google Analytics 4"
        V3 = "v3", "Universal Analytics"

    way = models.CharField(_("way"), max_length=20, choices=Way.choices)
    protocol = models.CharField(_("protocol"), max_length=10, choices=Protocol.choices, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.STARTED, editable=False, db_index=True
    )
    reason = models.CharField(_("reason"), max_length=50, blank=True, editable=False)
    reason_detail = models.CharField(max_length=300, blank=True, editable=False)

    # Who: the person who started it, or the address that staff prepared it for.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    email = models.EmailField(_("customer's e-mail"), max_length=254, blank=True)
    prepared_by = models.CharField(max_length=254, blank=True, editable=False)
    skips_form = models.BooleanField(
        _("skip the form"), default=False, help_text=_("The customer goes straight to Google's consent.")
    )

    # What the customer typed.
    account_name = models.CharField(_("account name"), max_length=100, blank=True)
    property_name = models.CharField(_("property name"), max_length=100, blank=True)
    website = models.CharField(_("website"), max_length=255, blank=True)
    view_name = models.CharField(_("view name"), max_length=150, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    industry = models.CharField(_("industry"), max_length=40, blank=True)
    details_at = models.DateTimeField(null=True, editable=False)

    # What came of it at Google, and here.
    grant = models.ForeignKey(
        Credential,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("Google account"),
    )
    account_id = models.CharField(_("account"), max_length=20, blank=True, editable=False)
    property_id = models.CharField(_("property"), max_length=20, blank=True, editable=False)
    stream_id = models.CharField(max_length=20, blank=True, editable=False)
    measurement_id = models.CharField(_("measurement id"), max_length=20, blank=True, editable=False)
    web_property_id = models.CharField(_("web property"), max_length=30, blank=True, editable=False)
    profile_id = models.CharField(_("profile"), max_length=20, blank=True, editable=False)
    shared_with = models.EmailField(_("shared with"), max_length=254, blank=True, editable=False)
    is_sharing_skipped = models.BooleanField(default=False, editable=False)
    view_id = models.UUIDField(null=True, editable=False)
    chosen_properties = models.JSONField(default=list, editable=False)
    # How many accounts the person turned out to have; nothing where Google was not asked, or did not say.
    accounts_found = models.PositiveSmallIntegerField(null=True, editable=False)
    # Whether the tag was seen to work, when Google is asked about it next, and why it could not be.
    first_hit_at = models.DateTimeField(null=True, editable=False)
    hit_look_at = models.DateTimeField(null=True, editable=False)
    hit_error = models.CharField(max_length=50, blank=True, editable=False)

    # Who works on it now, and when tick looks at it next.
    working_until = models.DateTimeField(null=True, editable=False)
    look_again_at = models.DateTimeField(null=True, editable=False, db_index=True)
    looks = models.PositiveSmallIntegerField(default=0, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    staff_told = models.CharField(max_length=12, blank=True, editable=False)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last step"), auto_now=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(RequestQuerySet)()

    class Meta:
        verbose_name = _("provisioning request")
        verbose_name_plural = _("provisioning requests")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="request_of_tenant"),
            models.UniqueConstraint(
                fields=["protocol", "account_id"],
                condition=~models.Q(account_id="") & ~models.Q(way="existing"),
                name="account_made_once",
            ),
        ]

    def __str__(self) -> str:
        return self.account_name or self.email or str(self.pk)

    @property
    def has_ended(self) -> bool:
        """Whether it stands still until somebody takes it up again."""
        return self.state in self.ENDED

    @property
    def is_v3(self) -> bool:
        """Whether the old Provisioning API makes the account."""
        return self.protocol == self.Protocol.V3


class AccountTicket(TenantModel):
    """A ticket of Google's for one account to be made. Each stays: the customer may accept a late one."""

    request = models.ForeignKey(ProvisioningRequest, on_delete=models.CASCADE, related_name="tickets")
    ticket_id = models.CharField(max_length=255, unique=True)
    subject = models.CharField(max_length=255)  # whose token made it: nobody else can accept it
    accounts_before = models.JSONField(default=list)  # ids that the person had: what is new is ours
    answer = models.JSONField(default=dict)  # what Google's page sent back with it
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.ticket_id


class RequestEvent(TenantModel):
    """One line of a request's history. Only added, never changed."""

    request = models.ForeignKey(ProvisioningRequest, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(_("when"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=12, choices=ProvisioningRequest.State.choices)
    code = models.CharField(max_length=50, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    who = models.CharField(_("who"), max_length=254, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("history")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.get_state_display()


class RequestLink(TenantModel):
    """A link that lets its holder go on with a request: kept as prefix and SHA-256, good until it expires."""

    request = models.ForeignKey(ProvisioningRequest, on_delete=models.CASCADE, related_name="links")
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.prefix
