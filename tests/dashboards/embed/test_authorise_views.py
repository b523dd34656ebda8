"""A signed-in person lets the page they came from show their views; nobody else gets anything by it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import all_tenants
from dashboards import upkeep
from dashboards.embed import tokens
from dashboards.models import EmbedAgreement, View
from tests import factories
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP

ID = "a-request-id-of-the-page"


def window(user=None) -> Client:
    """A browser, with somebody signed in."""
    client = Client()
    if user:
        client.force_login(user)
    return client


def opened(client: Client, origin: str = SHOP, referer: str | None = f"{SHOP}/page", request_id: str = ID):
    """The window, as a page opens it."""
    headers = {"referer": referer} if referer else {}
    return client.get("/embed/authorize", {"request": request_id, "origin": origin}, headers=headers)


def answered(browser: Client, answer: str = "yes", **more: str):
    """What comes of the person's answer."""
    return browser.post("/embed/authorize", {"request": ID, "origin": SHOP, "answer": answer} | more)


def collected(request_id: str = ID, origin: str | None = SHOP):
    """What the page is answered."""
    headers = {"origin": origin} if origin else {}
    body = json.dumps({"request": request_id})
    return Client().post("/embed/collect", body, content_type="application/json", headers=headers)


WAITING = {"status": "waiting"}


def test_who_agrees_lets_the_page_collect_once(shop: Cast):
    bob = window(shop.bob)
    assert opened(bob).status_code == 200
    assert collected().json() == WAITING
    assert answered(bob).status_code == 200
    response = collected()
    token = tokens.read(response.json()["access_token"])
    assert (token.tenant_id, token.view_ids, token.user_id, token.origin) == (
        shop.tenant.pk,
        (shop.view.pk,),
        shop.bob.pk,
        SHOP,
    )
    assert (
        response["Cache-Control"],
        response["Access-Control-Allow-Origin"],
        response.json()["expires_in"],
    ) == (
        "no-store",
        "*",
        3600,
    )
    assert collected().json() == WAITING


def test_who_refuses_tells_the_page_once(shop: Cast):
    bob = window(shop.bob)
    opened(bob)
    answered(bob, "no")
    first, second = collected(), collected()
    assert (first.status_code, first.json()["error"]["errors"][0]["reason"]) == (403, "accessDenied")
    assert second.json() == WAITING


def test_who_is_not_signed_in_does_that_first(shop: Cast):
    browser = window()
    response = opened(browser)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/accounts/login/")
    browser.force_login(shop.bob)
    assert opened(browser, referer="http://testserver/accounts/login/").status_code == 200
    answered(browser)
    assert "access_token" in collected().json()


@pytest.mark.parametrize(
    "referer",
    [None, "", "https://evil.example/", "https://shop.example.evil.example/", "about:blank", "https://["],
)
def test_a_link_from_elsewhere_opens_nothing(shop: Cast, referer):
    """Otherwise whoever sent it, knowing the id, would collect the token."""
    bob = window(shop.bob)
    assert opened(bob, referer=referer).status_code == 400
    assert answered(bob).status_code == 400
    assert collected().json() == WAITING


def test_a_window_opened_for_one_site_agrees_to_no_other(shop: Cast):
    bob = window(shop.bob)
    opened(bob)
    assert answered(bob, origin="https://other.example").status_code == 400


def test_an_agreement_of_another_browser_counts_for_nothing(shop: Cast):
    opened(window(shop.alice))
    assert answered(window(shop.bob)).status_code == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_another_site_hears_what_it_hears_of_nothing(shop: Cast, origin):
    bob = window(shop.bob)
    opened(bob)
    answered(bob)
    assert collected(origin=origin).json() == WAITING
    assert "access_token" in collected().json()


def test_what_is_not_collected_in_time_is_gone(shop: Cast):
    bob = window(shop.bob)
    opened(bob)
    answered(bob)
    with all_tenants(reason="a test"):
        EmbedAgreement.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert collected().json() == WAITING
    upkeep.prune()
    with all_tenants(reason="a test"):
        assert EmbedAgreement.objects.count() == 0


@pytest.mark.parametrize(
    "request_id", ["", "short", "x" * 129, "a request id with spaces in it", "<script>" * 4]
)
def test_an_id_that_could_be_guessed_is_refused(shop: Cast, request_id):
    assert opened(window(shop.bob), request_id=request_id).status_code == 400
    assert collected(request_id).status_code == 400


@pytest.mark.parametrize("body", ["", "[]", "nonsense", '{"request": 7}', "[" * 2000, b"\xff"])
def test_a_malformed_collection_is_refused_readably(db, body):
    response = Client().post(
        "/embed/collect", body, content_type="application/json", headers={"origin": SHOP}
    )
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (400, "*")


def test_a_site_that_no_view_of_theirs_lists_gets_nothing(shop: Cast):
    bob = window(shop.bob)
    other = "https://other.example"
    response = opened(bob, origin=other, referer=f"{other}/")
    assert (response.status_code, b"may not show your figures" in response.content) == (200, True)
    answered(bob, origin=other)
    assert collected(origin=other).json() == WAITING


def test_a_viewer_of_chosen_views_lets_through_those_alone(shop: Cast):
    second = factories.ViewFactory(tenant=shop.tenant, slug="second", name="Second", origins=[SHOP])
    with all_tenants(reason="a test's set-up"):
        Membership.objects.filter(user=shop.bob).update(all_views=False)
        second.shown_to.set(Membership.objects.filter(user=shop.bob))
    bob = window(shop.bob)
    opened(bob)
    answered(bob)
    assert tokens.read(collected().json()["access_token"]).view_ids == (second.pk,)


def test_who_loses_the_right_meanwhile_lets_nothing_through(shop: Cast):
    bob = window(shop.bob)
    opened(bob)
    answered(bob)
    with all_tenants(reason="a test"):
        Membership.objects.filter(user=shop.bob).delete()
    assert collected().status_code == 403


def test_who_has_several_clients_chooses(shop: Cast):
    olivia = window(shop.olivia)
    page = opened(olivia).content.decode()
    assert ('value="acme"' in page, 'value="rival"' in page) == (True, True)
    for slug in ("rival", "acme", "rival"):
        answered(olivia, client=slug)
    assert tokens.read(collected().json()["access_token"]).view_ids == (shop.other_view.pk,)


def test_a_client_of_somebody_elses_cannot_be_chosen(shop: Cast):
    bob = window(shop.bob)
    opened(bob)
    answered(bob, client="rival")
    assert tokens.read(collected().json()["access_token"]).tenant_id == shop.tenant.pk


def test_a_paused_client_lets_nothing_through(shop: Cast):
    shop.tenant.paused_at = timezone.now()
    with all_tenants(reason="a test's set-up"):
        shop.tenant.save()
    assert b"may not show your figures" in opened(window(shop.bob)).content


def test_markup_in_a_name_is_text(shop: Cast):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=shop.view.pk).update(name="<script>x</script>")
    assert b"<script>x" not in opened(window(shop.bob)).content
