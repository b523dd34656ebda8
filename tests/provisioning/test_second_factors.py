"""Secrets of second factors are sealed for their person, and open for nobody else."""

from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection

from provisioning.crypto import KeyRing
from provisioning.second_factors import place_of
from tests.accounts.stepping import SECRET, code, sign_in, with_app
from tests.conftest import Cast

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
    seed = KeyRing(settings.PORTAL_ENCRYPTION_KEYS).open(kept.data["seed"], place_of(cast.bob.pk))
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
