"""`rotate_keys` re-encrypts every secret with the first key while others write, and goes on from where it was
killed.
"""

from __future__ import annotations

import base64
import io
import os
import signal
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.tenancy import all_tenants
from provisioning import credentials, rotation
from provisioning.crypto import KeyRing, key_of
from provisioning.models import Arrival, Consent, Credential, WaitingMail
from provisioning.sealed_places import Source, keys_in_use, sources
from tests import environment, factories
from tests.conftest import Cast

OLD, NEW = base64.b64decode(environment.KEY), bytes(range(32))
ROOT = Path(__file__).resolve().parents[2]


def secret_of(row: Any, column: str) -> str:
    return credentials._open(row, column)


@pytest.fixture
def sealed(cast: Cast, everything: None) -> list[tuple[Any, str, str]]:
    """A row for every sealed column, sealed with the old key: the row, the column, the secret."""
    ids = [uuid.uuid4() for _ in range(4)]
    arriving = factories.RequestFactory(tenant=cast.tenant)
    own = factories.CredentialFactory(id=ids[0], tenant=cast.tenant)
    own.sealed_secret = credentials.seal_refresh_token("refresh", ids[0])
    own.save()
    credentials.keep_access_token(own, "access", timezone.now())
    soon = timezone.now()
    consent = Consent.objects.create(
        id=ids[1], tenant=cast.tenant, digest="d", session_digest="s", purpose="request", request=arriving,
        scopes="", expires_at=soon, sealed_verifier=credentials.seal_verifier("verifier", ids[1]),
    )  # fmt: skip
    arrival = Arrival.objects.create(
        id=ids[2], tenant=cast.tenant, request=arriving, consent=consent, subject="1", is_email_verified=True,
        expires_at=soon, sealed_tokens=credentials.seal_tokens("tokens", ids[2]),
    )  # fmt: skip
    waiting = WaitingMail.objects.create(
        id=ids[3], to="a@b.example", expires_at=soon, sealed_mail=credentials.seal_mail("mail", ids[3])
    )
    return [
        (own, "sealed_secret", "refresh"),
        (own, "sealed_access_token", "access"),
        (consent, "sealed_verifier", "verifier"),
        (arrival, "sealed_tokens", "tokens"),
        (waiting, "sealed_mail", "mail"),
    ]


@pytest.fixture
def rotating(settings: Any) -> None:
    settings.PORTAL_ENCRYPTION_KEYS = {"new": NEW, "test": OLD}


def secrets_of(rows: list[tuple[Any, str, str]]) -> list[str]:
    return [secret_of(type(row).objects.get(pk=row.pk), column) for row, column, _secret in rows]


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_keys", stdout=out, stderr=out)
    return out.getvalue()


def test_every_sealed_column_of_every_model_is_known(sealed: list[Any]):
    columns = {(type(row)._meta.label, column) for row, column, _secret in sealed}
    found = {(each.model._meta.label, each.column) for each in sources() if each.column.startswith("sealed_")}
    named = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if "sealed" in field.name
    }
    assert found == columns == named


def test_everything_is_sealed_with_the_first_key_afterwards_and_opens_without_the_older(
    sealed: list[Any], rotating: None, settings: Any
):
    said = rotate()
    assert said.splitlines() == [
        "Re-encrypted 5 secrets with the key “new”.",
        "Nothing needs an older key. Take the others out once every process has “new” first.",
    ]
    settings.PORTAL_ENCRYPTION_KEYS = {"new": NEW}
    assert (secrets_of(sealed), keys_in_use()) == ([secret for *_row, secret in sealed], {"new": 5})


def test_run_again_it_finds_nothing_to_do(sealed: list[Any], rotating: None):
    rotate()
    before = [getattr(type(row).objects.get(pk=row.pk), column) for row, column, _secret in sealed]
    assert rotate().startswith("Re-encrypted 0 secrets")
    assert [getattr(type(row).objects.get(pk=row.pk), column) for row, column, _secret in sealed] == before


