"""A client's server gets tokens for its own views on the sites they list, and learns nothing else."""

import datetime
import json
import logging

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import all_tenants
from dashboards.embed import keys, tickets, token_views, tokens
from dashboards.embed.keys import Issued
from dashboards.models import EmbedKey, View
from tests import factories
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP


@pytest.fixture(autouse=True)
def _new_tickets(db):
    tickets.forget()
    cache.clear()


def ask(secret: str, body: object, **more):
    """What a server gets; `body` as JSON, or as it stands."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    return Client(enforce_csrf_checks=True).post(
        "/embed/token", text, content_type="application/json", headers=headers | more
    )


WANTED = {"view": "site", "origin": SHOP, "ttl": 600}


def test_a_server_gets_a_token(shop: Cast, issued: Issued):
    response = ask(issued.token.value, WANTED)
    answer = response.json()
    assert (response.status_code, response["Cache-Control"], answer["expires_in"], answer["token_type"]) == (
        200,
        "no-store",
        600,
        "Bearer",
    )
    token = tokens.read(answer["access_token"])
    assert (token.tenant_id, token.view_ids, token.origin, token.key_id) == (
        shop.tenant.pk,
        (shop.view.pk,),
        SHOP,
        issued.key.pk,
    )
    assert (response.cookies, response.has_header("Access-Control-Allow-Origin")) == ({}, False)


def test_a_view_is_named_by_slug_id_or_number(shop: Cast, issued: Issued):
    number = shop.view.embed_id
    for name in (
        "site",
        "SITE",
        str(shop.view.pk),
        f"ga:{number}",
        str(number),
        ["site"],
        ["site", str(number)],
    ):
        answer = ask(issued.token.value, WANTED | {"view": name}).json()
        assert set(tokens.read(answer["access_token"]).view_ids) == {shop.view.pk}


def test_a_token_may_be_for_several_views(shop: Cast, issued: Issued):
    second = factories.ViewFactory(tenant=shop.tenant, slug="second", origins=[SHOP])
    answer = ask(issued.token.value, WANTED | {"view": ["second", "site"]}).json()
    assert tokens.read(answer["access_token"]).view_ids == (second.pk, shop.view.pk)


def test_an_hour_is_usual_and_the_most(issued: Issued):
    answers = [
        ask(issued.token.value, {"view": "site", "origin": SHOP} | more).json()["expires_in"]
        for more in ({}, {"ttl": None}, {"ttl": 3600}, {"ttl": 60})
    ]
    assert answers == [3600, 3600, 3600, 60]


def test_an_origin_is_read_as_browsers_write_it(issued: Issued):
    answer = ask(issued.token.value, WANTED | {"origin": "HTTPS://Shop.Example:443/"}).json()
    assert tokens.read(answer["access_token"]).origin == SHOP


# Refusals


def refused(response) -> tuple[int, str, str]:
    """Status, reason and sentence, in v3's shape."""
    error = response.json()["error"]
    assert error["code"] == response.status_code
    assert [each["message"] for each in error["errors"]] == [error["message"]]
    return response.status_code, error["errors"][0]["reason"], error["message"]


NO_KEY = (401, "authError", "Send an embed key that was not revoked, as “Authorization: Bearer …”.")


def test_without_a_key_there_is_no_token(shop: Cast, issued: Issued, token: str):
    assert [refused(ask(each, WANTED)) for each in ("", "x" * 43, token)] == [NO_KEY] * 3


def test_a_revoked_key_gets_none(shop: Cast, issued: Issued):
    with all_tenants(reason="a test's set-up"):
        keys.revoke(key=issued.key, by="alice")
    assert refused(ask(issued.token.value, WANTED)) == NO_KEY


def test_what_is_changed_counts_for_the_next_token(shop: Cast, issued: Issued):
    def status(name: str) -> int:
        return ask(issued.token.value, WANTED | {"view": name}).status_code

    assert [status("site"), status("moved")] == [200, 404]
    with all_tenants(reason="test"):
        View.objects.filter(pk=shop.view.pk).update(slug="moved")
    assert [status("site"), status("moved")] == [404, 200]
    with all_tenants(reason="test"):
        View.objects.filter(pk=shop.view.pk).update(origins=[])
    assert status("moved") == 403
    with all_tenants(reason="test"):
        View.objects.filter(pk=shop.view.pk).update(origins=[SHOP])
        EmbedKey.objects.filter(pk=issued.key.pk).update(revoked_at=timezone.now())
    assert status("moved") == 401


def test_pausing_a_client_counts_for_the_next_token(shop: Cast, issued: Issued):
    def status() -> int:
        return ask(issued.token.value, WANTED).status_code

    def set_paused(since: datetime.datetime | None) -> None:
        with all_tenants(reason="test"):
            Tenant.objects.filter(pk=shop.tenant.pk).update(paused_at=since)

    found = [status()]
    for since in (timezone.now(), None):
        set_paused(since)
        found.append(status())
    assert found == [200, 403, 200]


