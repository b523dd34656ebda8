"""The agency's look: small files for everybody, at addresses that change with what is in them."""

import pytest
from django.test import Client

from accounts.branding import admin_sheet, page_sheet
from accounts.models import Branding
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def look(db) -> Branding:
    return factories.branded()


def test_the_stylesheet_sets_the_colour_light_and_dark(look):
    answer = Client().get(f"/brand-{page_sheet('#0044cc').digest}.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    lines = answer.content.decode().splitlines()
    assert lines[:2] == [
        ":root { --accent: #0044cc }",
        "@media screen and (prefers-color-scheme: dark) { :root { --accent: #73a2fc } }",
    ]


def test_the_logo_is_what_it_was_found_to_be(look):
    answer = Client().get(f"/logo-{look.logo_digest}")
    assert (answer.content, answer["Content-Type"]) == (factories.PIXEL, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_neither_depends_on_who_asks(look, cast: Cast):
    client = Client()
    client.force_login(cast.alice)
    answer = client.get(f"/logo-{look.logo_digest}")
    assert ("Cookie" in answer.get("Vary", ""), answer.cookies) == (False, {})


@pytest.mark.parametrize("path", ["/brand-x.css", "/admin-brand-x.css", "/logo-x"])
def test_any_other_address_is_not_there(look, path: str):
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/nothing-here"])
def test_every_page_shows_logo_and_colour(look, path: str):
    page = Client().get(path).content.decode()
    assert f'<link rel="stylesheet" href="/brand-{page_sheet("#0044cc").digest}.css">' in page
    assert f'<img class="logo" src="/logo-{look.logo_digest}" alt="">' in page


def test_so_does_the_admin(look, cast: Cast):
    client = Client()
    client.force_login(cast.olivia)
    page = client.get("/admin/").content.decode()
    assert f'<link rel="stylesheet" href="/admin-brand-{admin_sheet("#0044cc").digest}.css">' in page
    assert f'<img class="logo" src="/logo-{look.logo_digest}" alt="">' in page


def test_without_a_look_of_its_own_a_page_asks_for_none(db):
    page = Client().get("/").content.decode()
    assert ("brand-" in page, "/logo-" in page) == (False, False)
    assert Client().get(f"/logo-{''}").status_code == 404
