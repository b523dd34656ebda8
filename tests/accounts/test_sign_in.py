"""Signing in: by a code instead of a password, for thirty days on this device; mails in the agency's look."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import mails
from accounts.models import User
from provisioning.models import WaitingMail
from tests import factories
from tests.conftest import Cast

ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"
DAYS_30 = 30 * 24 * 3600


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    from django.core.cache import cache

    cache.clear()


def code_in(message) -> str:
    return message.subject.split()[0]


def test_a_code_by_mail_instead_of_a_password(cast: Cast):
    client = Client()
    asked = client.post(ASK, {"email": "bob@acme.example"}, follow=True)
    assert asked.redirect_chain == [(CONFIRM, 302)]
    assert [each.to for each in mail.outbox] == [["bob@acme.example"]]
    answer = client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/clients/acme/").status_code == 200


def test_it_leads_back_to_where_somebody_wanted_to_go(cast: Cast):
    client = Client()
    page = client.get("/accounts/login/?next=/clients/acme/").content.decode()
    assert f'href="{ASK}?next=%2Fclients%2Facme%2F"' in page
    asked = client.post(ASK, {"email": "bob@acme.example", "next": "/clients/acme/"})
    answer = client.post(asked.url, {"code": code_in(mail.outbox[0]), "next": "/clients/acme/"})
    assert answer.url == "/clients/acme/"


def test_a_wrong_code_lets_nobody_in_and_three_end_it(cast: Cast):
    client = Client()
    client.post(ASK, {"email": "bob@acme.example"})
    answers = [client.post(CONFIRM, {"code": "wrong"}).status_code for _ in range(3)]
    assert answers == [200, 200, 302]
    assert client.post(CONFIRM, {"code": code_in(mail.outbox[0])}).url == ASK
    assert client.get("/clients/acme/").status_code == 302


def test_a_code_works_once(cast: Cast):
    client = Client()
    client.post(ASK, {"email": "bob@acme.example"})
    code = code_in(mail.outbox[0])
    client.post(CONFIRM, {"code": code})
    client.post(reverse("account_logout"))
    assert client.post(CONFIRM, {"code": code}).url == ASK
    assert client.get("/clients/acme/").status_code == 302


def test_who_has_no_account_is_told_by_mail_and_the_page_looks_the_same(cast: Cast):
    pages = [
        Client().post(ASK, {"email": email}, follow=True).content.count(b"If ")
        for email in ("bob@acme.example", "nobody@else.example")
    ]
    assert pages == [1, 1]
    assert [each.subject for each in mail.outbox][1] == "No account with this address at Northlight"


def test_this_device_stays_signed_in_for_thirty_days(cast: Cast):
    by_password, by_code = Client(), Client()
    by_password.post("/accounts/login/", {"login": "bob@acme.example", "password": "correct horse battery"})
    by_code.post(ASK, {"email": "bob@acme.example"})
    by_code.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    ages = [client.cookies["sessionid"]["max-age"] for client in (by_password, by_code)]
    assert ages == [DAYS_30, DAYS_30]


def test_a_password_from_before_the_address_was_proven_is_forgotten(cast: Cast):
    squatter = User.objects.create_user("nora@acme.example", "chosen beforehand")
    EmailAddress.objects.create(user=squatter, email=squatter.email, primary=True, verified=False)
    nora = Client()
    nora.post(ASK, {"email": "nora@acme.example"})
    nora.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    assert nora.get("/accounts/email/").status_code == 200
    assert not Client().login(email="nora@acme.example", password="chosen beforehand")


def test_a_password_of_somebody_proven_stays(cast: Cast):
    client = Client()
    client.post(ASK, {"email": "bob@acme.example"})
    client.post(CONFIRM, {"code": code_in(mail.outbox[0])})
    cast.bob.refresh_from_db()
    assert cast.bob.check_password("correct horse battery")


@pytest.mark.parametrize("path", [ASK, "/accounts/password/reset/"])
def test_a_mail_server_that_fails_is_said(cast: Cast, no_mail_server, path: str):
    answer = Client().post(path, {"email": "bob@acme.example"}, follow=True)
    said = [str(each) for each in answer.context["messages"]]
    assert (answer.status_code, said) == (200, [str(mails.WAITS)])
    assert WaitingMail.objects.get().to == "bob@acme.example"


def html_of(message) -> str:
    return next(content for content, kind in message.alternatives if kind == "text/html")


def test_every_mail_of_allauths_carries_name_logo_and_colour(cast: Cast):
    look = factories.branded()
    Client().post(ASK, {"email": "bob@acme.example"})
    Client().post(ASK, {"email": "nobody@else.example"})
    Client().post("/accounts/password/reset/", {"email": "bob@acme.example"})
    assert len(mail.outbox) == 3
    for message in mail.outbox:
        assert f'<img class="plate" src="http://testserver/logo-{look.logo_digest}"' in html_of(message)
        assert "Northlight" in message.body
    assert "background:#0044cc" in html_of(mail.outbox[2])


def test_a_forgotten_password_is_set_anew_by_mail_in_the_portals_own_words(cast: Cast):
    client = Client()
    page = client.get("/accounts/password/reset/").content.decode()
    assert "Northlight sends you a link by mail." in page
    done = client.post("/accounts/password/reset/", {"email": "bob@acme.example"}, follow=True)
    assert "A mail is on its way." in done.content.decode()
    (message,) = mail.outbox
    assert message.subject == "Set your password at Northlight"
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    lines = [line for line in message.body.splitlines() if line and line != link]
    assert lines == [
        "With this link you set a new password.",
        "If you did not ask for it, do nothing: your password stays as it is.",
        "Questions? Ask Northlight: hello@northlight.example",
        "Northlight",
        "http://testserver",
    ]
    form = client.get(link.removeprefix("http://testserver"), follow=True)
    chosen = {"password1": "a new and long one", "password2": "a new and long one"}
    saved = client.post(form.redirect_chain[-1][0], chosen, follow=True)
    assert "Your password is set." in saved.content.decode()
    assert Client().login(email="bob@acme.example", password="a new and long one")


def test_the_page_to_change_a_password_is_the_portals_own(cast: Cast):
    client = Client()
    client.force_login(cast.bob)
    assert "<h1>Your password</h1>" in client.get("/accounts/password/change/").content.decode()
