"""A session's key opens nothing, what a session holds is sealed, and sessions elsewhere can be ended."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import devices
from provisioning.sealed_sessions import SessionStore
from tests.accounts.stepping import PASSWORD, key_of, sign_in
from tests.conftest import Cast

PAGE, END, VIEWS = "/accounts/security/", "/accounts/security/devices/end/", "/clients/acme/"


def test_the_key_in_the_database_opens_nothing(cast: Cast):
    client, _ = sign_in(cast.bob)
    thief = Client()
    thief.cookies["sessionid"] = Session.objects.get(session_key=key_of(client)).session_key
    assert (client.get(VIEWS).status_code, thief.get(VIEWS).status_code) == (200, 302)


def test_a_signature_of_another_session_opens_nothing(cast: Cast):
    (bob, _), (alice, _) = sign_in(cast.bob), sign_in(cast.alice)
    thief = Client()
    thief.cookies["sessionid"] = f"{key_of(alice)}:{bob.cookies['sessionid'].value.split(':')[1]}"
    assert thief.get(VIEWS).status_code == 302


def test_what_a_session_holds_is_sealed(cast: Cast):
    client, _ = sign_in(cast.bob)
    session = client.session
    session["secret"] = "marked-secret"
    session.save()
    stored = Session.objects.get(session_key=key_of(client)).session_data
    assert ("marked-secret" in stored, stored.split(":")[:2]) == (False, ["v1", "session"])
    assert client.session["secret"] == "marked-secret"


def test_a_sessions_data_moved_to_another_is_nothing(cast: Cast):
    (alice, _), (bob, _) = sign_in(cast.alice), sign_in(cast.bob)
    alices = Session.objects.get(session_key=key_of(alice)).session_data
    Session.objects.filter(session_key=key_of(bob)).update(session_data=alices)
    assert SessionStore(key_of(bob)).load() == {}
    assert bob.get(VIEWS).status_code == 302


def test_another_secret_key_signs_everybody_out(cast: Cast, settings):
    client, _ = sign_in(cast.bob)
    settings.SECRET_KEY = "another-key-another-key-another-key-another-key-another"
    assert client.get(VIEWS).status_code == 302


def test_sessions_are_listed_and_one_is_ended(cast: Cast):
    here, other, third = (sign_in(cast.bob)[0] for _ in range(3))
    listed = here.get(PAGE).context["devices"]
    assert [each.is_this for each in listed] == [True, False, False]
    ended = UserSession.objects.get(session_key=key_of(other)).pk
    here.post(END, {"device": ended})
    assert [each.get(VIEWS).status_code for each in (here, other, third)] == [200, 302, 200]
    here.post(END, {"device": "others"})
    assert [each.get(VIEWS).status_code for each in (here, third)] == [200, 302]


def test_nobody_ends_anybody_elses(cast: Cast):
    (alice, _), (bob, _) = sign_in(cast.alice), sign_in(cast.bob)
    bobs = UserSession.objects.get(session_key=key_of(bob)).pk
    for device in (str(bobs), "", "nonsense", "9" * 40, "-1"):
        alice.post(END, {"device": device})
    assert bob.get(VIEWS).status_code == 200


def test_browsers_have_names():
    safari, gecko = "AppleWebKit/605 Version/17 Safari/605", "Gecko/20100101 Firefox/120.0"
    says = {
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/120 Safari/537 Edg/120": "Edge on Windows",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) {safari}": "Safari on Mac",
        f"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) {gecko}": "Firefox on Linux",
        "curl/8": "Unknown browser",
    }
    assert {text: devices.name_of(text) for text in says} == says


def test_a_new_password_signs_out_every_other_browser(cast: Cast):
    here, elsewhere = (sign_in(cast.bob)[0] for _ in range(2))
    new = "another long enough one"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", typed).status_code == 302
    assert [each.get(VIEWS).status_code for each in (here, elsewhere)] == [200, 302]
    assert (cast.bob.refresh_from_db(), cast.bob.check_password(new)) == (None, True)
