"""What allauth asks of the portal about second factors: above all to keep their secrets sealed."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.second_step import must_keep
from provisioning.crypto import KeyRing, Place, SealError

logger = logging.getLogger(__name__)


def place_of(user_id: int) -> Place:
    """Where a person's secrets stand: there is one authenticator app and one set of codes to a person."""
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
        """Sealed for whoever sets the factor up."""
        return _key_ring().seal(text, place_of(_whose()))

    def decrypt(self, encrypted_text: str) -> str:
        """Opened for whoever signs in or is signed in. Raises ValidationError, for another person's too."""
        try:
            return _key_ring().open(encrypted_text, place_of(_whose()))
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


def _key_ring() -> KeyRing:
    return KeyRing(settings.PORTAL_ENCRYPTION_KEYS)
