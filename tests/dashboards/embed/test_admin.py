"""Embed keys, sites and old names in the admin: what staff do for their clients, and nobody else's."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import all_tenants
from dashboards.embed import keys, tokens
from dashboards.embed.access import grant_for
from dashboards.embed.errors import V3Error
from dashboards.embed.keys import Issued
from dashboards.models import EmbedKey, View
from tests import factories
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP

LIST, ADD = "/admin/dashboards/embedkey/", "/admin/dashboards/embedkey/add/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of(key: EmbedKey, verb: str) -> str:
    return reverse(f"admin:dashboards_embedkey_{verb}", args=[key.pk])


def counts(text: str) -> bool:
    try:
        grant_for(tokens.read(text))
    except V3Error:
        return False
    return True


def test_a_new_key_is_shown_once(cast: Cast):
    for user in (cast.olivia, cast.dana):
        client = signed_in(user)
        response = client.post(ADD, {"tenant": str(cast.tenant.pk), "name": "Shop"})
        page = response.content.decode()
        secret = re.search(r">([A-Za-z0-9_-]{43})</code>", page)
        assert secret is not None
        found = keys.find(secret.group(1))
        assert (found.tenant, found.made_by, "no-store" in response["Cache-Control"]) == (
            cast.tenant,
            user.email,
            True,
        )
        entry = LogEntry.objects.latest("action_time")
        assert (entry.object_id, secret.group(1) in str(vars(entry))) == (str(found.pk), False)
        assert secret.group(1) not in client.get(of(found, "change")).content.decode()


def test_staff_make_none_for_a_client_of_somebody_elses(cast: Cast):
    response = signed_in(cast.erin).post(ADD, {"tenant": str(cast.tenant.pk), "name": "Shop"})
    with all_tenants(reason="a test looks"):
        assert (response.status_code, EmbedKey.objects.count()) == (200, 0)


def test_a_key_is_ended_with_its_tokens(shop: Cast, issued: Issued, token: str):
    staff = signed_in(shop.dana)
    assert (counts(token), staff.post(of(issued.key, "end")).status_code, counts(token)) == (True, 302, False)


def test_selected_keys_are_ended(shop: Cast, issued: Issued, token: str):
    asked = {"action": "end", "_selected_action": [str(issued.key.pk)]}
    assert (signed_in(shop.dana).post(LIST, asked).status_code, counts(token)) == (302, False)


def test_staff_of_another_client_reach_no_key(shop: Cast, issued: Issued, token: str):
    staff = signed_in(shop.erin)
    assert [
        staff.get(of(issued.key, "change")).status_code,
        staff.post(of(issued.key, "end")).status_code,
    ] == [
        404,
        404,
    ]
    staff.post(LIST, {"action": "end", "_selected_action": [str(issued.key.pk)]})
    assert (counts(token), issued.key.prefix in staff.get(LIST).content.decode()) == (True, False)


def test_a_key_is_ended_and_not_deleted_by_staff(shop: Cast, issued: Issued):
    assert signed_in(shop.dana).post(of(issued.key, "delete"), {"post": "yes"}).status_code == 403


def test_the_owner_alone_ends_everybodys_tokens(shop: Cast, token: str):
    end_all = f"{LIST}end-all/"
    assert (signed_in(shop.dana).post(end_all).status_code, counts(token)) == (403, True)
    assert b"end-all" not in signed_in(shop.dana).get(LIST).content
    assert b"end-all" in signed_in(shop.olivia).get(LIST).content
    assert (signed_in(shop.olivia).get(end_all).status_code, counts(token)) == (405, True)
    assert (signed_in(shop.olivia).post(end_all).status_code, counts(token)) == (302, False)


# A view's form


@pytest.fixture
def form(shop: Cast) -> dict[str, object]:
    """What dana's browser sends when she saves the view as it is."""
    return {
        "name": "Whole site",
        "slug": "site",
        "filter": "",
        "dashboard": str(shop.view.dashboard_id),
        "origins": SHOP,
        "ua_view_id": "",
        "ua_map": "",
    }


def save(cast: Cast, form: dict[str, object], **more: str):
    url = reverse("admin:dashboards_view_change", args=[cast.view.pk])
    return signed_in(cast.dana).post(url, form | more)


def stored(cast: Cast) -> View:
    with all_tenants(reason="a test looks"):
        return View.objects.get(pk=cast.view.pk)


def test_sites_and_old_names_are_kept(shop: Cast, form):
    names = "ga:dimension1 = customEvent:plan\ngoal1=purchase"
    response = save(shop, form, origins=f"{SHOP}/\nhttps://b.example", ua_view_id="12345678", ua_map=names)
    view = stored(shop)
    assert (response.status_code, view.origins, view.ua_view_id, view.ua_map) == (
        302,
        [SHOP, "https://b.example"],
        "12345678",
        {"dimension1": "customEvent:plan", "goal1": "purchase"},
    )
    page = signed_in(shop.dana).get(reverse("admin:dashboards_view_change", args=[view.pk])).content.decode()
    assert (
        "dimension1 = customEvent:plan\ngoal1 = purchase</textarea>" in page,
        f"ga:{view.embed_id}" in page,
    ) == (
        True,
        True,
    )


def test_nothing_changed_is_nothing_written_down(shop: Cast, form):
    save(shop, form)
    assert LogEntry.objects.latest("action_time").get_change_message() == "No fields changed."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"origins": "http://shop.example"}, "origins"),
        ({"ua_map": "sessions = x"}, "ua_map"),
        ({"ua_view_id": "UA-1"}, "ua_view_id"),
        ({"ua_view_id": "77"}, "ua_view_id"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(shop: Cast, form, wrong, field):
    factories.ViewFactory(tenant=shop.tenant, ua_view_id="77")
    response = save(shop, form, **wrong)
    assert (response.status_code, list(response.context["adminform"].form.errors)) == (200, [field])


def test_another_clients_view_may_have_the_same_old_id(shop: Cast, form):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=shop.other_view.pk).update(ua_view_id="77")
    assert (save(shop, form, ua_view_id="77").status_code, stored(shop).ua_view_id) == (302, "77")
