"""What allauth asks of the portal about second factors: above all to keep their secrets sealed."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.second_step import must_keep
from provisioning.crypto import KeyRing, Place, SealError
from provisioning.sealed_texts import replaced, texts

logger = logging.getLogger(__name__)


SEALING = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
"""Whose `data` holds something sealed. There is one authenticator app and one set of codes to a person."""


def place_of(user_id: int, kind: str) -> Place:
    """Where a person's secrets of this kind of second factor stand."""
    return Place("mfa_authenticator", f"data of {kind}", str(user_id))


def unplaced(user_id: int) -> Place:
    """Where a secret belongs that is made, and not in its row yet: allauth seals without saying what for."""
    return Place("mfa_authenticator", "data", str(user_id))


class SecondFactorAdapter(DefaultMFAAdapter):
    """allauth's, with secrets sealed for their person, and the portal's name as BASE_URL has it."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used already. Wait for the next one."),
        "cannot_delete_authenticator": _("You need a second step here. Add another one first."),
        "unreadable": _(
            "Your second step cannot be read here. Ask the agency to remove it, and set it up anew."
        ),
        "unverified_email": _("Confirm your e-mail address first; a mail with a link went to it."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed for whoever sets the factor up; for its kind as soon as it is saved."""
        return _key_ring().seal(text, unplaced(_whose()))

    def decrypt(self, encrypted_text: str) -> str:
        """Opened for whoever signs in or is signed in, as what it stands there for. Raises ValidationError,
        for another person's too.
        """
        try:
            return _key_ring().open(encrypted_text, place_of(_whose(), _kind_of(encrypted_text, _whose())))
        except SealError as error:
            logger.error("a second factor of the person %s cannot be opened: %s", _whose(), error)
            raise self.validation_error("unreadable") from error

    def get_totp_issuer(self) -> str:
        """What an authenticator app calls the portal."""
        return str(settings.AGENCY_NAME)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of whoever must have one."""
        return not must_keep(authenticator)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """What a new passkey is called until the person says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1} if count else gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the name in BASE_URL, whatever host a request names."""
        return {"id": urlsplit(settings.BASE_URL).hostname or "", "name": str(settings.AGENCY_NAME)}


def _whose() -> int:
    """The person of this request: signed in, or between the first step of signing in and the second."""
    request: Any = current.request
    if request.user.is_authenticated:
        return int(request.user.pk)
    return int(request._login_stage.login.user.pk)


@receiver(pre_save, sender=Authenticator, dispatch_uid="second factors are sealed for their kind")
def bind(sender: Any, instance: Authenticator, **more: Any) -> None:
    """Seals what allauth made for this kind of factor, too. What is damaged stays as it is."""
    if instance.type in SEALING:
        ring, place = _key_ring(), place_of(instance.user_id, instance.type)
        instance.data = replaced(instance.data, lambda text: _bound(ring, text, instance.user_id, place))


def _bound(ring: KeyRing, text: str, user_id: int, place: Place) -> str:
    try:
        return ring.seal(ring.open(text, unplaced(user_id)), place)
    except SealError:
        return text


def _kind_of(text: str, user_id: int) -> str:
    """In whose row of this person the text stands; nothing where it is in none."""
    rows = Authenticator.objects.filter(user_id=user_id, type__in=SEALING)
    return next((each.type for each in rows if text in texts(each.data)), "")


def _key_ring() -> KeyRing:
    return KeyRing(settings.PORTAL_ENCRYPTION_KEYS)
