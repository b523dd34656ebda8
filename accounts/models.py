"""Users, tenants, and who belongs to which."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models_audit import AuditEntry  # noqa: F401  # the same app's model, in a file of its own
from accounts.tenancy import (
    ScopedQuerySet,
    TenantManager,
    TenantManagerOfTenants,
    TenantModel,
    current_scope,
)

slug_validator = RegexValidator(
    r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Use lower-case letters, digits and single hyphens.")
)


class UserManager(BaseUserManager["User"]):
    """Makes users by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new user; without a password they can sign in only after setting one by mail."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new agency owner."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        """Addresses are compared without regard to case."""
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person, known by an e-mail address. Agency owners are superusers, agency staff `is_staff`."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name, or the address where no name is known."""
        return str(self)

    def get_short_name(self) -> str:
        """The same: people are called what they entered."""
        return str(self)


class TenantQuerySet(ScopedQuerySet):
    """Reads on tenants, named for the pages that need them."""

    def reachable_by(self, user: User) -> models.QuerySet[Tenant]:
        """The tenants this person may see: a member's own, staff's assigned ones, all for the owner."""
        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        mine = models.Q(pk__in=Membership.tenant_ids_of(user))
        if user.is_staff:
            mine |= models.Q(pk__in=StaffAssignment.tenant_ids_of(user))
        return self.filter(mine)


class Tenant(models.Model):
    """A client of the agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(
        _("address"),
        max_length=50,
        unique=True,
        validators=[slug_validator],
        help_text=_("Stands in the address of the client's pages. Changing it breaks links."),
    )
    name = models.CharField(_("name"), max_length=150)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True, editable=False)

    objects = TenantManagerOfTenants.from_queryset(TenantQuerySet)()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name"]
        indexes = [models.Index(fields=["name"], name="tenant_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_paused(self) -> bool:
        """Whether its people are shown out and nothing is fetched for it."""
        return self.paused_at is not None

    def check_tenant(self) -> None:
        """Only a scope of all tenants makes new ones; see ScopedQuerySet.bulk_create."""
        current_scope()


class Membership(TenantModel):
    """A person's place in a tenant: its owner, or a viewer of all of its views or chosen ones."""

    class Role(models.TextChoices):
        """What a member may do."""

        OWNER = "owner", _("owner")
        VIEWER = "viewer", _("viewer")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.VIEWER)
    all_views = models.BooleanField(
        _("sees all views"),
        default=True,
        help_text=_("Otherwise only the views that name this person."),
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_per_tenant"),
            models.UniqueConstraint(fields=["tenant", "id"], name="membership_of_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def sees_every_view(self) -> bool:
        """Owners always do."""
        return self.all_views or self.role == self.Role.OWNER

    @classmethod
    def tenant_ids_of(cls, user: User) -> models.QuerySet[Any]:
        """The ids of the tenants this person is a member of; asked before any scope can be known."""
        return cls._base_manager.filter(user=user).values("tenant_id")


class StaffAssignment(TenantModel):
    """A tenant that an agency's staff member looks after."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
        limit_choices_to={"is_staff": True},
    )

    class Meta:
        verbose_name = _("staff assignment")
        verbose_name_plural = _("staff assignments")
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="one_assignment_per_tenant")]

    def __str__(self) -> str:
        return f"{self.user} · {self.tenant}"

    @classmethod
    def tenant_ids_of(cls, user: User) -> models.QuerySet[Any]:
        """The ids of the tenants this person looks after; asked before any scope can be known."""
        return cls._base_manager.filter(user=user).values("tenant_id")


class InvitationQuerySet(ScopedQuerySet):
    """Reads on invitations, named for the pages that need them."""

    def in_state(self, state: str) -> models.QuerySet[Invitation]:
        """Those in one of Invitation.State."""
        unanswered = models.Q(accepted_at=None, withdrawn_at=None)
        return self.filter(
            {
                Invitation.State.ACCEPTED: models.Q(accepted_at__isnull=False),
                Invitation.State.WITHDRAWN: models.Q(withdrawn_at__isnull=False, accepted_at=None),
                Invitation.State.EXPIRED: unanswered & models.Q(expires_at__lte=timezone.now()),
                Invitation.State.WAITING: unanswered & models.Q(expires_at__gt=timezone.now()),
            }[Invitation.State(state)]
        )

    def unanswered(self) -> models.QuerySet[Invitation]:
        """Neither accepted nor withdrawn, the newest first."""
        return self.filter(accepted_at=None, withdrawn_at=None).order_by("-created_at")


class Invitation(TenantModel):
    """Somebody asked, at an e-mail address, to become a member of a tenant."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", _("waiting for an answer")
        EXPIRED = "expired", _("expired")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(
        _("role"), max_length=10, choices=Membership.Role.choices, default=Membership.Role.VIEWER
    )
    all_views = models.BooleanField(_("sees all views"), default=True)
    invited_by = models.CharField(_("invited by"), max_length=254)
    created_at = models.DateTimeField(_("invited"), auto_now_add=True)
    expires_at = models.DateTimeField(_("good until"))
    last_sent_at = models.DateTimeField(_("mail sent"), null=True, blank=True)
    mail_waits = models.BooleanField(default=False, editable=False)  # for the mail server
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(InvitationQuerySet)()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_unanswered_invitation_per_address",
            ),
            models.UniqueConstraint(fields=["tenant", "id"], name="invitation_of_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"

    @property
    def about(self) -> str:
        """What its mails are about, to the outbox."""
        return f"invitation:{self.pk}"

    @property
    def state(self) -> Invitation.State:
        """What became of it by now; `state.label` says it."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.WAITING if self.expires_at > timezone.now() else self.State.EXPIRED


class InvitationLink(TenantModel):
    """One link that went out for an invitation. Each mail has its own, and each is good until it expires:
    whoever finds two mails may click on either.
    """

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="links")
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invitation link")
        verbose_name_plural = _("invitation links")

    def __str__(self) -> str:
        return f"{self.prefix}…"


class Branding(models.Model):
    """The agency's logo and colour: one row, or none. Its name and contact are settings."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    accent = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("Write a colour as # and six digits."))],
        help_text=_("Of links, buttons and charts, e.g. #1f6f5c. Empty: the portal's green."),
    )
    logo = models.BinaryField(null=True, editable=False)
    logo_type = models.CharField(max_length=20, blank=True, editable=False)
    logo_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("agency's look")
        verbose_name_plural = _("agency's look")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_agency_one_look")]

    def __str__(self) -> str:
        return settings.AGENCY_NAME

    @property
    def is_set(self) -> bool:
        """Whether there is anything of the agency's own to show."""
        return bool(self.accent or self.logo_digest)

    @classmethod
    def look(cls) -> Branding:
        """What every page needs of it: all but the picture."""
        return cls.objects.defer("logo").filter(pk=cls.ONLY).first() or cls()
