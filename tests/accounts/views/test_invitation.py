"""Behind an invitation's link: each kind of visitor, each state, and nothing that opening it would change."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import invitations
from accounts.models import Invitation, InvitationLink, Membership, User
from accounts.tenancy import all_tenants
from provisioning.models import WaitingMail
from tests import factories
from tests.conftest import Cast

PASSWORD = "a long enough one"


def page(issued: invitations.Issued) -> str:
    return reverse("accounts:invitation", args=[issued.token.value])


def renewal(issued: invitations.Issued) -> str:
    return reverse("accounts:invitation_renew", args=[issued.token.value])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(issued: invitations.Issued, **values) -> None:
    """Changes the invitation in the database, its link's end too."""
    with all_tenants(reason="a test"):
        Invitation.objects.filter(pk=issued.invitation.pk).update(**values)
        if "expires_at" in values:
            InvitationLink.objects.filter(invitation=issued.invitation).update(
                expires_at=values["expires_at"]
            )


def expire(issued: invitations.Issued) -> None:
    past = issued.invitation.created_at - datetime.timedelta(days=1)
    change(issued, expires_at=past, last_sent_at=past)


def is_member(email: str) -> bool:
    return Membership._base_manager.filter(user__email=email, tenant__slug="acme").exists()


@pytest.fixture
def nora(cast: Cast) -> invitations.Issued:
    """An invitation to somebody whom the portal does not know."""
    return factories.invited("nora@acme.example", cast.tenant)


@pytest.fixture
def charlies(cast: Cast) -> invitations.Issued:
    """An invitation to somebody who has a password here, at another client."""
    return factories.invited("charlie@rival.example", cast.tenant)


# Somebody new


