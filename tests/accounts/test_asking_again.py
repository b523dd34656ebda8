"""People are asked again who they are before what changes who gets in; what they typed goes on after it."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from accounts import guard
from accounts.models import Invitation
from accounts.tenancy import all_tenants
from tests.accounts.stepping import PASSWORD, code, grow_old, sign_in, with_app
from tests.conftest import Cast

INVITE, AGAIN, BY_MAIL = (
    "/clients/acme/people/invite/",
    "/accounts/reauthenticate/",
    "/accounts/security/by-mail/",
)
HALF_AN_HOUR = 30 * 60 + 1
GUEST = {"email": "guest@acme.example", "role": "viewer", "all_views": "on"}


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


@pytest.fixture
def long_ago(cast: Cast) -> Callable[..., Client]:
    """Signs somebody in who showed half an hour ago who they are."""

    def signed_in(user) -> Client:
        client, _ = sign_in(user)
        grow_old(client, HALF_AN_HOUR)
        return client

    return signed_in


def guests() -> list[str]:
    with all_tenants(reason="a test looks"):
        return list(Invitation.objects.values_list("email", flat=True))


def test_signing_in_counts(cast: Cast):
    client, _ = sign_in(cast.alice)
    assert client.post(INVITE, GUEST).url == "/clients/acme/people/"
    assert guests() == ["guest@acme.example"]


def test_half_an_hour_later_one_is_asked_and_what_was_typed_goes_on(cast: Cast, long_ago):
    client = long_ago(cast.alice)
    asked = client.post(INVITE, GUEST)
    assert (asked.url.split("?")[0], guests()) == (AGAIN, [])
    wrong = client.post(asked.url, {"password": "wrong", "next": INVITE})
    assert (wrong.status_code, guests()) == (200, [])
    assert client.post(asked.url, {"password": PASSWORD, "next": INVITE}).url == "/clients/acme/people/"
    assert guests() == ["guest@acme.example"]


def test_looking_asks_nothing(cast: Cast, long_ago):
    assert long_ago(cast.alice).get("/clients/acme/people/").status_code == 200


@pytest.mark.parametrize("person", ["charlie", "bob"])
def test_whoever_has_no_right_is_refused_and_not_asked(person, cast: Cast, long_ago):
    answer = long_ago(getattr(cast, person)).post(INVITE, GUEST)
    assert (person, answer.status_code) == (person, {"charlie": 404, "bob": 403}[person])


def test_without_a_password_a_code_by_mail_does(cast: Cast, long_ago):
    client = long_ago(cast.alice)
    cast.alice.set_unusable_password()
    cast.alice.save()
    client.force_login(cast.alice)  # the session hangs on the password
    grow_old(client, HALF_AN_HOUR)
    asked = client.post(INVITE, GUEST)
    assert asked.url.split("?")[0] == BY_MAIL
    client.post(asked.url, {"send": "yes", "next": INVITE})
    sent = re.findall(r"^[B-Z]{4}-[B-Z]{4}$", mail.outbox[0].body, re.M)
    assert client.post(asked.url, {"code": "WRNG-WRNG", "next": INVITE}).status_code == 200
    assert client.post(asked.url, {"code": sent[0], "next": INVITE}).url == "/clients/acme/people/"
    assert guests() == ["guest@acme.example"]


def test_three_wrong_codes_end_the_one_by_mail(cast: Cast, long_ago):
    client = long_ago(cast.alice)
    client.post(BY_MAIL, {"send": "yes"})
    sent = re.findall(r"^[B-Z]{4}-[B-Z]{4}$", mail.outbox[0].body, re.M)
    for _ in range(3):
        client.post(BY_MAIL, {"code": "WRNG-WRNG"})
    assert client.post(BY_MAIL, {"code": sent[0]}).status_code == 200
    assert client.post(INVITE, GUEST).url.split("?")[0] == AGAIN


def test_a_mailbox_does_not_replace_a_second_step(cast: Cast, long_ago, settings):
    client = long_ago(cast.alice)
    with_app(cast.alice, settings.PORTAL_ENCRYPTION_KEYS)
    assert client.get(BY_MAIL).status_code == 302
    assert client.post("/accounts/security/reauthenticate/", {"code": code()}).status_code == 302
    assert client.post(INVITE, GUEST).url == "/clients/acme/people/"


ADMINS = ["/admin/provisioning/credential/add/", "/admin/accounts/user/add/", "/admin/accounts/tenant/add/"]


@pytest.mark.parametrize("address", ADMINS)
def test_the_admins_pages_ask_when_opened(address, cast: Cast, long_ago):
    client = long_ago(cast.olivia)
    asked = client.get(address)
    assert (asked.status_code, asked.url.split("?")[0]) == (302, AGAIN)
    assert client.post(asked.url, {"password": PASSWORD, "next": address}).url == address
    assert client.get(address).status_code == 200


def test_a_form_that_was_opened_in_time_is_taken(cast: Cast):
    client, _ = sign_in(cast.olivia)
    answers = []
    for minutes in (31, 60):
        grow_old(client, minutes * 60)
        answers.append(client.post("/admin/accounts/tenant/add/", {"name": "", "slug": ""}).status_code)
    assert answers == [200, 302]


def test_lists_of_the_admin_ask_nothing(cast: Cast, long_ago):
    assert long_ago(cast.olivia).get("/admin/accounts/tenant/").status_code == 200


def test_every_page_of_ones_own_second_step_asks(cast: Cast, long_ago):
    client = long_ago(cast.bob)
    asking = {f"mfa_{name}" for name in ("activate_totp", "add_webauthn", "view_recovery_codes")}
    addresses = ["/accounts/security/totp/activate/", "/accounts/security/passkeys/add/",
                 "/accounts/security/recovery-codes/"]  # fmt: skip
    assert asking <= guard.OWN_ACCOUNT
    assert {client.get(each).url.split("?")[0] for each in addresses} == {AGAIN}


def test_what_is_guarded_is_there():
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {each for each in guard.OWN_ACCOUNT if ":" not in each} <= names
