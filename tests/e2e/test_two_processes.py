"""Two server processes behave as one: Google sees each question once, however many people ask."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.e2e.conftest import Visitor
from tests.installation import Installation

VIEW = "/clients/osteria/views/site/"
READERS = 50


def reports(site: Installation) -> list[str]:
    """Every report that Google was asked, as text."""
    return [
        json.dumps(report, sort_keys=True)
        for call in site.requests("/v1beta/properties/310000001:")
        for report in _batch(call["body"])
    ]


def _batch(body: Any) -> list[Any]:
    parsed = body if isinstance(body, dict) else json.loads(body)
    return parsed.get("requests", [parsed])


def test_fifty_readers_at_once_ask_what_one_asks(site: Installation, olivia: Visitor):
    first, many = "from=2026-06-01&to=2026-06-14", "from=2026-07-01&to=2026-07-14"
    site.forget_requests()
    olivia.complete_data(f"{VIEW}data.json?{first}")
    by_one, calls_of_one = reports(site), len(site.requests(":"))
    assert len(set(by_one)) == len(by_one)

    site.forget_requests()
    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(lambda _: olivia.complete_data(f"{VIEW}data.json?{many}"), range(READERS)))
    by_many = reports(site)
    assert len(set(by_many)) == len(by_many) == len(by_one)
    assert len(site.requests(":")) == calls_of_one == -(-len(by_one) // 5)


def test_a_warm_page_asks_google_nothing(site: Installation, olivia: Visitor):
    olivia.complete_data(f"{VIEW}data.json")
    site.forget_requests()
    page = olivia.get(VIEW)
    assert page.status_code == 200
    assert olivia.complete_data(f"{VIEW}data.json")["complete"] is True
    assert site.requests() == []


def test_one_access_token_served_all_of_this(site: Installation, olivia: Visitor):
    """The key was tested once when it was stored; that token is still the one in use."""
    olivia.complete_data("/clients/marlow/views/shop/data.json")
    site.forget_requests()
    with ThreadPoolExecutor(10) as pool:
        list(
            pool.map(
                lambda day: olivia.complete_data(f"{VIEW}data.json?from=2026-05-0{day}&to=2026-05-0{day}"),
                range(1, 9),
            )
        )
    assert site.requests("/token") == []
