"""A missing or wrong key stops the start by name; a damaged row stops nobody."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from provisioning import credentials, key_marks
from provisioning.crypto import KeyRing
from provisioning.models import Credential, KeyMark
from tests import environment, factories

RIGHT, WRONG = base64.b64decode(environment.KEY), bytes(range(32))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stored(db: None, everything: None) -> Credential:
    """A secret sealed with the key `test`, which is known."""
    row = factories.CredentialFactory()
    row.sealed_secret = credentials.seal_refresh_token("secret", row.pk)
    row.save()
    key_marks.check()
    return row


def test_with_the_keys_that_sealed_it_starts(stored: Credential):
    key_marks.check()
    assert list(KeyMark.objects.values_list("key_id", flat=True)) == ["test"]


def test_a_missing_key_is_named(stored: Credential, settings: Any):
    settings.PORTAL_ENCRYPTION_KEYS = {"new": WRONG}
    with pytest.raises(ImproperlyConfigured) as caught:
        key_marks.check()
    assert str(caught.value) == (
        "PORTAL_ENCRYPTION_KEYS lacks the key 'test'. Stored secrets that need it: 1. "
        "Put it back behind the others, and run `manage.py rotate_keys` before it is taken out. "
        "If it is lost for good, docs/keys.md says what to do."
    )


@pytest.mark.parametrize("command", ["tick", "db_worker", "rotate_keys"])
def test_another_key_under_the_same_name_is_named(stored: Credential, settings: Any, command: str):
    settings.PORTAL_ENCRYPTION_KEYS = {"test": WRONG}
    with pytest.raises(ImproperlyConfigured) as caught:
        call_command(command)
    assert str(caught.value) == (
        "PORTAL_ENCRYPTION_KEYS has another key under the name 'test' than the one that sealed "
        "stored secrets, of which there are 1. Put the right one back."
    )


def test_a_key_that_nothing_needs_may_go_or_be_another(stored: Credential, settings: Any):
    Credential.objects.update(sealed_secret="")
    settings.PORTAL_ENCRYPTION_KEYS = {"test": WRONG}
    key_marks.check()
    Credential.objects.filter(pk=stored.pk).update(
        sealed_secret=credentials.seal_refresh_token("secret", stored.pk)
    )
    key_marks.check()


@pytest.mark.parametrize("damaged", ["v1:test:AAAA", "v1:never-a-key:AAAA", "v1:", "nonsense", "v1::", ":"])
def test_a_damaged_row_stops_nobody(stored: Credential, damaged: str):
    factories.CredentialFactory(sealed_secret=damaged)
    key_marks.check()
    assert list(KeyMark.objects.values_list("key_id", flat=True)) == ["test"]


def test_a_key_under_which_nothing_opens_is_not_marked(db: None, everything: None, settings: Any):
    row = factories.CredentialFactory()
    sealed = KeyRing({"test": WRONG}).seal("secret", credentials._place(row.pk, "sealed_secret"))
    Credential.objects.filter(pk=row.pk).update(sealed_secret=sealed)
    key_marks.check()
    settings.PORTAL_ENCRYPTION_KEYS = {"test": WRONG}
    key_marks.check()
    settings.PORTAL_ENCRYPTION_KEYS = {"test": RIGHT}
    with pytest.raises(ImproperlyConfigured):
        key_marks.check()


def test_a_mark_does_not_tell_the_key(stored: Credential):
    mark = KeyMark.objects.get()
    assert RIGHT.hex() not in mark.fingerprint
    assert environment.KEY not in mark.fingerprint


def test_a_server_with_a_wrong_key_says_so_in_one_line_and_ends(tmp_path: Path):
    """As gunicorn loads it; before the database has its tables, nothing is said."""
    there = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "PYTHONPATH": str(ROOT)}

    def run(code: str, key: bytes) -> subprocess.CompletedProcess[str]:
        given = there | {"PORTAL_ENCRYPTION_KEYS": f"test:{base64.b64encode(key).decode()}"}
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            cwd=ROOT,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )

    load = "import portal.wsgi\n"
    assert (run(load, RIGHT).returncode, run(load, WRONG).returncode) == (0, 0)
    made = run(
        load + "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from accounts.tenancy import all_tenants\n"
        "from provisioning import credentials, key_marks\n"
        "from provisioning.models import Credential\n"
        "import uuid\n"
        "row = uuid.uuid4()\n"
        "key_marks.check()\n"
        "with all_tenants(reason='a test'):\n"
        "    sealed = credentials.seal_refresh_token('secret', row)\n"
        "    Credential.objects.create(id=row, name='n', email='n@x.example', sealed_secret=sealed)\n",
        RIGHT,
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert run(load, RIGHT).returncode == 0
    refused = run(load, WRONG)
    assert (refused.returncode, refused.stderr.splitlines()) == (
        1,
        [
            "Belvedere cannot start: PORTAL_ENCRYPTION_KEYS has another key under the name 'test' than the "
            "one that sealed stored secrets, of which there are 1. Put the right one back."
        ],
    )
