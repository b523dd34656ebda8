"""How the library is sent: small, kept by browsers, readable from every site, and without a cookie."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from dashboards.embed import library

PARTS = ("platform", "charts", "geo")
MOST_BYTES = 20_000


def test_what_every_page_loads_is_small_when_compressed(client: Client) -> None:
    answer = client.get("/embed/platform.js", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= MOST_BYTES
    assert gzip.decompress(answer.content) == client.get("/embed/platform.js").content


@pytest.mark.parametrize("part", PARTS)
def test_pages_of_any_site_may_load_it_and_no_cookie_comes_with_it(client: Client, part: str) -> None:
    answer = client.get(reverse(f"embed:{part}"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (answer.cookies.output(), "Cookie" in answer["Vary"]) == ("", False)


@pytest.mark.parametrize("part", PARTS)
def test_what_a_browser_has_is_not_sent_again(client: Client, part: str) -> None:
    address = reverse(f"embed:{part}")
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(address, headers={"If-None-Match": '"another"'}).status_code == 200


def test_an_address_that_names_the_version_may_be_kept_for_ever(client: Client) -> None:
    version = library.charts().version
    ages = [
        client.get(f"/embed/charts.js{query}")["Cache-Control"] for query in (f"?v={version}", "?v=0", "")
    ]
    assert ages == ["public, max-age=31536000, immutable", "public, max-age=3600", "public, max-age=3600"]


def test_the_library_names_the_versions_of_its_parts(client: Client) -> None:
    text = client.get("/embed/platform.js").content.decode()
    versions = {part: f"/embed/{part}.js?v={getattr(library, part)().version}" for part in ("charts", "geo")}
    assert {part: address in text for part, address in versions.items()} == {"charts": True, "geo": True}


@pytest.mark.parametrize("asked", ["?hl=en", "?hl=xx", "?hl=../en", "?hl=" + "e" * 10_000])
def test_whatever_language_is_asked_for_it_comes(client: Client, asked: str) -> None:
    assert client.get(f"/embed/platform.js{asked}").content == client.get("/embed/platform.js").content


@pytest.mark.parametrize("part", PARTS)
def test_it_is_only_read(client: Client, part: str) -> None:
    assert client.post(reverse(f"embed:{part}")).status_code == 405
    assert client.head(reverse(f"embed:{part}")).status_code == 200
