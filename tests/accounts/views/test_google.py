"""Sign in with Google: who comes in, who does not, and what every wrong return leads to."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core import mail
from django.test import Client

from accounts.models import User
from tests import factories
from tests.conftest import Cast
from tests.consenting import parameters
from tests.google import Google

pytestmark = pytest.mark.django_db

LOGIN, CALLBACK, METHODS = "/accounts/google/login/", "/accounts/google/login/callback/", "/accounts/google/"


def to_google(client: Client, **posted: str) -> str:
    """The address that the page on the way to Google leads to."""
    page = client.post(LOGIN, posted)
    assert page.status_code == 200
    return page.context["address"]


def back(client: Client, address: str, follow: bool = True):
    """Google's answer, carried to the portal."""
    return client.get(CALLBACK, parameters(address), follow=follow)


def sign_in(client: Client, google: Google, email: str, **posted: str):
    """All the way to Google and back."""
    return back(client, google.consent(to_google(client, **posted), google.person(email)))


def said(response) -> list[str]:
    return [str(each) for each in response.context["messages"]]


def who(client: Client) -> str | None:
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number).email if number else None


def linked(user: User, google: Google, client: Client) -> None:
    """The person signs in their usual way, and links the Google account of the same address."""
    client.force_login(user)
    sign_in(client, google, user.email, link="yes")


def test_the_button_stands_there_only_with_a_client_at_google(settings):
    assert "Sign in with Google" in Client().get("/accounts/login/").content.decode()
    settings.GOOGLE_CLIENT_ID = ""
    assert "Sign in with Google" not in Client().get("/accounts/login/").content.decode()
    client = Client()
    answers = [client.post(LOGIN).status_code, client.get(CALLBACK).status_code]
    assert answers == [404, 404]


def test_google_is_asked_who_it_is_and_for_nothing_else(google: Google):
    address = urlsplit(to_google(Client()))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == google.url
    fixed = {name: asked[name] for name in ("redirect_uri", "access_type", "code_challenge_method")}
    assert fixed == {
        "redirect_uri": f"http://testserver{CALLBACK}",
        "access_type": "online",
        "code_challenge_method": "S256",
    }
    assert sorted(asked["scope"].split()) == ["email", "openid", "profile"]


def test_an_address_cannot_ask_for_more(google: Google):
    page = Client().post(f"{LOGIN}?scope=https://mail.google.com/&auth_params=access_type%3Doffline")
    asked = parse_qs(urlsplit(page.context["address"]).query)
    scopes = sorted(asked["scope"][0].split())
    assert (asked["access_type"], scopes) == (["online"], ["email", "openid", "profile"])


def test_a_link_starts_nothing(google: Google):
    assert Client().get(LOGIN).status_code == 405


