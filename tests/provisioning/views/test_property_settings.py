"""The page of what may be set of a property."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import Journey, leads_to
from tests.provisioning.living import change, codes

pytestmark = pytest.mark.django_db


def show(journey: Journey) -> str:
    return journey.client.get(f"/provisioning/{journey.pk}/settings/").content.decode()


def chosen(page: str) -> list[str]:
    return re.findall(r'value="(\w+)" checked', page)


def said(answer) -> str:
    return re.search(r'<p class="note[^>]*>(.*?)</p>', answer.content.decode(), re.S).group(1)  # type: ignore[union-attr]


def send(journey: Journey, part: str, form: dict[str, object]):
    return journey.client.post(f"/provisioning/{journey.pk}/settings/{part}/", form, follow=True)


def test_page_shows_how_they_stand(live: Journey):
    assert chosen(show(live)) == ["TWO_MONTHS", "on", "purchase"]


@pytest.mark.parametrize(
    ("part", "form", "words", "stands"),
    [
        (
            "retention",
            {"retention": "FOURTEEN_MONTHS"},
            "Google keeps data of single visitors for 14 months from now on.",
            ["FOURTEEN_MONTHS", "on", "purchase"],
        ),
        (
            "measurement",
            {"measure": "off"},
            "Enhanced measurement is off.",
            ["TWO_MONTHS", "off", "purchase"],
        ),
        (
            "key-events",
            {"suggested": ["sign_up"], "own": "book_table"},
            "Counted as results from now on: sign_up, book_table.",
            ["TWO_MONTHS", "on", "purchase", "sign_up"],
        ),
    ],
)
def test_each_part_is_set_by_its_button(live: Journey, part: str, form, words: str, stands: list[str]):
    answer = send(live, part, form)
    assert (said(answer), chosen(answer.content.decode())) == (words, stands)
    assert codes(live) == ["settings_changed"]


@pytest.mark.parametrize(
    ("part", "form", "words"),
    [
        ("retention", {"retention": "FOREVER"}, "Choose one of them first."),
        ("retention", {}, "Choose one of them first."),
        ("measurement", {"measure": "perhaps"}, "Choose one of them first."),
        ("key-events", {"suggested": ["session_start"]}, "Choose one of them first."),
        ("key-events", {}, "Nothing was added."),
        ("key-events", {"suggested": ["purchase"]}, "Nothing was added."),
    ],
)
def test_what_was_not_chosen_changes_nothing(live: Journey, part: str, form, words: str):
    assert said(send(live, part, form)) == words
    assert codes(live) == []


def test_a_name_that_google_refuses_is_explained(live: Journey):
    assert said(send(live, "key-events", {"own": "google_x"})).startswith("An event&#x27;s name begins")


@pytest.mark.parametrize("part", ["retention", "measurement", "key-events"])
def test_googles_refusal_is_said_in_words(live: Journey, google: Google, part: str):
    google.fail("(dataRetentionSettings|enhancedMeasurementSettings|keyEvents)$", status=503, count=99)
    form = {"retention": "TWO_MONTHS", "measure": "on", "suggested": ["sign_up"]}
    answer = live.client.post(f"/provisioning/{live.pk}/settings/{part}/", form)
    google.recover()
    assert said(live.client.get(answer.headers["Location"]))
    assert codes(live) == []


def test_a_part_that_cannot_be_read_says_so_and_the_others_stand(live: Journey, google: Google):
    google.fail("keyEvents$", status=503, count=9)
    page = show(live)
    assert chosen(page) == ["TWO_MONTHS", "on"]
    assert len(re.findall(r'class="remark bad"', page)) == 1


def test_without_the_grant_it_says_what_is_missing(live: Journey):
    change(live, grant=None)
    page = show(live)
    assert "your Google account is no longer connected" in page
    assert (chosen(page), "Allow it at Google" in page) == ([], True)


def test_without_the_permission_to_edit_it_can_be_read_alone(live: Journey, everything):
    grant = live.row().grant
    grant.scopes = "https://www.googleapis.com/auth/analytics.readonly"
    grant.save(update_fields=["scopes"])
    page = show(live)
    assert "the permission to edit is no longer there" in page
    assert page.count("<fieldset disabled>") == 3


def test_there_is_nothing_to_set_before_the_property_is_made(live: Journey):
    change(live, property_id="")
    answer = live.client.get(f"/provisioning/{live.pk}/settings/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/provisioning/{live.pk}/")


def test_only_who_takes_part_sets(live: Journey, cast: Cast):
    address = f"/provisioning/{live.pk}/settings/measurement/"
    statuses = {}
    for name in ("dana", "bob", "charlie"):
        client = Client()
        client.force_login(getattr(cast, name))
        statuses[name] = client.post(address, {"measure": "off"}).status_code
    assert statuses == {"dana": 302, "bob": 403, "charlie": 404}
    assert live.client.get(address).status_code == 405
    assert codes(live) == ["settings_changed"]


def test_allowing_it_again_is_all_that_is_missing(live: Journey):
    change(live, grant=None)
    live.consent(leads_to(live.do("authorise")))
    assert (live.row().state, chosen(show(live))) == ("live", ["TWO_MONTHS", "on", "purchase"])
    assert said(send(live, "measurement", {"measure": "off"})) == "Enhanced measurement is off."
