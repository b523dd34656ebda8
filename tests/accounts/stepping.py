"""People with a second step, and the codes that their apps show."""

import base64
import hmac
import struct
import time
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from accounts.sessions import unsigned
from provisioning.crypto import KeyRing
from provisioning.second_factors import place_of

PASSWORD = "correct horse battery"  # of tests.factories.person
SECRET = base64.b32encode(bytes(range(20))).decode()
ACTIVATE = "/accounts/security/totp/activate/"


def code(secret: str = SECRET, periods: int = 0) -> str:
    """What an app shows, some periods of 30 seconds from now."""
    digest = hmac.digest(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + periods), "sha1"
    )
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def with_app(user: User, keys: dict[str, bytes]) -> Authenticator:
    """Gives the person an authenticator app."""
    sealed = KeyRing(keys).seal(SECRET, place_of(user.pk, "totp"))
    made: Authenticator = Authenticator.objects.create(user=user, type="totp", data={"secret": sealed})
    return made


def sign_in(user: User, client: Client | None = None) -> tuple[Client, Any]:
    """With the password; what the portal answers."""
    client = client or Client()
    return client, client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def key_of(client: Client) -> str:
    """The session's key, as the database knows it."""
    return str(unsigned(client.cookies["sessionid"].value))


def grow_old(client: Client, seconds: int) -> None:
    """As if the person had last shown so long ago who they are."""
    session = client.session
    session["shown_who_at"] -= seconds
    session.save()