def test_a_linked_account_signs_its_person_in(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    client = Client()
    answer = sign_in(client, google, "bob@acme.example")
    assert (who(client), answer.status_code) == ("bob@acme.example", 200)
    assert [each.user for each in SocialAccount.objects.all()] == [cast.bob]


def test_it_leads_back_to_where_somebody_wanted_to_go(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    client = Client()
    address = google.consent(to_google(client, next="/clients/acme/"), "bob@acme.example")
    assert back(client, address, follow=False).url == "/clients/acme/"
    address = google.consent(to_google(Client(), next="https://evil.example/"), "bob@acme.example")
    assert "evil" not in address


def test_the_same_address_alone_opens_nobodys_account(cast: Cast, google: Google):
    client = Client()
    answer = sign_in(client, google, "bob@acme.example")
    assert who(client) is None
    assert said(answer) == [
        "You have an account with this address already. Sign in to it, then link Google here."
    ]
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=%2Faccounts%2Fgoogle%2F"
    assert not SocialAccount.objects.exists()


def test_an_address_proven_as_a_second_one_opens_nothing_either(cast: Cast, google: Google):
    EmailAddress.objects.create(user=cast.bob, email="bob@home.example", verified=True)
    client = Client()
    sign_in(client, google, "bob@home.example")
    assert (who(client), SocialAccount.objects.count()) == (None, 0)


def test_strangers_come_in_by_invitation(google: Google, settings):
    settings.SIGNUP = "invited"
    client = Client()
    answer = sign_in(client, google, "nobody@else.example")
    assert "You come in by invitation." in answer.content.decode()
    assert (who(client), User.objects.count()) == (None, 0)


def test_where_anybody_may_sign_up_google_is_enough(google: Google, settings):
    settings.SIGNUP = "open"
    client = Client()
    address = to_google(client)
    back(client, google.consent(address, google.person("Nora@New.example", name="Nora New")))
    nora = User.objects.get()
    assert (who(client), nora.email, nora.name, nora.has_usable_password()) == (
        "nora@new.example", "nora@new.example", "Nora New", False,
    )  # fmt: skip
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("nora@new.example", True)]


def test_no_token_is_kept_and_nothing_but_who_it_is(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    kept = SocialAccount.objects.get().extra_data
    assert sorted(kept) == ["email", "email_verified", "name", "sub"]
    assert not SocialToken.objects.exists()


def test_a_google_account_of_somebody_else_cannot_be_linked(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    client = Client()
    client.force_login(cast.alice)
    answer = sign_in(client, google, "bob@acme.example", link="yes")
    assert said(answer) == ["This Google account is linked to another person here."]
    assert (who(client), SocialAccount.objects.get().user) == ("alice@acme.example", cast.bob)


def test_a_link_is_removed_by_its_person_alone(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    number = str(SocialAccount.objects.get().pk)
    alice, bob = Client(), Client()
    alice.force_login(cast.alice)
    bob.force_login(cast.bob)
    alice.post(METHODS, {"account": number})
    assert SocialAccount.objects.count() == 1
    bob.post(METHODS, {"account": number})
    assert SocialAccount.objects.count() == 0


def test_the_last_way_in_is_not_removed(google: Google, settings):
    settings.SIGNUP = "open"
    client = Client()
    sign_in(client, google, "nora@new.example")
    answer = client.post(METHODS, {"account": str(SocialAccount.objects.get().pk)})
    assert "You have no password yet." in answer.content.decode()
    assert SocialAccount.objects.count() == 1


def test_who_was_shut_out_stays_out(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    client = Client()
    sign_in(client, google, "bob@acme.example")
    assert who(client) is None


# The eight cases of a callback; the first, that it works, stands above.


def test_denied(google: Google):
    client = Client()
    answer = back(client, google.consent(to_google(client), google.person("a@b.example"), deny=True))
    assert said(answer) == ["You did not sign in at Google. Nothing has changed."]


@pytest.mark.parametrize("change", [{"state": "wrong"}, {"state": ""}, {"code": ""}])
def test_a_wrong_state_and_no_code(cast: Cast, google: Google, change):
    linked(cast.bob, google, Client())
    client = Client()
    params = parameters(google.consent(to_google(client), "bob@acme.example")) | change
    client.get(CALLBACK, {name: value for name, value in params.items() if value})
    assert who(client) is None


def test_replayed(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    client = Client()
    address = google.consent(to_google(client), "bob@acme.example")
    back(client, address)
    client.post("/accounts/logout/")
    answer = back(client, address)
    assert (who(client), said(answer)) == (
        None,
        ["Google could not sign you in. Try again, or sign in another way."],
    )


def test_in_another_session(cast: Cast, google: Google):
    linked(cast.bob, google, Client())
    address = google.consent(to_google(Client()), "bob@acme.example")
    other = Client()
    back(other, address)
    assert who(other) is None


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 500}, {"drop": True}])
def test_google_fails(cast: Cast, google: Google, fault):
    linked(cast.bob, google, Client())
    client = Client()
    address = google.consent(to_google(client), "bob@acme.example")
    google.fail("^/token", count=9, **fault)
    answer = back(client, address)
    assert (who(client), answer.status_code, len(said(answer))) == (None, 200, 1)
    assert not re.search(parameters(address)["code"], answer.content.decode())


def test_a_forged_identity_opens_nothing(cast: Cast, google: Google, settings):
    """The keys of another Google: nothing that this one signs is believed."""
    linked(cast.bob, google, Client())
    client = Client()
    address = google.consent(to_google(client), "bob@acme.example")
    settings.GOOGLE_CLIENT_ID = "another.apps.googleusercontent.com"
    back(client, address)
    assert who(client) is None


def test_what_allauth_lists_of_google_is_not_in_the_admin(cast: Cast):
    client = Client()
    client.force_login(cast.olivia)
    names = ["socialaccount/socialapp", "socialaccount/socialtoken", "socialaccount/socialaccount"]
    assert [client.get(f"/admin/{name}/").status_code for name in names] == [404, 404, 404]


def test_a_person_without_a_password_can_set_one(cast: Cast):
    nora = factories.person("nora@acme.example", "viewer", cast.tenant)
    nora.set_unusable_password()
    nora.save()
    client = Client()
    client.force_login(nora)
    page = client.get("/accounts/password/change/", follow=True).content.decode()
    assert "<h1>Choose a password</h1>" in page


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_google_is_reached_by_a_form_and_never_by_a_link(settings, path: str):
    settings.SIGNUP = "open"
    page = Client().get(f"{path}?next=/clients/acme/").content.decode()
    assert f'<form method="post" action="{LOGIN}">' in page
    assert f'href="{LOGIN}' not in page
    assert page.count('name="next" value="/clients/acme/"') == 2


def test_signing_up_is_offered_only_where_it_is_open(settings):
    offers = []
    for settings.SIGNUP in ("invited", "open"):
        offers.append("Create an account" in Client().get("/accounts/login/").content.decode())
    assert offers == [False, True]


def test_who_signed_up_confirms_the_address_and_finds_the_way_to_analytics(db, settings):
    settings.SIGNUP = "open"
    client = Client()
    chosen = {
        "email": "solo@new.example",
        "password1": "long enough for it",
        "password2": "long enough for it",
    }
    sent = client.post("/accounts/signup/", chosen, follow=True).content.decode()
    assert "A mail is on its way." in sent
    link = next(word for word in mail.outbox[0].body.split() if "/confirm-email/" in word)
    assert mail.outbox[0].subject == "Is this address yours? Northlight asks"
    path = link.removeprefix("http://testserver")
    assert "Is this address yours?" in client.get(path).content.decode()
    client.post(path)
    client.post("/accounts/login/", {"login": "solo@new.example", "password": "long enough for it"})
    assert 'href="/provisioning/"' in client.get("/").content.decode()
