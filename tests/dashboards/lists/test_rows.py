"""What a row says: a line that is drawn from its numbers, the change in words, a word on how it stands."""

import datetime

import pytest
from django.utils import timezone, translation

from dashboards.lists.rows import Tag, day_text, points, row
from dashboards.models import Summary
from tests.conftest import Cast

S = Summary.Standing


@pytest.fixture
def summary(cast: Cast, everything) -> Summary:
    """alice's view as last night left it."""
    found = Summary.objects.select_related("view__tenant").get(view=cast.view)
    found.until = found.view.today - datetime.timedelta(days=1)
    found.last_data_on = found.until
    found.standing, found.visits, found.visits_before = S.USUAL, 1234, 1100
    found.daily = [1] * 28 + [4, 8] * 14
    return found


def test_the_line_stands_on_zero_and_fills_its_height():
    assert points([0, 5, 10]) == "0.0,28.0 60.0,15.0 120.0,2.0"
    assert points([0] * 28) == ""
    assert points([]) == ""


def test_a_row_of_many_clients_is_headed_by_the_client(summary):
    shown = row(summary, named_by_client=True)
    assert (shown.title, shown.detail, shown.url) == ("Acme", "Whole site", "/clients/acme/views/site/")


def test_a_row_of_one_client_is_headed_by_the_view(summary):
    summary.view.property_name = "acme.example"
    shown = row(summary, named_by_client=False)
    assert (shown.title, shown.detail) == ("Whole site", "acme.example")


def test_figures_and_change_are_said_in_words_too(summary):
    shown = row(summary, named_by_client=True)
    assert shown.change is not None
    assert (shown.visits, shown.change.signed, shown.change.tone) == ("1,234", "+12\u00a0%", "good")
    assert shown.change_text == "+12\u00a0%: 1,234 visits after 1,100 in the 28 days before"
    assert shown.line_text == "Visits a day: between 4 and 8, 8 on the last day"
    assert shown.tag is None


def test_numbers_follow_the_readers_language(summary):
    with translation.override("de"):
        assert row(summary, named_by_client=True).visits == "1.234"


def test_who_has_stopped_shows_no_change(summary):
    summary.standing = S.STOPPED
    summary.last_data_on = datetime.date(timezone.localdate().year, 1, 5)
    shown = row(summary, named_by_client=True)
    assert (shown.change, shown.change_text) == (None, "")
    assert shown.tag == Tag("stopped on 5 Jan", bad=True)


def test_a_day_of_another_year_has_its_year():
    assert day_text(datetime.date(2019, 11, 14)) == "14 Nov 2019"


def test_a_view_that_fell_needs_a_look(summary):
    summary.standing = S.FELL
    expected = Tag("visits fell", reason="Visits fell by more than usual.")
    assert row(summary, named_by_client=True).tag == expected


def test_a_view_that_fails_says_why(summary):
    summary.standing, summary.error_code = S.FAILING, "property_forbidden"
    tag = row(summary, named_by_client=True).tag
    assert tag is not None
    assert (tag.text, tag.bad, tag.reason != "") == ("cannot be read", True, True)


def test_before_the_first_night_there_is_nothing_to_show(summary):
    summary.standing, summary.until, summary.daily = S.GATHERING, None, []
    summary.visits = summary.visits_before = 0
    shown = row(summary, named_by_client=True)
    assert (shown.visits, shown.points, shown.line_text, shown.change) == ("", "", "", None)
    assert shown.tag == Tag("gathering")


def test_a_view_that_nobody_opens_says_what_it_waits_for(summary):
    summary.standing, summary.until, summary.daily = S.GATHERING, None, []
    summary.view.created_at = timezone.now() - datetime.timedelta(days=61)
    assert row(summary, named_by_client=True).tag == Tag("read once it is opened")
    summary.view.last_opened_at = timezone.now()
    assert row(summary, named_by_client=True).tag == Tag("gathering")


def test_a_new_property_has_no_data_yet(summary):
    summary.standing, summary.last_data_on = S.EMPTY, None
    assert row(summary, named_by_client=True).tag == Tag("no data yet")


def test_old_figures_say_until_when_they_are(summary):
    summary.until = datetime.date(timezone.localdate().year - 1, 10, 3)
    tag = row(summary, named_by_client=True).tag
    assert tag == Tag(f"figures until 3 Oct {summary.until.year}")
