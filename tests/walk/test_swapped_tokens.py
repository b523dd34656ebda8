"""What opens one client's pages to other sites, with the other client's views named in it."""

import json
from typing import Any

import pytest

from accounts.tenancy import all_tenants
from dashboards.embed import tokens
from dashboards.models import EmbedKey, View, Widget
from tests.walk.conftest import Walk
from tests.walk.test_every_address import seen
from tests.walk.world import Client, contents

SITE = "https://shop.example"
ASKED = {"metrics": "ga:sessions", "start-date": "7daysAgo", "end-date": "yesterday"}


def names(client: Client) -> list[str]:
    """Everything that a view is called by: the first three by servers, the last two in questions."""
    view = client.row(View)
    return [str(view.pk), view.slug, str(view.embed_id), view.ua_view_id]


@pytest.fixture
def headers(walk: Walk) -> dict[str, str]:
    """What a page sends that has a token of acme's key for acme's view."""
    with all_tenants(reason="a test's set-up"):
        key = EmbedKey.objects.get(tenant=walk.mine.tenant)
        value, _ = tokens.issue(key=key, views=[walk.mine.row(View)], origin=SITE, ttl=600)
    return {"authorization": f"Bearer {value}", "origin": SITE}


def posted(walk: Walk, path: str, body: Any, headers: dict[str, str]) -> Any:
    raw = (json.dumps(body).encode(), "application/json")
    return walk.ask("anonymous", "post", path, raw=raw, headers=headers)


def test_a_key_gives_tokens_for_its_own_clients_views_alone(walk: Walk):
    key = {"authorization": f"Bearer {walk.mine.tokens['key']}"}
    own, theirs, both = (
        [posted(walk, "/embed/token", {"view": name, "origin": SITE}, key) for name in asked]
        for asked in (
            names(walk.mine)[:3],
            names(walk.theirs),
            [names(walk.mine)[:1] + names(walk.theirs)[:1]],
        )
    )
    assert [each.status_code for each in own] == [200] * 3
    assert {each.status_code for each in [*theirs, *both]} == {404}
    assert not any(seen(each, walk.theirs.mark) for each in [*theirs, *both])


@pytest.mark.parametrize("path", ["/embed/query", "/embed/realtime"])
def test_a_token_asks_for_its_own_views_alone(path, walk: Walk, headers):
    asked = ASKED if path.endswith("query") else {"metrics": "rt:activeUsers"}
    answers = {
        whose.tenant.slug: [
            walk.ask("anonymous", "get", path, asked | {"ids": f"ga:{name}"}, headers=headers).status_code
            for name in names(whose)[2:]
        ]
        for whose in (walk.mine, walk.theirs)
    }
    assert answers == {"acme": [200, 200], "rival": [403, 403]}


def test_of_many_questions_those_for_others_are_refused(walk: Walk, headers):
    ids = [*names(walk.mine)[2:], *names(walk.theirs)[2:]]
    answer = posted(
        walk, "/embed/query", {"queries": [ASKED | {"ids": f"ga:{each}"} for each in ids]}, headers
    )
    assert [each["status"] for each in answer.json()["answers"]] == [200, 200, 403, 403]
    assert not seen(answer, walk.theirs.mark)


def test_what_a_token_may_read_names_nothing_of_others(walk: Walk, headers):
    answer = walk.ask("anonymous", "get", "/embed/summaries", headers=headers)
    assert answer.status_code == 200
    assert (seen(answer, walk.mine.mark), seen(answer, walk.theirs.mark)) == (True, False)


@pytest.mark.parametrize("part", ["data.json", "realtime.json"])
def test_a_frame_shows_its_tokens_view_alone(part, walk: Walk, headers):
    framed = {"authorization": headers["authorization"]}
    codes = [
        walk.ask("anonymous", "get", f"/embed/views/{whose.row(View).pk}/{part}", headers=framed).status_code
        for whose in (walk.mine, walk.theirs)
    ]
    assert codes == [200, 403]


def test_a_link_to_share_shows_nothing_of_others(walk: Walk):
    with all_tenants(reason="a test looks"):
        theirs = Widget.objects.filter(tenant=walk.theirs.tenant)[0]
    path = f"/share/{walk.mine.tokens['share']}/"
    named = {"dashboard": theirs.dashboard_id, "widgets": theirs.pk, "view": theirs.dashboard_id}
    asked = [{}, *({name: str(value)} for name, value in named.items())]
    before = contents(walk.theirs.tenant)
    for part in ("", "data.json"):
        answers = [walk.ask("anonymous", "get", path + part, each) for each in asked]
        assert [each.status_code for each in answers] == [200, 404, 200, 200]
        assert not any(seen(each, walk.theirs.mark) for each in answers)
    assert contents(walk.theirs.tenant) == before
