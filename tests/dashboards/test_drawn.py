"""A dashboard is drawn once for all to whom it says the same, and for nobody else."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, User
from accounts.tenancy import all_tenants
from dashboards import drawn, rendered, showing
from tests import factories
from tests.conftest import Cast
from tests.google import Google

PAGE = "/clients/acme/views/site/"
DOCTOR = f"{PAGE}doctor/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    rendered.forget()
    drawn.forget()


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """For whom a dashboard was drawn, in order."""
    found: list[str] = []
    page = showing.page

    def noted(question: Any, reader: User) -> Any:
        found.append(reader.email)
        return page(question, reader)

    monkeypatch.setattr(showing, "page", noted)
    return found


def reads(person: User) -> str:
    browser = Client()
    browser.force_login(person)
    return browser.get(PAGE).content.decode()


def brought(person: User) -> None:
    """All that Google gives is there."""
    browser = Client()
    browser.force_login(person)
    for _ in range(10):
        if browser.get(f"{PAGE}data.json").json()["complete"]:
            return
    raise AssertionError("the page is never complete")


def test_readers_who_are_told_the_same_share_a_drawing(cast: Cast, google: Google, drawings: list[str]):
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    brought(cast.alice)
    drawings.clear()
    with all_tenants(reason="a test's set-up"):
        other = User.objects.create_user("bea@acme.example")
        Membership.objects.create(tenant=cast.tenant, user=other)
    pages = {person.email: reads(person) for person in (cast.bob, other, cast.alice, cast.dana, cast.olivia)}
    assert drawings == ["bob@acme.example", "alice@acme.example", "dana@northlight.example"]
    for email, page in pages.items():
        assert [each for each in pages if each in page] == [email]


def test_who_may_see_more_is_led_there_and_nobody_else(cast: Cast):
    """No key opens Google: the page has no figures, and says what to do about it."""
    brought(cast.alice)
    found = [DOCTOR in reads(person) for person in (cast.bob, cast.alice, cast.bob)]
    assert found == [False, True, False]


def test_a_drawing_knows_no_request(cast: Cast, google: Google, monkeypatch: pytest.MonkeyPatch):
    """What is shared is rendered without a request: no template can put its reader there."""
    seen: list[tuple[Any, ...]] = []
    render = drawn.render_to_string

    def noted(*args: Any, **kwargs: Any) -> str:
        seen.append((args[0], len(args), kwargs, "request" in args[1], "user" in args[1]))
        return render(*args, **kwargs)

    monkeypatch.setattr(drawn, "render_to_string", noted)
    reads(cast.alice)
    assert seen == [("dashboards/_content.html", 2, {}, False, False)]
