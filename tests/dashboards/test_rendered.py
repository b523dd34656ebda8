"""Pages are rendered once for all that they are made from, and sent as Django would send them."""

import gzip
import re

import pytest
from django.test import RequestFactory

from dashboards import rendered
from dashboards.rendered import TOKEN

GZIP = {"accept-encoding": "br, gzip"}


@pytest.fixture(autouse=True)
def _nothing_kept():
    rendered.forget()
    yield
    rendered.forget()


def answer(html, made_from="page", **headers):
    request = RequestFactory().get("/", headers=headers)
    return rendered.answer(request, made_from, lambda: html)


def test_a_page_is_rendered_once_for_what_it_is_made_from():
    pages = [answer(f"<{at}>", made_from) for at, made_from in enumerate(("one", "two", "one"))]
    assert [page.content for page in pages] == [b"<0>", b"<1>", b"<0>"]


def test_the_longest_unused_page_goes_first(monkeypatch):
    monkeypatch.setattr(rendered, "MOST_PAGES", 2)
    for made_from in ("one", "two", "one", "three"):
        answer("first", made_from)
    assert [answer("again", each).content for each in ("one", "three", "two")] == [
        b"first",
        b"first",
        b"again",
    ]


@pytest.mark.parametrize(
    "html", ["", "é" * 70_000, TOKEN, f"- {TOKEN} - {TOKEN} -", f"{TOKEN}é"], ids=range(5)
)
def test_what_is_sent_compressed_is_the_page(html):
    tokens = len(html.split(TOKEN)) - 1
    plain, packed = answer(html), answer(html, **GZIP)
    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    unpacked = gzip.decompress(packed.content).decode()
    hidden = re.compile("[A-Za-z0-9]{64}")
    assert hidden.sub("", plain.content.decode()) == hidden.sub("", unpacked) == html.replace(TOKEN, "")
    assert len(hidden.findall(unpacked)) == tokens


def test_caches_on_the_way_are_told_of_both_forms():
    assert [answer("page", **headers)["Vary"] for headers in ({}, GZIP)] == ["Accept-Encoding"] * 2


def test_each_answer_has_a_token_of_its_own_and_a_length_of_its_own():
    pages = [answer(TOKEN, **GZIP).content for _ in range(20)]
    assert len({gzip.decompress(page) for page in pages}) == 20
    assert len({len(page) for page in pages}) > 1
