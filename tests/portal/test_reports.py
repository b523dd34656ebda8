"""No error report shows a secret, whatever broke and even with DEBUG."""

import pytest
from django.test import Client

from provisioning import credentials
from tests import factories
from tests.conftest import Cast
from tests.google import Google

TOKEN = "ya29.a-token-that-nobody-may-see"  # noqa: S105


@pytest.fixture
def browser(cast: Cast, google: Google, settings) -> Client:
    """The owner's, on a portal that shows its errors."""
    settings.DEBUG = True
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    client = Client(raise_request_exception=False)
    client.force_login(cast.olivia)
    return client


def _broken(secret: str = TOKEN) -> None:
    token, words = secret, [secret]
    raise RuntimeError(f"broken with {len(token)} and {len(words)}")


def test_variables_of_what_handles_secrets_are_not_shown(browser, cast, monkeypatch):
    _broken.__globals__["__name__"], before = "provisioning.credentials", __name__
    monkeypatch.setattr(credentials, "access_token", lambda credential: _broken())
    try:
        response = browser.get("/clients/acme/views/site/data.json", headers={"accept": "text/html"})
    finally:
        _broken.__globals__["__name__"] = before
    page = response.content.decode()
    assert response.status_code == 500
    assert "broken with 32 and 1" in page
    assert TOKEN not in page


def test_the_variables_of_pages_are(browser, monkeypatch):
    monkeypatch.setattr("dashboards.views.flows.note_opened", lambda view: _broken("x"))
    page = browser.get("/clients/acme/views/site/").content.decode()
    assert "Whole site" in page


def test_a_posted_password_is_not_shown(browser, cast, monkeypatch):
    monkeypatch.setattr("provisioning.admin.NewServiceAccount", lambda *args, **kwargs: _broken("x"))
    posted = {"password": TOKEN, "name": "a name"}
    page = browser.post("/admin/provisioning/credential/add/", posted).content.decode()
    assert "a name" in page
    assert TOKEN not in page


def test_addresses_that_hold_passwords_are_not_shown(browser, monkeypatch, settings):
    settings.CACHES = {**settings.CACHES, "other": {"BACKEND": "x", "LOCATION": f"redis://:{TOKEN}@cache"}}
    monkeypatch.setattr("dashboards.views.flows.note_opened", lambda view: _broken("x"))
    page = browser.get("/clients/acme/views/site/", REMOTE_X=1, DATABASE_URL=f"postgres://a:{TOKEN}@b/c")
    assert "DATABASE_URL" in page.content.decode()
    assert TOKEN not in page.content.decode()
