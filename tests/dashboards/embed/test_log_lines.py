"""Whose embedded pages a line of the log is about: their paths name no client."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.tenancy import all_tenants
from dashboards.embed import sharing
from dashboards.embed.keys import Issued
from portal.logs import JsonFormatter
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP, Page


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log says of each request."""
    stream = io.StringIO()
    handler, logger = logging.StreamHandler(stream), logging.getLogger("portal.requests")
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def clients_in(written: io.StringIO) -> list[str | None]:
    return [json.loads(line).get("tenant") for line in written.getvalue().splitlines()]


def test_a_query_names_the_tokens_client_also_where_it_is_remembered(page: Page, written: io.StringIO):
    for _ in range(3):
        page.get(start_date="7daysAgo", end_date="yesterday", metrics="ga:sessions")
    assert clients_in(written) == ["acme"] * 3


def test_a_token_names_the_keys_client(shop: Cast, issued: Issued, written: io.StringIO):
    headers = {"authorization": f"Bearer {issued.token.value}"}
    asked = {"view": "site", "origin": SHOP}
    for _ in range(2):
        answer = Client().post("/embed/token", asked, content_type="application/json", headers=headers)
        assert answer.status_code == 200
    assert clients_in(written) == ["acme"] * 2


def test_a_link_names_its_client_even_when_it_is_over(cast: Cast, written: io.StringIO):
    with all_tenants(reason="a test's set-up"):
        made = sharing.make(view=cast.view, made_by="alice@acme.example")
    assert Client().get(f"/share/{made.token.value}/").status_code == 200
    with all_tenants(reason="a test's set-up"):
        sharing.revoke(link=made.link, by="alice@acme.example")
    assert Client().get(f"/share/{made.token.value}/").status_code == 404
    assert clients_in(written) == ["acme"] * 2


def test_what_leads_nowhere_names_nobody(db, written: io.StringIO):
    Client().get("/share/nothing/")
    Client().get("/embed/query", {"ids": "ga:1"})
    assert clients_in(written) == [None, None]
