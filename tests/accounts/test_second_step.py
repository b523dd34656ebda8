"""Who must have a second step, what a session can do without having taken it, and that codes count once."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import second_step
from tests.accounts.stepping import ACTIVATE, SECRET, code, sign_in, with_app
from tests.conftest import Cast

PAGE, AUTHENTICATE = "/accounts/security/", "/accounts/security/authenticate/"
ADMIN, PEOPLE = "/admin/", "/clients/acme/people/"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


@pytest.mark.parametrize(
    ("required", "who"),
    [("off", set()), ("staff", {"dana", "olivia"}), ("everybody", {"alice", "bob", "dana", "olivia"})],
)
def test_who_must_have_one_says_the_setting(required, who, cast: Cast, settings):
    settings.MFA_REQUIRED = required
    people = {name: getattr(cast, name) for name in ("alice", "bob", "dana", "olivia")}
    assert {name for name, user in people.items() if second_step.must_have(user)} == who


@pytest.mark.parametrize("address", [ADMIN, "/admin/accounts/user/add/", "/", "/clients/acme/", PEOPLE])
def test_staff_without_one_are_led_to_set_it_up(address, cast: Cast, settings):
    settings.MFA_REQUIRED = "staff"
    client, _ = sign_in(cast.olivia)
    answer = client.get(address)
    assert (answer.status_code, answer.url) == (302, PAGE)


def test_with_it_they_get_where_they_wanted(cast: Cast, settings):
    settings.MFA_REQUIRED = "staff"
    with_app(cast.dana, settings.PORTAL_ENCRYPTION_KEYS)
    client, answer = sign_in(cast.dana)
    assert (answer.url, client.get(ADMIN).status_code) == (AUTHENTICATE, 302)
    assert client.post(AUTHENTICATE, {"code": code()}).status_code == 302
    assert client.get(ADMIN).status_code == 200


def test_the_admin_has_no_door_of_its_own(cast: Cast, settings):
    settings.MFA_REQUIRED = "staff"
    with_app(cast.olivia, settings.PORTAL_ENCRYPTION_KEYS)
    client = Client()
    answer = client.post(
        "/admin/login/", {"username": cast.olivia.email, "password": "correct horse battery"}
    )
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")
    assert "_auth_user_id" not in client.session


def test_a_session_from_before_it_was_set_up_takes_it(cast: Cast, settings):
    settings.MFA_REQUIRED = "staff"
    client, _ = sign_in(cast.dana)
    with_app(cast.dana, settings.PORTAL_ENCRYPTION_KEYS)
    asked = client.get(ADMIN)
    assert asked.url == "/accounts/security/reauthenticate/?next=%2Fadmin%2F"
    assert client.post(asked.url, {"code": code()}).url == ADMIN
    assert client.get(ADMIN).status_code == 200


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_whoever_sets_one_up_has_taken_it(cast: Cast, settings):
    settings.MFA_REQUIRED = "staff"
    client, _ = sign_in(cast.olivia)
    client.get(ADMIN)
    page = client.get(ACTIVATE).content.decode()
    secret = re.findall(r"<code>(\w+)</code>", page)[0]
    assert client.post(ACTIVATE, {"code": code(secret)}).url == "/accounts/security/recovery-codes/"
    assert client.get(PAGE).context["then"] == ADMIN
    assert client.get(ADMIN).status_code == 200
    assert [each.subject for each in mail.outbox] == ["Authenticator App Activated"]
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_owners_of_clients_need_one_for_people_and_not_for_figures(cast: Cast, settings):
    settings.MFA_REQUIRED = "staff"
    client, _ = sign_in(cast.alice)
    assert client.get("/clients/acme/").status_code == 200
    assert [client.get(PEOPLE).url, client.get("/clients/acme/google/").url] == [PAGE, PAGE]
    with_app(cast.alice, settings.PORTAL_ENCRYPTION_KEYS)
    assert client.get(PEOPLE).status_code == 200


def test_others_hear_404_before_they_are_asked_for_anything(cast: Cast, settings):
    settings.MFA_REQUIRED = "staff"
    client, _ = sign_in(cast.charlie)
    assert client.get(PEOPLE).status_code == 404


def test_a_code_counts_once(cast: Cast, settings):
    with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    typed = code()
    answers = []
    for client in [sign_in(cast.bob)[0] for _ in range(2)]:
        answers.append(client.post(AUTHENTICATE, {"code": typed}).status_code)
        cache.delete(f"allauth.mfa.totp.used?user={cast.bob.pk}&code={typed}")  # as after 30 seconds
    assert answers == [302, 200]


def test_six_wrong_codes_are_too_many(cast: Cast, settings):
    with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    client, _ = sign_in(cast.bob)
    for _ in range(6):
        client.post(AUTHENTICATE, {"code": "000000"})
    assert client.post(AUTHENTICATE, {"code": code()}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_whoever_must_have_one_keeps_the_last(cast: Cast, settings):
    app = with_app(cast.dana, settings.PORTAL_ENCRYPTION_KEYS)
    kept = {}
    for settings.MFA_REQUIRED in ("off", "staff"):
        kept[settings.MFA_REQUIRED] = second_step.must_keep(app)
    assert kept == {"off": False, "staff": True}


@pytest.mark.parametrize(
    ("base_url", "works"),
    [("https://portal.example", True), ("http://localhost:8000", True), ("http://portal.example", False),
     ("https://192.0.2.7", False), ("https://[2001:db8::1]", False), ("http://127.0.0.1:8000", False)],
)  # fmt: skip
def test_passkeys_need_a_name(base_url, works, cast: Cast, settings):
    settings.BASE_URL = base_url
    client, _ = sign_in(cast.bob)
    says = "not by an IP address" in client.get(PAGE).content.decode()
    assert (second_step.passkeys_work(), says) == (works, not works)


def test_the_picture_alone_may_be_data(cast: Cast, settings):
    client, _ = sign_in(cast.bob)
    pages = {address: client.get(address)["Content-Security-Policy"] for address in (ACTIVATE, PAGE)}
    found = {address: re.findall(r"img-src ([^;]+)", policy) for address, policy in pages.items()}
    assert found == {ACTIVATE: ["'self' data:"], PAGE: ["'self'"]}


def test_every_page_says_what_it_may_use_of_a_browser(client: Client, db):
    answer = client.get("/accounts/login/")
    assert "camera=()" in answer["Permissions-Policy"].split(", ")
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_next_leads_to_ourselves_alone(cast: Cast):
    going = {
        where: sign_in_to(cast, where)
        for where in ("/clients/acme/", "https://evil.example/", "//evil.example", "/\\evil.example")
    }
    assert going == {
        "/clients/acme/": "/clients/acme/",
        "https://evil.example/": "/",
        "//evil.example": "/",
        "/\\evil.example": "/",
    }


def sign_in_to(cast: Cast, where: str) -> str:
    typed = {"login": cast.bob.email, "password": "correct horse battery", "next": where}
    return str(Client().post("/accounts/login/", typed).url)


def test_the_secret_is_on_no_page_of_the_admin(cast: Cast, settings):
    with_app(cast.dana, settings.PORTAL_ENCRYPTION_KEYS)
    client = Client()
    client.force_login(cast.olivia)
    assert client.get("/admin/mfa/authenticator/").status_code == 404
    assert SECRET not in client.get("/admin/").content.decode()


def test_the_agencys_owner_removes_that_of_somebody_who_lost_it(cast: Cast, settings):
    lost, kept = (with_app(user, settings.PORTAL_ENCRYPTION_KEYS) for user in (cast.dana, cast.bob))
    asked = {"action": "remove_second_step", "_selected_action": [cast.dana.pk]}
    answers = []
    for asker in (cast.erin, cast.olivia):
        client = Client()
        client.force_login(asker)
        answers.append(client.post("/admin/accounts/user/", asked).status_code)
        left = {each.user_id for each in Authenticator.objects.all()}
        answers.append(left == {lost.user_id, kept.user_id})
    assert (answers, left) == ([403, True, 302, False], {kept.user_id})


def codes_of(user, settings) -> list[str]:
    """Recovery codes, made as the person makes them."""
    client, _ = sign_in(user)
    client.post(AUTHENTICATE, {"code": code()})
    client.post("/accounts/security/recovery-codes/generate/")
    return list(client.get("/accounts/security/recovery-codes/").context["unused_codes"])


def test_a_recovery_code_counts_once(cast: Cast, settings):
    with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    spare = codes_of(cast.bob, settings)[0]
    cache.clear()
    answers = []
    for _ in range(2):
        client, _ = sign_in(cast.bob)
        client.post(AUTHENTICATE, {"code": spare})
        answers.append("_auth_user_id" in client.session)
        cache.clear()
    assert answers == [True, False]


def test_six_wrong_recovery_codes_are_too_many_in_whichever_session(cast: Cast, settings):
    with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    spare = codes_of(cast.bob, settings)[0]
    cache.clear()
    for number in range(6):
        client, _ = sign_in(cast.bob)
        client.post(AUTHENTICATE, {"code": f"1234567{number}"})
    client, _ = sign_in(cast.bob)
    client.post(AUTHENTICATE, {"code": spare})
    assert "_auth_user_id" not in client.session


def test_codes_are_limited_when_asked_again_too(cast: Cast, settings):
    with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    client, _ = sign_in(cast.bob)
    client.post(AUTHENTICATE, {"code": code(periods=-1)})
    again = "/accounts/security/reauthenticate/"
    for _ in range(6):
        client.post(again, {"code": "000000"})
    assert client.post(again, {"code": code()}).status_code == 200


def test_whoever_lost_the_second_step_is_signed_out_everywhere_when_it_is_removed(cast: Cast, settings):
    with_app(cast.bob, settings.PORTAL_ENCRYPTION_KEYS)
    finder, _ = sign_in(cast.bob)
    finder.post(AUTHENTICATE, {"code": code()})
    alice, _ = sign_in(cast.alice)
    assert [each.get("/clients/acme/").status_code for each in (finder, alice)] == [200, 200]
    assert second_step.remove(user=cast.bob) == 1
    assert [each.get("/clients/acme/").status_code for each in (finder, alice)] == [302, 200]


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/admin/"])
def test_the_admins_door_leads_through_the_portals_and_to_ourselves_alone(where: str, cast: Cast):
    client = Client()
    door = client.get("/admin/login/", {"next": where})
    assert (door.status_code, door.url.split("?")[0]) == (302, "/accounts/login/")
    typed = {"login": cast.dana.email, "password": "correct horse battery", "next": where}
    assert client.post(door.url, typed).url == ("/admin/" if where == "/admin/" else "/")
