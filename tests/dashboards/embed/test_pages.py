"""A client's owners and staff make and end keys, list sites, and copy a recipe that names their own view."""

import re
import uuid
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tenancy import all_tenants
from dashboards.embed import keys, tokens
from dashboards.embed.access import grant_for
from dashboards.embed.errors import V3Error
from dashboards.embed.keys import Issued
from dashboards.models import EmbedKey, View
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP

KEYS, PANEL = "/clients/acme/embedding/", "/clients/acme/views/site/embed/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stored(cast: Cast) -> list[Any]:
    """The client's keys."""
    with all_tenants(reason="a test looks"):
        return list(EmbedKey.objects.filter(tenant=cast.tenant))


def counts(text: str) -> bool:
    """Whether a token still opens anything."""
    try:
        grant_for(tokens.read(text))
    except V3Error:
        return False
    return True


def test_a_new_key_is_shown_once(cast: Cast):
    alice = browser(cast.alice)
    page = alice.post(f"{KEYS}make/", {"name": "Shop"}).content.decode()
    secret = re.search(r"<pre[^>]*>([A-Za-z0-9_-]{43})</pre>", page)
    assert secret is not None
    found = keys.find(secret.group(1))
    assert (found.name, found.tenant, found.made_by) == ("Shop", cast.tenant, cast.alice.email)
    listed = alice.get(KEYS).content.decode()
    assert (secret.group(1) in listed, f"{found.prefix}…" in listed) == (False, True)


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\x00b"])
def test_a_key_needs_a_name(cast: Cast, name):
    response = browser(cast.alice).post(f"{KEYS}make/", {"name": name})
    assert (response.status_code, stored(cast), b'class="wrong"' in response.content) == (200, [], True)


def test_a_key_is_ended_with_its_tokens(shop: Cast, issued: Issued, token: str):
    assert counts(token)
    response = browser(shop.dana).post(f"{KEYS}{issued.key.pk}/revoke/")
    assert (response.status_code, counts(token), keys.find(issued.token.value)) == (302, False, None)
    assert b"Shop" not in browser(shop.alice).get(KEYS).content.replace(b"The key", b"")


def test_another_clients_key_is_not_there(shop: Cast, issued: Issued):
    charlie = browser(shop.charlie)
    addresses = [f"/clients/rival/embedding/{each}/revoke/" for each in (issued.key.pk, uuid.uuid4())]
    assert [charlie.post(each).status_code for each in addresses] == [404, 404]
    assert charlie.post(f"{KEYS}{issued.key.pk}/revoke/").status_code == 404
    assert keys.find(issued.token.value) == issued.key


def test_a_viewer_makes_and_ends_nothing(shop: Cast, issued: Issued, token: str):
    bob = browser(shop.bob)
    posts = ["make/", f"{issued.key.pk}/revoke/", "end-tokens/"]
    assert [bob.post(KEYS + each, {"name": "x"}).status_code for each in posts] == [403] * 3
    assert [bob.post(PANEL + each).status_code for each in ("sites/", "end-tokens/")] == [403] * 2
    assert (len(stored(shop)), counts(token)) == (1, True)


@pytest.mark.parametrize("address", [f"{KEYS}end-tokens/", f"{PANEL}end-tokens/"])
def test_all_tokens_can_be_ended(shop: Cast, token: str, address):
    assert counts(token)
    assert (browser(shop.alice).post(address).status_code, counts(token)) == (302, False)


def test_sites_are_listed_as_browsers_write_them(cast: Cast):
    alice = browser(cast.alice)
    typed = (
        "https://Shop.example/\n\nhttps://www.shop.example:443\nhttps://shop.example\nhttp://localhost:8100"
    )
    assert alice.post(f"{PANEL}sites/", {"sites": typed}).status_code == 302
    with all_tenants(reason="a test looks"):
        assert View.objects.get(pk=cast.view.pk).origins == [
            "https://shop.example",
            "https://www.shop.example",
            "http://localhost:8100",
        ]
    assert b"https://www.shop.example\nhttp://localhost:8100</textarea>" in alice.get(PANEL).content
    entry = LogEntry.objects.get(object_id=str(cast.view.pk))
    assert (entry.user, "https://www.shop.example" in entry.change_message) == (cast.alice, True)


def test_what_is_no_site_is_said_and_kept_as_typed(shop: Cast):
    response = browser(shop.alice).post(f"{PANEL}sites/", {"sites": f"{SHOP}\nhttp://evil.example"})
    page = response.content.decode()
    assert ("must begin with https://" in page, f"{SHOP}\nhttp://evil.example</textarea>" in page) == (
        True,
        True,
    )
    with all_tenants(reason="a test looks"):
        assert View.objects.get(pk=shop.view.pk).origins == [SHOP]


def test_a_site_that_is_taken_off_ends_its_tokens(shop: Cast, token: str):
    browser(shop.alice).post(f"{PANEL}sites/", {"sites": "https://other.example"})
    assert not counts(token)


def test_the_recipe_names_the_view_itself(shop: Cast):
    page = browser(shop.alice).get(PANEL).content.decode()
    wanted = [
        f"In queries this view is ga:{shop.view.embed_id}",
        f"&quot;ga:{shop.view.embed_id}&quot;",
        "&quot;site&quot;",
        SHOP,
        "http://testserver/embed/platform.js",
        "EMBED_KEY",
    ]
    assert [each for each in wanted if each not in page] == []
    assert "portal.example" not in page


def test_markup_in_names_is_text(shop: Cast):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=shop.view.pk).update(name="<img src=x>", property_name="<b>x</b>")
        keys.make(tenant=shop.tenant, name="<script>x</script>", made_by="alice")
    alice = browser(shop.alice)
    pages = alice.get(PANEL).content + alice.get(KEYS).content
    assert [each for each in (b"<img src=x>", b"<b>x</b>", b"<script>x") if each in pages] == []


def test_the_page_costs_the_same_however_many_keys(shop: Cast):
    alice = browser(shop.alice)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            alice.get(KEYS)
        return len(found)

    cost()
    few = cost()
    with all_tenants(reason="a test's set-up"):
        for number in range(20):
            keys.make(tenant=shop.tenant, name=str(number), made_by="alice")
    assert cost() == few