def test_somebody_new_sets_a_password_and_is_in(cast: Cast, nora):
    client = Client()
    asked = client.get(page(nora))
    assert (asked.status_code, asked.context["door"]) == (200, "new")
    answer = client.post(page(nora), {"name": "Nora", "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/")
    user = User.objects.get(email="nora@acme.example")
    assert (user.name, user.check_password(PASSWORD), user.is_staff) == ("Nora", True, False)
    assert EmailAddress.objects.get(user=user).verified
    assert is_member("nora@acme.example")
    assert client.get("/clients/acme/").status_code == 200
    assert client.get("/clients/rival/").status_code == 404


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("short", "This password is too short. It must contain at least 10 characters."),
        ("nora@acme.example", "The password is too similar to the e-mail address."),
        ("", "This field is required."),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(nora, password: str, error: str):
    client = Client()
    answer = client.post(page(nora), {"name": "Nora", "password": password})
    form = answer.context["form"]
    assert (answer.status_code, form.errors["password"], form["name"].value()) == (200, [error], "Nora")
    assert "value=" not in str(form["password"])
    assert not User.objects.filter(email="nora@acme.example").exists()
    assert client.post(page(nora), {"password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_opens_the_link_changes_nothing(cast: Cast, nora, method: str):
    for _ in range(3):
        assert getattr(Client(), method)(page(nora)).status_code == 200
    row = Invitation._base_manager.get()
    assert (row.state, User.objects.count(), mail.outbox) == ("waiting", 6, [])
    assert Client().post(page(nora), {"password": PASSWORD}).status_code == 302


def test_the_form_is_guarded_against_other_sites(nora):
    client = Client(enforce_csrf_checks=True)
    assert client.post(page(nora), {"password": PASSWORD}).status_code == 403
    assert not User.objects.filter(email="nora@acme.example").exists()


def test_a_second_tab_and_a_replay_find_it_accepted(nora):
    Client().post(page(nora), {"password": PASSWORD})
    second = Client()
    answer = second.post(page(nora), {"password": "quite another one"})
    assert (answer.status_code, answer.context["door"]) == (409, "accepted")
    assert second.get("/clients/acme/").status_code == 302
    assert User.objects.get(email="nora@acme.example").check_password(PASSWORD)


def test_any_of_several_mails_will_do(nora, cast: Cast):
    change(nora, last_sent_at=None)
    with all_tenants(reason="a test"):
        newer = invitations.resend(invitation=nora.invitation)
    assert Client().get(page(newer)).context["door"] == "new"
    Client().post(page(nora), {"password": PASSWORD})
    assert is_member("nora@acme.example")
    assert Client().get(page(newer)).context["door"] == "accepted"


# Somebody known


def test_a_known_person_is_never_given_a_password(cast: Cast, charlies):
    client = Client()
    asked = client.get(page(charlies))
    assert (asked.context["door"], b'type="password"' in asked.content) == ("sign-in", False)
    answer = client.post(page(charlies), {"password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, asked.context["sign_in_address"])
    cast.charlie.refresh_from_db()
    assert cast.charlie.check_password("correct horse battery")
    assert not is_member("charlie@rival.example")


def test_signing_in_leads_back_and_one_click_accepts(cast: Cast, charlies):
    client = Client()
    address = client.get(page(charlies)).context["sign_in_address"]
    back = client.post(
        address,
        {"login": "charlie@rival.example", "password": "correct horse battery", "next": page(charlies)},
    )
    assert back.url == page(charlies)
    assert client.get(page(charlies)).context["door"] == "join"
    assert not is_member("charlie@rival.example")
    assert client.post(page(charlies)).url == "/"
    assert is_member("charlie@rival.example")
    assert client.get("/clients/acme/").status_code == 200


def test_an_account_without_a_password_is_given_none_either(cast: Cast):
    person = User.objects.create_user("made@acme.example")
    issued = factories.invited("made@acme.example", cast.tenant)
    assert Client().get(page(issued)).context["door"] == "sign-in"
    Client().post(page(issued), {"password": PASSWORD})
    person.refresh_from_db()
    assert not person.has_usable_password()


def test_a_second_address_that_a_person_has_proven_is_theirs(cast: Cast):
    EmailAddress.objects.create(user=cast.charlie, email="second@rival.example", verified=True)
    issued = factories.invited("second@rival.example", cast.tenant)
    assert Client().get(page(issued)).context["door"] == "sign-in"
    client = signed_in(cast.charlie)
    client.post(page(issued))
    assert is_member("charlie@rival.example")


def test_an_address_that_was_only_claimed_is_not_theirs(cast: Cast, nora):
    EmailAddress.objects.create(user=cast.charlie, email="nora@acme.example", verified=False)
    client = signed_in(cast.charlie)
    assert client.get(page(nora)).context["door"] == "other"
    assert client.post(page(nora)).status_code == 409
    assert not is_member("charlie@rival.example")


def test_signed_in_as_another_it_says_so_and_accepts_nothing(cast: Cast, nora):
    client = signed_in(cast.charlie)
    asked = client.get(page(nora))
    assert asked.context["door"] == "other"
    assert b"It is for nora@acme.example; you are signed in as charlie@rival.example." in asked.content
    assert client.post(page(nora), {"password": PASSWORD}).status_code == 409
    assert not User.objects.filter(email="nora@acme.example").exists()


def test_somebody_shut_out_of_the_portal_stays_out(cast: Cast, charlies):
    User.objects.filter(pk=cast.charlie.pk).update(is_active=False)
    assert Client().get(page(charlies)).context["door"] == "closed"
    assert Client().post(page(charlies), {"password": PASSWORD}).status_code == 409
    assert not is_member("charlie@rival.example")


# What is over


@pytest.mark.parametrize("state", ["accepted", "withdrawn"])
@pytest.mark.parametrize("who", ["stranger", "charlie"])
def test_what_is_over_says_so(cast: Cast, charlies, state: str, who: str):
    change(charlies, **{f"{state}_at": charlies.invitation.created_at})
    client = signed_in(cast.charlie) if who == "charlie" else Client()
    asked = client.get(page(charlies))
    assert (asked.status_code, asked.context["door"]) == (200, state)
    assert client.post(page(charlies)).status_code == 409
    assert client.post(renewal(charlies)).url == page(charlies)
    assert (is_member("charlie@rival.example"), mail.outbox) == (False, [])


@pytest.mark.parametrize("token", ["x", "A" * 43])
def test_an_unknown_token_is_not_there(cast: Cast, nora, token: str):
    for name in ("accounts:invitation", "accounts:invitation_renew"):
        assert Client().post(reverse(name, args=[token])).status_code == 404
    assert Client().get(reverse("accounts:invitation", args=[token])).status_code == 404


def test_an_expired_one_accepts_nothing_and_offers_a_new_one(nora):
    expire(nora)
    client = Client()
    asked = client.get(page(nora))
    assert (asked.status_code, asked.context["door"], mail.outbox) == (200, "expired", [])
    assert client.post(page(nora), {"password": PASSWORD}).status_code == 409
    assert not User.objects.filter(email="nora@acme.example").exists()


def test_the_new_one_goes_to_the_same_address_and_nowhere_else(nora):
    expire(nora)
    answer = Client().post(renewal(nora), {"email": "mallory@evil.example"})
    assert answer.status_code == 200
    assert [each.to for each in mail.outbox] == [["nora@acme.example"]]
    link = next(word for word in mail.outbox[0].body.split() if word.startswith("http"))
    assert Client().get(link).context["door"] == "new"
    assert Client().get(page(nora)).context["door"] == "expired"


def test_once_an_hour_at_most(nora):
    expire(nora)
    for _ in range(4):
        assert Client().post(renewal(nora)).status_code == 200
    assert len(mail.outbox) == 1


def test_a_mail_server_that_does_not_answer_is_said(nora, no_mail_server):
    expire(nora)
    failed = Client().post(renewal(nora))
    assert (failed.status_code, failed.context["fate"]) == (200, "waiting")
    assert "goes out as soon as it does." in failed.content.decode()
    assert WaitingMail.objects.get().to == "nora@acme.example"


def test_renewing_by_opening_is_not_possible(nora):
    expire(nora)
    assert (Client().get(renewal(nora)).status_code, mail.outbox) == (405, [])


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_verb_does_anything(nora, method: str):
    assert getattr(Client(), method)(page(nora)).status_code == 405
    assert Client().get(page(nora))["Cache-Control"].startswith("max-age=0, no-cache, no-store")
