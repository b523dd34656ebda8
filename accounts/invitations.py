"""What can be done to invitations: verbs, without a request. `invitation_mail` sends the mails afterwards."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit, mails
from accounts.flows import confirm_email
from accounts.mails import Fate
from accounts.models import Invitation, InvitationLink, Membership, Tenant, User
from accounts.races import looks_again
from accounts.tokens import Token, new_token

GOOD_FOR = datetime.timedelta(days=14)
RESEND_AFTER = datetime.timedelta(minutes=1)  # a double click, a second tab
RENEW_AFTER = datetime.timedelta(hours=1)  # whoever holds an old link may have a mail sent no more often
A_DAY = 50  # invitations that a client's owners may send in 24 hours: the portal is no mailing machine


class InvitationError(ValueError):
    """The invitation cannot be made, sent or accepted as things stand."""


class AlreadyMember(InvitationError):
    """The person is a member of the tenant."""


class AlreadyInvited(InvitationError):
    """The address has an unanswered invitation to the tenant."""


class TooMany(InvitationError):
    """The tenant's owners have invited A_DAY people in the last 24 hours."""


class TooSoon(InvitationError):
    """A mail went out a moment ago."""


class NotOpen(InvitationError):
    """The invitation was accepted or withdrawn."""


@dataclass(frozen=True)
class Issued:
    """An invitation with the token of its newest link, which exists only until the mail is written."""

    invitation: Invitation
    token: Token


def person_at(email: str) -> User | None:
    """Whom the address belongs to, be it the one they are called by or another that they have proven."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        proven = (
            EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
        )
        user = proven.user if proven else None
    return user


def has_proven(user: User, email: str) -> bool:
    """Whether this person has shown that mail to the address reaches them."""
    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


def invite(
    *, tenant: Tenant, email: str, role: str, all_views: bool = True, invited_by: str, by_client: bool = False
) -> Issued:
    """Invites an address to a tenant. Raises AlreadyMember, AlreadyInvited, and TooMany for `by_client`.

    Runs inside the tenant's scope, as all verbs here do.
    """
    person = person_at(email)
    if person and Membership.objects.filter(tenant=tenant, user=person).exists():
        raise AlreadyMember
    if by_client and _invited_lately(tenant) >= A_DAY:
        raise TooMany
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                tenant=tenant,
                email=email.lower(),
                role=role,
                all_views=all_views,
                invited_by=invited_by,
                expires_at=timezone.now() + GOOD_FOR,
            )
            facts = {"role": role, "all_views": all_views}
            audit.record("people.invited", tenant=tenant, who=invited_by, target=email, details=facts)
            return _issue(invitation)
    except IntegrityError as error:
        raise AlreadyInvited from error


def _invited_lately(tenant: Tenant) -> int:
    since = timezone.now() - datetime.timedelta(days=1)
    return Invitation.objects.filter(tenant=tenant, created_at__gte=since).count()


@transaction.atomic
def resend(*, invitation: Invitation, after: datetime.timedelta = RESEND_AFTER) -> Issued:
    """A new link for an unanswered invitation, good for GOOD_FOR. Older links keep their own end.

    Raises NotOpen; TooSoon when the last mail is younger than `after`.
    """
    locked = _locked(invitation)
    if locked.accepted_at or locked.withdrawn_at:
        raise NotOpen
    if locked.last_sent_at and locked.last_sent_at > timezone.now() - after:
        raise TooSoon
    locked.expires_at = timezone.now() + GOOD_FOR
    audit.record("people.invited_again", tenant=locked.tenant, target=locked.email)
    return _issue(locked)


def _issue(invitation: Invitation) -> Issued:
    """Makes a link, and notes the mail as sent before it is: of two requests at once one sends."""
    token = new_token()
    invitation.last_sent_at = timezone.now()
    invitation.mail_waits = False
    invitation.save(update_fields=["expires_at", "last_sent_at", "mail_waits"])
    InvitationLink.objects.create(
        tenant_id=invitation.tenant_id,
        invitation=invitation,
        prefix=token.prefix,
        digest=token.digest,
        expires_at=invitation.expires_at,
    )
    return Issued(invitation, token)


def note_mail(*, invitations: QuerySet[Invitation], fate: Fate) -> None:
    """What became of the mail, for lists to say. After one that was refused the next need not wait."""
    waits = fate is Fate.WAITING
    if fate is Fate.REFUSED:
        invitations.update(mail_waits=waits, last_sent_at=None)
    else:
        invitations.update(mail_waits=waits, last_sent_at=timezone.now())


@transaction.atomic
def withdraw(*, invitation: Invitation) -> None:
    """Ends an unanswered invitation, with all its links. Twice is no error. Raises NotOpen if accepted."""
    locked = _locked(invitation)
    if locked.accepted_at:
        raise NotOpen
    if not locked.withdrawn_at:
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
        audit.record("people.withdrawn", tenant=locked.tenant, target=locked.email)
        mails.take_back(locked.about)


@transaction.atomic
def accept(*, invitation: Invitation, user: User) -> Membership:
    """Makes somebody who is known a member. Who became one meanwhile stays as they are. Raises NotOpen."""
    locked = _locked(invitation)
    if locked.accepted_at or locked.withdrawn_at:
        raise NotOpen
    membership, _ = Membership.objects.get_or_create(
        tenant=locked.tenant, user=user, defaults={"role": locked.role, "all_views": locked.all_views}
    )
    locked.accepted_at = timezone.now()
    locked.save(update_fields=["accepted_at"])
    mails.take_back(locked.about)
    audit.record("people.accepted", tenant=locked.tenant, who=user.email, target=locked.email)
    return membership


@looks_again
@transaction.atomic
def accept_as_new(*, invitation: Invitation, password: str, name: str = "") -> User:
    """Makes somebody new a member, with a password. The link proves that the address is theirs.

    Raises NotOpen, also when the address has become a known person's meanwhile: nobody who is known is
    ever given a password by a link.
    """
    if person_at(invitation.email) is not None:
        raise NotOpen
    user = User.objects.create_user(invitation.email, password, name=name)
    confirm_email(user)
    accept(invitation=invitation, user=user)
    return user


def _locked(invitation: Invitation) -> Invitation:
    """The row as it stands now, held until the transaction ends."""
    row: Invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=invitation.pk)
    )
    return row