def test_second_factors_are_re_encrypted_too(cast: Cast, everything: None, rotating: None):
    if not apps.is_installed("allauth.mfa"):
        pytest.skip("no second factors are installed")
    from provisioning.second_factors import place_of

    of_app, of_codes = (place_of(cast.alice.pk, kind) for kind in ("totp", "recovery_codes"))
    old = KeyRing({"test": OLD})
    rows = apps.get_model("mfa", "Authenticator").objects
    app = rows.create(user=cast.alice, type="totp", data={"secret": old.seal("totp", of_app)})
    codes = {"seed": old.seal("seed", of_codes), "used_mask": 5}
    recovery = rows.create(user=cast.alice, type="recovery_codes", data=codes)
    key = {"name": "v1:test:my key", "credential": {}}
    passkey = rows.create(user=cast.alice, type="webauthn", data=key)
    rotate()
    new = KeyRing({"new": NEW})
    for row in (app, recovery, passkey):
        row.refresh_from_db()
    assert new.open(app.data["secret"], of_app) == "totp"
    assert (new.open(recovery.data["seed"], of_codes), recovery.data["used_mask"]) == ("seed", 5)
    assert passkey.data == key


def test_what_cannot_be_opened_stays_and_is_named(sealed: list[Any], rotating: None):
    damaged = factories.CredentialFactory(sealed_secret="v1:test:AAAA")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match=r"^Keep the older keys for now"):
        call_command("rotate_keys", stdout=out, stderr=err)
    assert err.getvalue().splitlines() == [
        "1 secret still needs the key “test”.",
        f"provisioning_credential.sealed_secret, row {damaged.pk}: "
        "the sealed text is damaged or stands in another place",
    ]
    assert secrets_of(sealed) == [secret for *_row, secret in sealed]
    damaged.refresh_from_db()
    assert damaged.sealed_secret == "v1:test:AAAA"


