"""A passkey leads to where somebody wanted to go, and whoever must have a second step keeps the last."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from tests.accounts.stepping import sign_in
from tests.conftest import Cast

ANSWER = '{"id": "1"}'
SIGN_IN, PAGE = "/accounts/security/passkeys/sign-in/", "/accounts/security/"


def passkey_of(user: User) -> Authenticator:
    made: Authenticator = Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Laptop", "credential": {}}
    )
    return made


@pytest.fixture
def answered(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Authenticator:
    """bob's browser answers with his passkey; how that is checked is allauth's affair."""
    cache.clear()
    passkey = passkey_of(cast.bob)
    monkeypatch.setattr(forms.LoginWebAuthnForm, "clean_credential", lambda form: passkey)
    return passkey


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/clients/acme/", "/clients/acme/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("", "/"),
    ],
)
def test_it_leads_to_where_somebody_wanted_to_go_among_ours(wanted: str, leads_to: str, answered):
    client = Client()
    answer = client.post(SIGN_IN, {"credential": ANSWER, "next": wanted})
    assert (answer.status_code, answer.url) == (302, leads_to)
    assert client.get("/clients/acme/").status_code == 200


@pytest.mark.parametrize(("wanted", "kept"), [("/clients/acme/", "?next=%2Fclients%2Facme%2F"), ("", "")])
def test_one_that_does_not_work_keeps_it(wanted: str, kept: str, cast: Cast, monkeypatch):
    def refused(form):
        raise ValidationError("no")

    cache.clear()
    monkeypatch.setattr(forms.LoginWebAuthnForm, "clean_credential", refused)
    client = Client()
    answer = client.post(SIGN_IN, {"credential": ANSWER, "next": wanted})
    assert (answer.status_code, answer.url) == (302, f"/accounts/login/{kept}")
    assert "_auth_user_id" not in client.session


def test_somebody_shut_out_does_not_get_in(answered, cast: Cast):
    cast.bob.is_active = False
    cast.bob.save()
    client = Client()
    client.post(SIGN_IN, {"credential": ANSWER, "next": "/clients/acme/"})
    assert "_auth_user_id" not in client.session


@pytest.fixture
def danas(answered, cast: Cast, monkeypatch, settings) -> tuple[Client, Authenticator]:
    """dana, signed in with the one passkey that she has."""
    settings.MFA_REQUIRED = "staff"
    passkey = passkey_of(cast.dana)
    monkeypatch.setattr(forms.LoginWebAuthnForm, "clean_credential", lambda form: passkey)
    client = Client()
    client.post(SIGN_IN, {"credential": ANSWER})
    return client, passkey


@pytest.mark.parametrize("verb", ["get", "post"])
def test_the_last_of_whoever_must_have_one_stays_and_it_is_said(verb: str, danas):
    client, passkey = danas
    answer = getattr(client, verb)(f"/accounts/security/passkeys/{passkey.pk}/remove/", follow=True)
    said = [str(each) for each in answer.context["messages"]]
    assert (answer.redirect_chain, said) == (
        [(PAGE, 302)],
        ["You need a second step here. Add another one first."],
    )
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_one_of_two_goes(danas, cast: Cast):
    client, passkey = danas
    passkey_of(cast.dana)
    client.post(f"/accounts/security/passkeys/{passkey.pk}/remove/")
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()


def test_who_need_not_have_one_removes_the_last(danas, settings):
    client, passkey = danas
    settings.MFA_REQUIRED = "off"
    client.post(f"/accounts/security/passkeys/{passkey.pk}/remove/")
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()


def test_somebody_elses_is_not_there(danas, answered, cast: Cast):
    client, _ = danas
    address = f"/accounts/security/passkeys/{answered.pk}/remove/"
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    assert Client().post(address).status_code == 302
    assert sign_in(cast.alice)[0].get(address).status_code == 404
    assert Authenticator.objects.filter(pk=answered.pk).exists()
