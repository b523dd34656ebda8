"""The page behind a customer's link: what it says, what opening it does not do, and what a POST begins."""

import datetime

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.tenancy import all_tenants
from provisioning.models import ProvisioningRequest, RequestEvent, RequestLink, WaitingMail
from provisioning.requests import record
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import DETAILS, leads_to

pytestmark = pytest.mark.django_db
NINA = "nina@bluebell-bakery.example"
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Instagram 350.0"
)


def prepared(cast: Cast, **more):
    return factories.prepared(NINA, cast.tenant, **more)


def address(issued) -> str:
    return f"/provisioning/invite/{issued.token.value}/"


def page(issued, client: Client | None = None, **more) -> str:
    answer = (client or Client()).get(address(issued), **more)
    assert answer.status_code == 200
    return answer.content.decode()


def expire() -> None:
    with all_tenants(reason="a test's clock"):
        past = timezone.now() - datetime.timedelta(hours=2)
        RequestLink.objects.update(expires_at=past, created_at=past)


def test_it_says_who_invites_and_what_google_will_ask(cast: Cast):
    said = page(prepared(cast))
    assert "dana@northlight.example of Northlight has prepared it for you." in said
    for words in ("Edit Google Analytics management entities", "See and download your Google Analytics data"):
        assert words in said
    assert "Google hasn’t verified this app" in said


def test_it_asks_only_to_read_where_an_account_is_there(cast: Cast):
    said = page(prepared(cast, way="existing"))
    assert "See and download your Google Analytics data" in said
    assert "Edit Google Analytics management entities" not in said


def test_opening_it_changes_nothing(cast: Cast):
    issued, client = prepared(cast), Client()
    with all_tenants(reason="a test looks"):
        before = (ProvisioningRequest.objects.values().get(), RequestEvent.objects.count())
        page(issued, client)
        client.head(address(issued))
        assert (ProvisioningRequest.objects.values().get(), RequestEvent.objects.count()) == before
    assert not client.session.get("provisioning_links")
    assert client.get(f"/provisioning/{issued.request.pk}/").status_code == 302


def test_a_post_begins_with_the_form_filled_in(cast: Cast):
    issued, client = (
        prepared(cast, details={"account_name": "Bluebell & Sons", "website": "shop.it"}),
        Client(),
    )
    answer = client.post(address(issued))
    assert answer.url == f"/provisioning/{issued.request.pk}/details/"
    form = client.get(answer.url).content.decode()
    assert "Bluebell &amp; Sons" in form
    assert "https://shop.it" in form


def test_without_a_form_it_goes_straight_to_google(cast: Cast, google: Google):
    issued = prepared(cast, details=DETAILS, skips_form=True)
    to = leads_to(Client().post(address(issued)))
    assert to.startswith(f"{google.url}/o/oauth2/v2/auth?")
    assert "login_hint=nina%40bluebell-bakery.example" in to


def test_twice_is_no_harm(cast: Cast):
    issued, client = prepared(cast), Client()
    answers = [client.post(address(issued)).url for _ in range(2)]
    assert answers == [f"/provisioning/{issued.request.pk}/details/"] * 2
    assert len(client.session["provisioning_links"]) == 1


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (Linux; Android 15; wv) Chrome/120 Mobile", INSTAGRAM])
def test_inside_another_app_it_says_first_that_google_refuses_there(cast: Cast, agent: str):
    issued = prepared(cast)
    said = page(issued, headers={"user-agent": agent})
    assert said.index("Open this page in your browser first.") < said.index("<h1>")
    assert f"http://testserver{address(issued)}</code>" in said


def test_in_a_browser_it_says_nothing_of_the_kind(cast: Cast):
    assert "Open this page in your browser first." not in page(prepared(cast))


def test_a_link_that_nobody_gave_out_has_a_sentence_of_its_own(cast: Cast):
    answer = Client().get("/provisioning/invite/never-given-out/")
    assert (answer.status_code, b"We do not know this link." in answer.content) == (404, True)
    assert Client().post("/provisioning/invite/never-given-out/renew/").status_code == 404


def test_an_expired_link_begins_nothing_and_offers_a_new_one_to_the_same_address(cast: Cast):
    issued, client = prepared(cast), Client()
    expire()
    assert "A new one can be sent to nina@bluebell-bakery.example, and only there." in page(issued)
    assert client.post(address(issued)).status_code == 409
    assert client.get(f"/provisioning/{issued.request.pk}/").status_code == 302
    client.post(f"{address(issued)}renew/", {"email": "thief@evil.example"})
    assert [message.to for message in mail.outbox] == [[NINA]]
    link = next(word for word in mail.outbox[0].body.split() if "/invite/" in word)
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def test_a_new_link_goes_out_once_an_hour(cast: Cast):
    issued = prepared(cast)
    expire()
    for _ in range(3):
        Client().post(f"{address(issued)}renew/")
    assert len(mail.outbox) == 1


def test_a_good_link_sends_no_other(cast: Cast):
    issued = prepared(cast)
    assert Client().post(f"{address(issued)}renew/").url == address(issued)
    assert mail.outbox == []


def test_a_mail_that_cannot_go_is_said_and_waits(cast: Cast, no_mail_server):
    issued = prepared(cast)
    expire()
    answer = Client().post(f"{address(issued)}renew/")
    assert (answer.status_code, b"goes out as soon as it does." in answer.content) == (200, True)
    assert WaitingMail.objects.get().to == issued.request.email


@pytest.mark.parametrize(
    ("state", "words"), [("cancelled", "This was cancelled."), ("live", "This is done.")]
)
def test_what_is_over_is_not_begun_again(cast: Cast, state: str, words: str):
    issued, client = prepared(cast), Client()
    with all_tenants(reason="a test's set-up"):
        record.done(issued.request, state, **({"view_id": cast.view.pk} if state == "live" else {}))
    assert words in page(issued)
    assert (client.post(address(issued)).status_code, client.session.get("provisioning_links")) == (409, None)
    client.post(f"{address(issued)}renew/")
    assert mail.outbox == []


def test_while_the_client_is_paused_it_says_so(cast: Cast):
    issued = prepared(cast)
    with all_tenants(reason="a test's set-up"):
        cast.tenant.paused_at = timezone.now()
        cast.tenant.save()
    assert Client().get(address(issued)).status_code == 403


def test_without_a_client_at_google_there_is_no_such_page(cast: Cast, settings):
    issued = prepared(cast)
    settings.GOOGLE_CLIENT_ID = ""
    assert Client().get(address(issued)).status_code == 404


def test_a_link_opens_its_own_request_and_no_other(cast: Cast):
    issued, client = prepared(cast), Client()
    theirs = factories.prepared("rita@rival.example", cast.other)
    client.post(address(issued))
    assert client.get(f"/provisioning/{issued.request.pk}/").status_code == 200
    assert client.get(f"/provisioning/{theirs.request.pk}/").status_code == 302
