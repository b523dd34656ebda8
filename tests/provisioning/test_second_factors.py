"""Secrets of second factors are sealed for their person, and open for nobody else."""

from importlib import import_module

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.cache import cache
from django.db import connection

from provisioning.crypto import KeyRing
from provisioning.second_factors import place_of, unplaced
from tests.accounts.stepping import SECRET, code, sign_in, with_app
from tests.conftest import Cast

by_kind = import_module("provisioning.migrations.0014_second_factors_by_kind")
AUTHENTICATE = "/accounts/security/authenticate/"


def test_none_stands_open_in_the_database(cast: Cast, settings):
    with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    client, _ = sign_in(cast.bob)
    client.post(AUTHENTICATE, {"code": code()})
    client.post("/accounts/security/recovery-codes/generate/")
    codes = client.get("/accounts/security/recovery-codes/").context["unused_codes"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = str(cursor.fetchall())
    kept = Authenticator.objects.get(type="recovery_codes")
    seed = KeyRing(settings.PORTAL_ENCRYPTION_KEYS).open(
        kept.data["seed"], place_of(cast.bob.pk, "recovery_codes")
    )
    assert (len(codes), [each for each in (SECRET, seed, *codes) if each in stored]) == (10, [])


def test_one_moved_to_another_person_does_not_open(cast: Cast, settings):
    cache.clear()
    mine = with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    theirs = with_app(cast.alice, settings.PORTAL_ENCRYPTION_KEYS)
    Authenticator.objects.filter(pk=theirs.pk).update(data=mine.data)
    client, _ = sign_in(cast.alice)
    answer = client.post(AUTHENTICATE, {"code": code()})
    assert (answer.status_code, "cannot be read here" in answer.content.decode()) == (200, True)
    assert "_auth_user_id" not in client.session


def test_one_of_an_app_does_not_open_as_recovery_codes_nor_the_other_way(cast: Cast, settings):
    app = with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    client, _ = sign_in(cast.bob)
    client.post(AUTHENTICATE, {"code": code()})
    client.post("/accounts/security/recovery-codes/generate/")
    page = "/accounts/security/recovery-codes/"
    assert len(client.get(page).context["unused_codes"]) == 10
    codes = Authenticator.objects.get(type="recovery_codes")
    ring = KeyRing(settings.PORTAL_ENCRYPTION_KEYS)
    swapped = {"secret": codes.data["seed"]}, {**codes.data, "seed": app.data["secret"]}
    for row, data in zip((app, codes), swapped, strict=True):
        Authenticator.objects.filter(pk=row.pk).update(data=data)
        sealed = data.get("secret") or data["seed"]
        assert not ring.opens(sealed, place_of(cast.bob.pk, row.type))
    other, _ = sign_in(cast.bob)
    answer = other.post(AUTHENTICATE, {"code": code(periods=1)})
    assert "cannot be read here" in answer.content.decode()


def test_those_sealed_before_are_sealed_for_their_kind_and_back(cast: Cast, settings):
    ring = KeyRing(settings.PORTAL_ENCRYPTION_KEYS)
    old = {"totp": "secret", "recovery_codes": "seed"}
    for kind, name in old.items():
        row = Authenticator.objects.create(user=cast.bob, type=kind, data={})
        sealed = ring.seal(f"marked {kind}", unplaced(cast.bob.pk))
        Authenticator.objects.filter(pk=row.pk).update(data={name: sealed, "used_mask": 5})
    damaged = with_app(cast.alice, settings.PORTAL_ENCRYPTION_KEYS)
    Authenticator.objects.filter(pk=damaged.pk).update(data={"secret": "v1:test:damaged"})
    by_kind.apart(apps, None)
    stored = {each.type: each.data for each in Authenticator.objects.filter(user=cast.bob)}
    opened = {kind: ring.open(stored[kind][name], place_of(cast.bob.pk, kind)) for kind, name in old.items()}
    assert opened == {kind: f"marked {kind}" for kind in old}
    assert stored["recovery_codes"]["used_mask"] == 5
    by_kind.together(apps, None)
    back = Authenticator.objects.get(user=cast.bob, type="totp").data["secret"]
    assert ring.open(back, unplaced(cast.bob.pk)) == "marked totp"
    damaged.refresh_from_db()
    assert damaged.data == {"secret": "v1:test:damaged"}