def test_another_clients_view_is_refused_as_one_that_is_not_there(shop: Cast, issued: Issued):
    theirs = shop.other_view
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=theirs.pk).update(slug="theirs")
    names = ["nothing", "theirs", str(theirs.pk), f"ga:{theirs.embed_id}", ["site", "theirs"]]
    found = [refused(ask(issued.token.value, WANTED | {"view": name})) for name in names]
    assert found == [(404, "notFound", "There is no such view.")] * 5


def test_a_site_that_the_view_does_not_list_is_refused(issued: Issued):
    assert refused(ask(issued.token.value, WANTED | {"origin": "https://evil.example"})) == (
        403,
        "insufficientPermissions",
        "https://evil.example is not among the sites that may embed site. List it there.",
    )


def test_each_view_of_a_token_must_list_the_site(shop: Cast, issued: Issued):
    factories.ViewFactory(tenant=shop.tenant, slug="second", origins=["https://other.example"])
    response = ask(issued.token.value, WANTED | {"view": ["site", "second"]})
    assert refused(response)[0] == 403


def test_a_paused_client_gets_none(shop: Cast, issued: Issued):
    with all_tenants(reason="a test's set-up"):
        shop.tenant.paused_at = timezone.now()
        shop.tenant.save()
    assert refused(ask(issued.token.value, WANTED))[0] == 403


@pytest.mark.parametrize(
    ("wrong", "location"),
    [
        ({"view": ""}, "view"),
        ({"view": None}, "view"),
        ({"view": []}, "view"),
        ({"view": 7}, "view"),
        ({"view": ["site"] * 21}, "view"),
        ({"view": "x" * 51}, "view"),
        ({"origin": "shop.example"}, "origin"),
        ({"origin": "http://shop.example"}, "origin"),
        ({"origin": "https://shop.example/path"}, "origin"),
        ({"origin": "*"}, "origin"),
        ({"origin": "null"}, "origin"),
        ({"origin": None}, "origin"),
        ({"origin": "https://[::1"}, "origin"),
        ({"ttl": 3601}, "ttl"),
        ({"ttl": 59}, "ttl"),
        ({"ttl": -1}, "ttl"),
        ({"ttl": "600"}, "ttl"),
        ({"ttl": True}, "ttl"),
        ({"ttl": 10**30}, "ttl"),
    ],
)
def test_what_is_wrong_is_named(issued: Issued, wrong, location):
    response = ask(issued.token.value, WANTED | wrong)
    assert refused(response)[:2] == (400, "invalidParameter")
    assert response.json()["error"]["errors"][0]["location"] == location


@pytest.mark.parametrize("body", ["", "[]", "nonsense", '"text"', b"\xff\xfe", "[" * 10_000, "null"])
def test_what_is_no_json_object_is_refused(issued: Issued, body):
    assert refused(ask(issued.token.value, body))[:2] == (400, "badRequest")


def test_a_long_body_is_refused(issued: Issued):
    assert refused(ask(issued.token.value, WANTED | {"more": "x" * 20_000}))[0] == 413


def test_it_is_asked_by_post_alone(db):
    response = Client().get("/embed/token")
    assert (refused(response)[:2], response["Allow"]) == ((405, "httpMethodNotAllowed"), "POST")


def test_a_storm_is_told_when_to_come_again(shop: Cast, issued: Issued, monkeypatch):
    monkeypatch.setattr(token_views, "A_MINUTE_PER_KEY", 2)
    with all_tenants(reason="a test's set-up"):
        others = keys.make(tenant=shop.other, name="theirs", made_by="charlie")
    responses = [ask(issued.token.value, WANTED) for _ in range(3)]
    assert [each.status_code for each in responses] == [200, 200, 429]
    assert 0 < int(responses[2]["Retry-After"]) <= 60
    assert ask(others.token.value, WANTED).status_code == 200


def test_who_guesses_keys_is_slowed(issued: Issued, monkeypatch):
    monkeypatch.setattr(token_views, "A_MINUTE_UNKNOWN", 2)
    assert [ask("guess", WANTED).status_code for _ in range(3)] == [401, 401, 429]
    assert ask(issued.token.value, WANTED).status_code == 200


# Keys


def test_a_keys_last_use_is_kept_to_the_minute(issued: Issued, django_assert_num_queries):
    assert ask(issued.token.value, WANTED).status_code == 200
    with all_tenants(reason="a test looks"):
        first = EmbedKey.objects.get().last_used_at
    ask(issued.token.value, WANTED)  # looks at the key anew, as that time was noted
    with django_assert_num_queries(1):
        ask(issued.token.value, WANTED)
    with all_tenants(reason="a test looks"):
        assert EmbedKey.objects.get().last_used_at == first


def test_a_key_is_kept_by_its_hash_and_never_logged(shop: Cast, caplog):
    with caplog.at_level(logging.DEBUG), all_tenants(reason="a test's set-up"):
        made = keys.make(tenant=shop.tenant, name="Shop", made_by="alice@acme.example")
        row = EmbedKey.objects.filter(pk=made.key.pk).values().get()
    ask(made.token.value, WANTED)
    assert made.token.value not in caplog.text + repr(row) + repr(made)
    assert (row["prefix"], len(row["digest"])) == (made.token.value[:8], 64)