def test_whoever_writes_meanwhile_wins(
    sealed: list[Any], rotating: None, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    """A consent renews the grant between the look and the write, by a process that still seals as before."""
    row = sealed[0][0]
    reseal = KeyRing.reseal
    renewed = KeyRing({"test": OLD}).seal("renewed", credentials._place(row.pk, "sealed_secret"))
    once = iter([True])

    def late(self: KeyRing, text: str, place: Any) -> str:
        if place.column == "sealed_secret" and next(once, False):
            Credential.objects.filter(pk=row.pk).update(sealed_secret=renewed)
        return reseal(self, text, place)

    monkeypatch.setattr(KeyRing, "reseal", late)
    rotate()
    row.refresh_from_db()
    assert (secret_of(row, "sealed_secret"), key_of(row.sealed_secret)) == ("renewed", "new")


def test_what_an_older_process_writes_behind_its_back_is_found_at_the_end(
    sealed: list[Any], rotating: None, monkeypatch: pytest.MonkeyPatch
):
    row = sealed[0][0]
    behind = KeyRing({"test": OLD}).seal("late", credentials._place(row.pk, "sealed_secret"))
    whole = rotation._rotate
    once = iter([True])

    def then_another(source: Source, *args: Any) -> None:
        whole(source, *args)
        if source.column == "sealed_tokens" and next(once, False):
            Credential.objects.filter(pk=row.pk).update(sealed_secret=behind)

    monkeypatch.setattr(rotation, "_rotate", then_another)
    rotate()
    row.refresh_from_db()
    assert (secret_of(row, "sealed_secret"), key_of(row.sealed_secret)) == ("late", "new")


def test_a_row_that_goes_meanwhile_is_no_error(
    sealed: list[Any], rotating: None, monkeypatch: pytest.MonkeyPatch
):
    reseal = KeyRing.reseal

    def gone(self: KeyRing, text: str, place: Any) -> str:
        Arrival.objects.all().delete()
        return reseal(self, text, place)

    monkeypatch.setattr(KeyRing, "reseal", gone)
    assert rotate().startswith("Re-encrypted 4 secrets")


def test_google_s_new_refresh_token_is_kept_though_the_one_before_was_re_encrypted(
    cast: Cast, everything: None, rotating: None
):
    grant = factories.CredentialFactory(tenant=cast.tenant, kind="grant")
    grant.sealed_secret = KeyRing({"test": OLD}).seal("first", credentials._place(grant.pk, "sealed_secret"))
    grant.save()
    rotation.rotate()
    credentials._follow(grant, "first", "second")
    grant.refresh_from_db()
    assert secret_of(grant, "sealed_secret") == "second"
    credentials._follow(Credential(pk=grant.pk, sealed_secret="another"), "first", "third")
    grant.refresh_from_db()
    assert secret_of(grant, "sealed_secret") == "second"


KILLED = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from provisioning.crypto import KeyRing
reseal, seen = KeyRing.reseal, []
def until(self, text, place):
    seen.append(place)
    if len(seen) > {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    return reseal(self, text, place)
KeyRing.reseal = until
call_command("rotate_keys")
"""


def test_killed_in_the_middle_it_is_taken_up_where_it_was(tmp_path: Path):
    """A process of its own on a database of its own, ended by `kill -9` after three rows of ten."""
    keys = {"PORTAL_ENCRYPTION_KEYS": f"test:{environment.KEY}"}
    both = {"PORTAL_ENCRYPTION_KEYS": f"new:{base64.b64encode(NEW).decode()},test:{environment.KEY}"}
    there = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "PYTHONPATH": str(ROOT)}
    there["DJANGO_SETTINGS_MODULE"] = "portal.settings"

    def run(code: str, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=there | given,
            capture_output=True,
            text=True,
            check=False,
        )

    manage = "import django; django.setup(); from django.core.management import call_command; "
    made = run(
        manage + "call_command('migrate', verbosity=0)\n"
        "from accounts.tenancy import all_tenants\n"
        "from provisioning import credentials\n"
        "from provisioning.models import Credential\n"
        "import uuid\n"
        "with all_tenants(reason='a test'):\n"
        "    for n in range(10):\n"
        "        row = uuid.uuid4()\n"
        "        sealed = credentials.seal_refresh_token(f'secret {n}', row)\n"
        "        Credential.objects.create(id=row, name=str(n), email=f'{n}@x', sealed_secret=sealed)\n",
        keys,
    )
    assert (made.returncode, made.stderr) == (0, "")
    killed = run(KILLED.format(after=3), both)
    look = (
        "import django; django.setup()\n"
        "from accounts.tenancy import all_tenants\n"
        "from provisioning import credentials\n"
        "from provisioning.crypto import key_of\n"
        "from provisioning.models import Credential\n"
        "with all_tenants(reason='a test'):\n"
        "    rows = list(Credential.objects.order_by('name'))\n"
        "    print([credentials._open(row, 'sealed_secret') for row in rows])\n"
        "    print(sorted(key_of(row.sealed_secret) for row in rows))\n"
    )
    secrets = str([f"secret {n}" for n in range(10)])
    halfway = run(look, both).stdout.splitlines()
    resumed = run(manage + "call_command('rotate_keys')", both)
    after = run(look, {"PORTAL_ENCRYPTION_KEYS": f"new:{base64.b64encode(NEW).decode()}"}).stdout.splitlines()
    assert killed.returncode == -signal.SIGKILL
    assert halfway == [secrets, str(["new"] * 3 + ["test"] * 7)]
    assert resumed.stdout.splitlines()[0] == "Re-encrypted 7 secrets with the key “new”."
    assert after == [secrets, str(["new"] * 10)]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_who_works_meanwhile_notices(settings: Any):
    """Readers open and writers replace what is being re-encrypted, until it is done."""
    with all_tenants(reason="a test's set-up"):
        rows = [factories.CredentialFactory() for _ in range(20)]
        for row in rows:
            row.sealed_secret = credentials.seal_refresh_token(f"of {row.pk}", row.pk)
            row.save()
    settings.PORTAL_ENCRYPTION_KEYS = {"new": NEW, "test": OLD}
    done, wrong = threading.Event(), []

    def work() -> None:
        with all_tenants(reason="a test"):
            try:
                while True:
                    last = done.is_set()
                    for row in rows:
                        found = Credential.objects.get(pk=row.pk)
                        assert secret_of(found, "sealed_secret") == f"of {row.pk}"
                        credentials.keep_access_token(found, f"token of {row.pk}", timezone.now())
                    if last:
                        return
            except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
                wrong.append(error)
            finally:
                connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    with all_tenants(reason="a test"):
        outcome = rotation.rotate()
    done.set()
    for each in threads:
        each.join(timeout=60)
    with all_tenants(reason="a test looks"):
        left = rotation.older_keys_in_use()
    assert (wrong, outcome.needed, outcome.unreadable, left) == ([], {}, [], {})
