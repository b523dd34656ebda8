"""The encryption key is lost for good: what the portal says, and how its credentials are put in anew."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from provisioning import credentials, key_marks
from provisioning.models import Credential
from tests.accounts.stepping import code, sign_in, with_app
from tests.conftest import Cast
from tests.google import ROBOT, Google

NEW = {"new": bytes(range(32))}
PROPERTY = "310000001"
AUTHENTICATE = "/accounts/security/authenticate/"


def command(*args: str) -> str:
    """What it said."""
    said = io.StringIO()
    call_command(*args, stdout=said)
    return said.getvalue()


@pytest.fixture
def key_file(google: Google, tmp_path: Path) -> str:
    """A service account's key as Google hands it out; the agency may always make another."""
    path = tmp_path / "key.json"
    path.write_bytes(google.key_file(PROPERTY))
    return str(path)


@pytest.fixture
def robot(cast: Cast, everything: None, key_file: str) -> Credential:
    """A working credential whose encryption key everybody knows."""
    command("add_service_account", key_file)
    key_marks.check()
    return Credential.objects.get(email=ROBOT)


@pytest.fixture
def lost(robot: Credential, settings: Any) -> None:
    """Only a new key is there, and the old one given up."""
    settings.PORTAL_ENCRYPTION_KEYS = NEW
    with pytest.raises(ImproperlyConfigured, match="lacks the key 'test'"):
        key_marks.check()
    assert command("rotate_keys", "--lost", "test") == (
        "The portal starts without the key “test” now. 2 secrets cannot be read any more.\n"
    )


def test_a_key_that_is_there_is_not_given_up(robot: Credential):
    with pytest.raises(ImproperlyConfigured, match="has a key named 'test': it is not lost"):
        command("rotate_keys", "--lost", "test")


def test_the_portal_starts_again_and_the_credential_says_what_is_wrong(lost: None, robot: Credential):
    key_marks.check()
    with pytest.raises(credentials.SecretUnreadable) as caught:
        credentials.sign_in(robot)
    assert str(caught.value.sentence) == (
        "The stored key of this service account cannot be read. Upload the key again, "
        "or restore the encryption key that sealed it."
    )


def test_a_key_put_in_anew_works_and_keeps_its_row(lost: None, robot: Credential, key_file: str):
    command("add_service_account", key_file)
    again = Credential.objects.get(email=ROBOT)
    credentials.sign_in(again)
    again.refresh_from_db()
    assert (again.pk, again.state, again.sealed_secret.split(":")[1]) == (robot.pk, "works", "new")


def test_who_has_an_authenticator_app_is_told_and_gets_in_when_it_is_removed(
    lost: None, cast: Cast, settings: Any
):
    cache.clear()
    with_app(cast.bob, {"test": bytes(32)})
    client, _ = sign_in(cast.bob)
    answer = client.post(AUTHENTICATE, {"code": code()})
    assert (answer.status_code, "cannot be read here" in answer.content.decode()) == (200, True)
    Authenticator.objects.filter(user=cast.bob).delete()
    client, _ = sign_in(cast.bob)
    assert client.session["_auth_user_id"] == str(cast.bob.pk)
