"""The page where a view's links are made, listed and ended; and what of it the admin shows."""

import datetime
import re
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tenancy import all_tenants, tenant_scope
from dashboards.embed import choosing, sharing, tickets
from dashboards.models import ShareLink
from tests.conftest import Cast


@pytest.fixture(autouse=True)
def _fresh_tickets():
    tickets.forget()
    cache.clear()


PAGE = "/clients/acme/views/site/sharing/"


def filled_in(cast: Cast, **given) -> dict[str, object]:
    """The form as it opens, which shows everything, with some of it filled in."""
    with tenant_scope({cast.tenant.pk}):
        shown = [value for value, _ in choosing.options(cast.view)]
    return {"name": "x", "widgets": shown, **given}


def of(person) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(person)
    return client


def links() -> list[ShareLink]:
    with all_tenants(reason="a test looks at everything"):
        return list(ShareLink.objects.all())


def test_a_link_is_made_and_shown_once(cast: Cast):
    alice = of(cast.alice)
    page = alice.post(f"{PAGE}make/", filled_in(cast, name="The board", password="secret")).content.decode()
    (link,) = links()
    (address,) = re.findall(r"<pre[^>]*>http://\w+(?::\d+)?(/share/[\w-]{43}/)</pre>", page)
    assert (link.name, link.made_by, bool(link.password), link.view) == (
        "The board",
        "alice@acme.example",
        True,
        cast.view,
    )
    listed = alice.get(PAGE).content.decode()
    assert ("The board" in listed, address in listed) == (True, False)
    assert b"password" in Client().get(address).content


@pytest.mark.parametrize(
    ("given", "period"),
    [
        ({}, ""),
        ({"period": "last-month"}, "last-month"),
        ({"first": "2026-10-01", "last": "2026-10-31", "period": "7d"}, "2026-10-01/2026-10-31"),
    ],
)
def test_its_period_is_free_or_fixed(cast: Cast, given, period):
    of(cast.alice).post(f"{PAGE}make/", filled_in(cast, **given))
    assert [link.period for link in links()] == [period]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"first": "2026-10-01"}, "A period of your own needs both a first and a last day."),
        (
            {"first": "2026-10-02", "last": "2026-10-01"},
            "The first day lies after the last; exchange the two dates.",
        ),
        ({"until": "2020-01-01"}, "That day is over."),
        ({"until": "9999-12-31"}, "Choose a day within the next ten years."),
        ({"first": "rubbish", "last": "2026-10-01"}, "Enter a valid date."),
        ({"widgets": []}, "Choose something to show."),
        ({"widgets": ["nothing"]}, "Select a valid choice. nothing is not one of the available choices."),
        ({"period": "fortnight"}, "Select a valid choice. fortnight is not one of the available choices."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(cast: Cast, given, sentence):
    page = of(cast.alice).post(f"{PAGE}make/", filled_in(cast, **given))
    assert (page.status_code, sentence in page.content.decode(), links()) == (200, True, [])


def test_what_it_shows_is_chosen_by_name(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        (pages,) = [value for value, label in choosing.options(cast.view) if label == "Pages"]
    alice = of(cast.alice)
    alice.post(f"{PAGE}make/", filled_in(cast, widgets=["figures", pages]))
    alice.post(f"{PAGE}make/", filled_in(cast))
    everything, some = links()
    assert (everything.widgets, some.widgets) == ([], ["figures", *pages.split(",")])
    assert alice.get(PAGE).content.decode().count("part of the figures") == 1


def test_a_link_is_asked_again_for_and_an_old_answer_makes_none(cast: Cast, settings):
    settings.ASK_AGAIN_AFTER = 0
    alice = of(cast.alice)
    answers = [
        alice.post(f"{PAGE}make/", filled_in(cast)),
        alice.post(f"{PAGE}{uuid.uuid4()}/revoke/"),
    ]
    assert [answer["Location"].partition("?")[0] for answer in answers] == ["/accounts/reauthenticate/"] * 2
    assert links() == []


def test_it_is_good_until_the_end_of_its_last_day(cast: Cast):
    day = timezone.localdate() + datetime.timedelta(days=3)
    alice = of(cast.alice)
    alice.post(f"{PAGE}make/", filled_in(cast, until=day.isoformat()))
    (link,) = links()
    assert timezone.localtime(link.expires_at) == timezone.make_aware(
        datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min)
    )
    assert f"good until {day:%b}" in alice.get(PAGE).content.decode()


def test_a_link_is_ended_once(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        issued = sharing.make(view=cast.view, made_by="alice", name="Board")
    alice = of(cast.alice)
    for _ in range(2):
        answer = alice.post(f"{PAGE}{issued.link.pk}/revoke/", follow=True)
        assert "opens nothing any more" in answer.content.decode()
    assert Client().get(f"/share/{issued.token.value}/").status_code == 404


def test_another_clients_link_is_not_there(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        theirs = sharing.make(view=cast.other_view, made_by="charlie", name="Rival secret link")
    alice = of(cast.alice)
    assert alice.post(f"{PAGE}{theirs.link.pk}/revoke/").status_code == 404
    assert b"Rival secret" not in alice.get(PAGE).content
    assert Client().get(f"/share/{theirs.token.value}/").status_code == 200


def test_a_page_costs_no_more_with_many_links(cast: Cast):
    alice = of(cast.alice)
    alice.get(PAGE)
    counts = []
    for number in (1, 20):
        with all_tenants(reason="a test's set-up"):
            for _ in range(number):
                sharing.make(view=cast.view, made_by="alice")
        with CaptureQueriesContext(connection) as found:
            alice.get(PAGE)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_admin_lists_what_still_leads_to_the_view(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        sharing.make(view=cast.view, made_by="alice", name="Open <b>one</b>")
        ended = sharing.make(view=cast.view, made_by="alice", name="Ended one").link
        sharing.revoke(link=ended, by="alice")
    page = of(cast.dana).get(f"/admin/dashboards/view/{cast.view.pk}/change/").content.decode()
    assert ("Open &lt;b&gt;one&lt;/b&gt;: not opened yet" in page, "Ended one" in page) == (True, False)
