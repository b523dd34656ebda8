"""Frames: for the token's site alone, without cookies, and nothing but their own dashboard."""

import json
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.tenancy import all_tenants
from dashboards.embed import frame_views, keys, revoking, tickets, tokens
from dashboards.embed.keys import Issued
from dashboards.models import View
from tests import factories
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP
from tests.google import Google


@pytest.fixture(autouse=True)
def _fresh_tickets():
    tickets.forget()
    cache.clear()


def address(view: View, part: str = "") -> str:
    return f"/embed/views/{view.pk}/{part}"


def shown(view: View, token: str, **query: str):
    return Client().get(address(view), {"token": token, **query})


def asked(view: View, token: str, part: str = "data.json", **query: str):
    return Client().get(address(view, part), query, headers={"authorization": f"Bearer {token}"})


def test_a_frame_shows_the_dashboard_without_the_portal(shop: Cast, token: str):
    page = shown(shop.view, token).content.decode()
    assert 'class="tiles"' in page
    assert re.findall(r'(?:href|action)="(/(?!static)[^"]*)"', page) == []
    assert ("csrfmiddlewaretoken" in page, "acme" in page, token in page) == (False, False, False)


def test_only_the_tokens_site_may_frame_it(shop: Cast, token: str):
    answer = shown(shop.view, token)
    policy = answer["Content-Security-Policy"]
    assert re.findall(r"frame-ancestors ([^;]*)", policy) == [SHOP]
    assert (answer.get("X-Frame-Options"), answer["Referrer-Policy"]) == (None, "no-referrer")


def test_nothing_of_it_is_for_those_who_search(shop: Cast, token: str, google: Google):
    answers = [
        shown(shop.view, token),
        shown(shop.view, "rubbish"),
        *(asked(shop.view, text, part) for text in (token, "x") for part in ("data.json", "realtime.json")),
        Client().post(address(shop.view)),
    ]
    assert [(answer.status_code, answer["X-Robots-Tag"]) for answer in answers] == [
        (code, "noindex, nofollow, noarchive") for code in (200, 401, 200, 200, 401, 401, 405)
    ]


def test_no_cookie_is_set_nor_needed(shop: Cast, token: str, google: Google):
    answers = [shown(shop.view, token), asked(shop.view, token), shown(shop.view, "rubbish")]
    assert [(answer.status_code, dict(answer.cookies)) for answer in answers] == [
        (200, {}),
        (200, {}),
        (401, {}),
    ]


def test_its_figures_are_those_of_the_portals_own_page(shop: Cast, token: str, google: Google):
    factories.store_key(shop.view.agency_credential, google.key("310000001"))
    alice = Client()
    alice.force_login(shop.alice)
    for _ in range(10):
        framed = asked(shop.view, token).json()
        if framed["complete"]:
            break
    before = len(google.requests("batchRunReports"))
    own = alice.get("/clients/acme/views/site/data.json").json()
    assert (framed["complete"], own["complete"], len(google.requests("batchRunReports")) - before) == (
        True,
        True,
        0,
    )
    assert framed["charts"] == own["charts"]


def test_data_asks_for_the_token_in_a_header(shop: Cast, token: str):
    answer = Client().get(address(shop.view, "data.json"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 401)
    assert answer.get("Access-Control-Allow-Origin") is None


@pytest.mark.parametrize("part", ["data.json", "realtime.json"])
def test_another_view_is_refused_in_the_words_for_none(shop: Cast, token: str, part):
    theirs = asked(shop.other_view, token, part)
    nobodys = Client().get(
        "/embed/views/00000000-0000-4000-8000-000000000000/" + part,
        headers={"authorization": f"Bearer {token}"},
    )
    assert (theirs.status_code, theirs.json()) == (403, nobodys.json())


def test_another_view_in_a_frame_says_nothing_of_it(shop: Cast, token: str):
    answer = shown(shop.other_view, token)
    assert (answer.status_code, b"Rival" in answer.content) == (403, False)


@pytest.mark.parametrize("end", ["key", "view", "client", "site", "paused"])
def test_a_token_that_was_ended_shows_nothing(shop: Cast, issued: Issued, token: str, end):
    with all_tenants(reason="a test's set-up"):
        if end == "key":
            keys.revoke(key=issued.key, by="alice")
        elif end == "view":
            revoking.end_tokens_of_view(view=shop.view, by="alice")
        elif end == "client":
            revoking.end_tokens_of_tenant(tenant=shop.tenant, by="alice")
        elif end == "site":
            View.objects.filter(pk=shop.view.pk).update(origins=["https://other.example"])
        else:
            type(shop.tenant).objects.filter(pk=shop.tenant.pk).update(paused_at=timezone.now())
    status = 403 if end == "paused" else 401
    assert (shown(shop.view, token).status_code, asked(shop.view, token).status_code) == (status, status)


def test_a_refusal_can_ask_the_page_around_for_a_new_token(shop: Cast, token: str, monkeypatch):
    now = timezone.now().timestamp()
    monkeypatch.setattr(tokens.time, "time", lambda: now + 700)
    answer = shown(shop.view, token)
    assert (answer.status_code, b"data-renew" in answer.content) == (401, True)
    assert "the token has expired" in answer.content.decode()


def test_a_key_is_no_token(shop: Cast, issued: Issued):
    assert asked(shop.view, issued.token.value).status_code == 401


@pytest.mark.parametrize("query", [{"period": "custom"}, {"period": "x"}, {"dashboard": "nonsense"}])
def test_a_question_that_is_not_answered_is_refused(shop: Cast, token: str, query):
    status = 404 if "dashboard" in query else 400
    assert (shown(shop.view, token, **query).status_code, asked(shop.view, token, **query).status_code) == (
        status,
        status,
    )


def test_colours_and_language_are_as_the_address_says(shop: Cast, token: str):
    page = shown(shop.view, token, accent="1a73e8", theme="dark", lang="de").content.decode()
    assert ('href="/embed/colour-1a73e8.css"' in page, 'data-scheme="dark"' in page) == (True, True)
    assert ('<html lang="de"' in page, "lang=de" in page) == (True, True)


def test_a_colour_is_made_readable():
    answer = Client().get("/embed/colour-ffff00.css")
    assert (answer.status_code, "#ffff00" in answer.content.decode().split("@media")[0]) == (200, False)


def test_what_one_token_may_ask_in_a_minute_ends(shop: Cast, token: str, monkeypatch):
    monkeypatch.setattr(frame_views, "A_MINUTE", 2)
    answers = [asked(shop.view, token, "realtime.json") for _ in range(3)]
    assert [answer.status_code for answer in answers][-1] == 429
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert json.loads(answers[-1].content)["error"]["errors"][0]["reason"] == "rateLimitExceeded"
