"""What the record hears of by itself: sign-ins, what people change of their own, members, the admin's acts.

Signals rather than calls from the verbs, because Django, allauth and the admin's forms do these things too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.contrib.admin.models import LogEntry
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import Signal, receiver

from accounts.audit import history
from accounts.audit.facts import current
from accounts.audit.writing import record, record_of_person
from accounts.models import Membership, StaffAssignment, User

NO_ADDRESS = "not an e-mail address"
"""Said of a failed sign-in under something else: people type passwords into the wrong box."""


@receiver(user_logged_in)
def signed_in(sender: Any, user: User, **more: Any) -> None:
    """Whichever way."""
    record_of_person("sign_in.done", user)


@receiver(user_logged_out)
def signed_out(sender: Any, user: User | None, **more: Any) -> None:
    """Only who was signed in."""
    if user is not None:
        record_of_person("sign_in.out", user)


@receiver(user_login_failed)
def not_signed_in(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    """A wrong password; of an address that nobody has as well."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email__iexact=typed).first() if typed else None
    if user is not None:
        record_of_person("sign_in.failed", user, who="", target=user.email)
        return
    record("sign_in.failed", who="", target=typed if _is_address(typed) else NO_ADDRESS)


@receiver(account.login_code_rejected)
@receiver(mfa.authentication_failed)
def wrong_code(sender: Any, user: User | None = None, **more: Any) -> None:
    """A code that came by mail, or the second step's. Nobody is known by it."""
    step = more.get("authenticator")
    if user is not None:
        kind = "security.step_failed" if step else "sign_in.failed"
        record_of_person(kind, user, who=current().who, target=user.email)


def _is_address(typed: str) -> bool:
    try:
        validate_email(typed)
    except ValidationError:
        return False
    return True


def _told(signal: Signal, kind: str, names: Callable[[dict[str, Any]], str] = lambda said: "") -> None:
    """From now on this signal of allauth's is written down."""

    def hear(sender: Any, **said: Any) -> None:
        user = said.get("user") or (said.get("sociallogin") or said["socialaccount"]).user
        record_of_person(kind, user, target=names(said))

    signal.connect(hear, weak=False, dispatch_uid=f"record {kind}")


_told(account.user_signed_up, "security.made")
_told(account.password_changed, "security.password")
_told(account.password_set, "security.password")
_told(account.password_reset, "security.password_reset")
_told(account.email_added, "security.email_added", lambda said: said["email_address"].email)
_told(account.email_removed, "security.email_removed", lambda said: said["email_address"].email)
_told(account.email_changed, "security.email_changed", lambda said: said["to_email_address"].email)
_told(mfa.authenticator_added, "security.step_added", lambda said: _step(said["authenticator"]))
_told(mfa.authenticator_reset, "security.step_renewed", lambda said: _step(said["authenticator"]))
_told(social.social_account_added, "security.google_added")
_told(social.social_account_removed, "security.google_removed", lambda said: str(said["socialaccount"]))


def _step(authenticator: Authenticator) -> str:
    """Its kind alone: what else it holds is secret."""
    return str(authenticator.get_type_display())


@receiver(post_delete, sender=Authenticator)
def step_removed(sender: Any, instance: Authenticator, **more: Any) -> None:
    """By the person, or by the agency for somebody who lost it."""
    target = f"{_step(instance)}, {instance.user.email}"
    record_of_person("security.step_removed", instance.user, who=current().who, target=target)


@receiver(account.email_confirmed)
def address_confirmed(sender: Any, email_address: Any, **more: Any) -> None:
    """By a link or a code that went there."""
    record_of_person("security.email_confirmed", email_address.user, target=email_address.email)


@receiver(pre_save, sender=Membership)
def remember(sender: Any, instance: Any, **more: Any) -> None:
    """How the membership stood, to tell what changes."""
    before = None if instance._state.adding else Membership._base_manager.filter(pk=instance.pk)
    instance._was = before.values("role", "all_views").first() if before is not None else None


@receiver(post_save, sender=Membership)
def member_saved(sender: Any, instance: Any, created: bool, **more: Any) -> None:
    """Added, or changed in what they may see and do."""
    now = {"role": instance.role, "all_views": instance.all_views}
    if created:
        _of_member("people.added", instance, now)
    elif instance._was != now:
        _of_member("people.changed", instance, {**now, "before": instance._was})


@receiver(post_delete, sender=Membership)
def member_removed(sender: Any, instance: Any, **more: Any) -> None:
    """By whichever way."""
    _of_member("people.removed", instance, {"role": instance.role})


@receiver(post_save, sender=StaffAssignment)
def staff_assigned(sender: Any, instance: Any, created: bool, **more: Any) -> None:
    """One by one; many at once are in the admin's history."""
    if created:
        _of_member("people.assigned", instance, {})


@receiver(post_delete, sender=StaffAssignment)
def staff_unassigned(sender: Any, instance: Any, **more: Any) -> None:
    """By whichever way."""
    _of_member("people.unassigned", instance, {})


def _of_member(kind: str, row: Any, details: dict[str, Any]) -> None:
    record(kind, tenant=row.tenant, target=row.user.email, details=details)


@receiver(post_save, sender=LogEntry)
def admin_did(sender: Any, instance: LogEntry, created: bool, **more: Any) -> None:
    """What the admin keeps as a row's history; many rows at once are copied by `accounts.bulk`."""
    if created:
        history.copy_one(instance)
