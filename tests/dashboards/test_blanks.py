"""What a page says instead of figures, to whom, and with what to do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboards import blanks, cards, periods
from dashboards.blanks import Background, Beginning
from dashboards.lead import Action
from dashboards.notices import Notice
from dashboards.planner import WidgetSpec, plan
from dashboards.readings import ReportState

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
VISITS = WidgetSpec("visits", "Visits", "figure", ("sessions",))
LINE = WidgetSpec("line", "Visits", "line", ("sessions",), ("date",))

CLIENT = Background(
    agency="Northlight",
    had_data=True,
    same_url="?same",
    usual_url="?usual",
    wide_url="?wide",
    days_url=lambda span: f"?{span.start}..{span.end}",
)
STAFF = replace(CLIENT, admin_url="/admin/view/")
TO_ADMIN = Action("Open this view in the administration", "/admin/view/")
LAST = date(2026, 11, 12)


@pytest.fixture
def page(report):
    """A page with one figure and a line: `days` by their number in November; `state` changes the reports."""

    def build(known=CLIENT, days=(), state=None, **params):
        asked = plan([VISITS, LINE], periods.resolve({"compare": "none", **params}, TODAY), None)
        visits = sum(days.values()) if days else 0
        figure = report((), ("sessions",), [("", [[visits]] if visits else [], [visits] if visits else None)])
        rows = [[f"202611{day:02d}", count] for day, count in dict(days).items()]
        line = report(("date",), ("sessions",), [("", rows, None)])
        states = [ReportState(figure, NOW), ReportState(line, NOW)]
        found = [state(each) for each in states] if state else states
        return cards.build(asked, dict(enumerate(found)), currency="EUR", now=NOW, known=known)

    return build


def failed(code):
    """No answer, ever."""
    return lambda state: ReportState(error=code)


def old(code):
    """An answer of yesterday that could not be renewed."""
    return lambda state: replace(state, fetched_at=YESTERDAY, error=code)


# ---- nothing there


def test_a_new_property_is_gathering(page):
    lead = page(replace(CLIENT, had_data=False)).lead
    assert (lead.text, lead.ask, lead.actions) == (
        "The first figures are being gathered.",
        True,
        (Action("Look again", "?same"),),
    )


def begun(first=None, tag_url="/tag/", **more):
    """The background of a property that was made from here."""
    known = replace(CLIENT, had_data=None, today_url="?today", **more)
    return replace(known, beginning=lambda: Beginning(first, tag_url))


@pytest.mark.parametrize("params", [{}, {"period": "today"}, {"period": "month"}])
def test_a_property_made_from_here_is_gathering_until_somebody_comes_whatever_days_are_asked(page, params):
    lead = page(begun(), **params).lead
    assert (lead.text, lead.actions) == (
        "The first figures are being gathered.",
        (Action("Show the tag", "/tag/"), Action("Look again", "?same")),
    )


def test_who_may_not_see_the_tag_is_not_led_to_it(page):
    assert page(begun(tag_url="")).lead.actions == (Action("Look again", "?same"),)


@pytest.mark.parametrize(
    ("params", "action"),
    [({}, Action("Show today", "?today")), ({"period": "today"}, Action("Look again", "?same"))],
)
def test_first_visits_are_told_of_before_a_report_has_them(page, params, action):
    lead = page(begun(TODAY), **params).lead
    assert (lead.text, lead.actions) == ("The first visits have come.", (action,))
    assert lead.detail.startswith("Google counts since 23 Nov 2026.")


def test_visits_of_long_ago_are_no_news(page):
    assert page(begun(LAST), period="today").lead.text == "The first figures are being gathered."
    assert page(replace(begun(LAST), had_data=True), period="today").lead.text == "Nothing in this period."


def test_a_filter_is_named_first_on_a_new_property_too(page):
    assert page(begun(is_narrowed=True)).lead.text == "Nothing fits in this period."


@pytest.mark.parametrize(
    ("params", "text"),
    [({}, "The first figures are being gathered."), ({"period": "last-year"}, "Nothing in this period.")],
)
def test_before_the_first_night_only_the_usual_days_tell_that_a_property_is_new(page, params, text):
    assert page(replace(CLIENT, had_data=None), **params).lead.text == text


def test_nothing_in_this_period_leads_to_other_days(page):
    known = replace(CLIENT, last_data_on=date(2026, 11, 22))
    lead = page(known, **{"from": "2026-10-01", "to": "2026-10-02"}).lead
    assert (lead.text, lead.detail, lead.ask, lead.actions) == (
        "Nothing in this period.",
        "Google has counted nothing on these days: 1 – 2 Oct 2026. Choose others; the latest figures are "
        "of 22 Nov 2026.",
        True,
        (Action("Show the last 28 days", "?usual"),),
    )


def test_nothing_behind_a_filter_leads_to_taking_it_off(page):
    lead = page(replace(CLIENT, is_narrowed=True)).lead
    assert (lead.text, lead.actions) == (
        "Nothing fits in this period.",
        (Action("Take the filters off", "?wide"),),
    )


def test_a_view_that_stopped_before_the_period_says_since_when(page):
    lead = page(replace(CLIENT, has_stopped=True, last_data_on=LAST), period="7d").lead
    assert (lead.text, lead.ask, lead.actions) == (
        "Nothing has been counted since 12 Nov 2026.",
        True,
        (Action("Show the last days with figures", "?2026-10-16..2026-11-12"),),
    )


def test_a_view_that_stopped_within_the_period_shows_its_figures_with_a_warning(page):
    shown = page(replace(CLIENT, has_stopped=True, last_data_on=LAST), {11: 30, 12: 20})
    text = (
        "Nothing has been counted since 12 Nov 2026. Most likely Google's tag is no longer on the site: ask "
        "whoever looks after the site, or Northlight."
    )
    assert (shown.lead.text, shown.is_bare) == ("50 visits.", False)
    assert shown.warnings == (Notice("bad", text),)


def test_figures_of_later_days_disprove_that_a_view_has_stopped(page):
    assert page(replace(CLIENT, has_stopped=True, last_data_on=LAST), {12: 20, 22: 4}).warnings == ()


def test_days_before_the_stop_need_no_warning(page):
    stopped = replace(CLIENT, has_stopped=True, last_data_on=LAST)
    assert page(stopped, {1: 20}, **{"from": "2026-11-01", "to": "2026-11-12"}).warnings == ()


# ---- nothing came back


@pytest.mark.parametrize("code", ["property_forbidden", "not_found", "key_refused", "api_disabled"])
def test_a_client_reads_who_lost_access_and_whom_to_ask(page, code):
    lead = page(state=failed(code)).lead
    assert (lead.text, lead.ask, lead.actions) == (
        "Northlight has lost its access to this property's figures.",
        True,
        (),
    )
    assert "credential" not in lead.detail


@pytest.mark.parametrize("code", ["grant_revoked", "unreachable"])
def test_a_clients_owner_may_ask_the_doctor(page, code):
    owner = replace(CLIENT, doctor_url=lambda: "/doctor/")
    assert page(owner, state=failed(code)).lead.actions[-1] == Action("Find out why", "/doctor/")
    assert page(replace(owner, admin_url="/a/"), state=failed(code)).lead.actions[-1].url == "/a/"


def test_staff_read_what_google_said_and_where_to_mend_it(page):
    lead = page(STAFF, state=failed("property_forbidden")).lead
    assert (lead.detail, lead.ask, lead.actions) == (
        "This credential may not read this Google Analytics property. In Google Analytics, add its e-mail "
        "address to the property as a viewer.",
        False,
        (TO_ADMIN,),
    )


@pytest.mark.parametrize("code", ["unreachable", "server_error", "bad_answer", "clock_wrong"])
def test_an_unreachable_google_is_said_once_and_calmly(page, code):
    shown = page(state=failed(code))
    assert (shown.is_bare, shown.lead.text, shown.lead.detail, shown.lead.ask, shown.lead.actions) == (
        True,
        "Google does not answer right now.",
        "Nothing is wrong with your site, and nothing is lost. Try again in a few minutes; if it stays "
        "like this, ask.",
        True,
        (Action("Try again", "?same"),),
    )


def test_staff_read_what_kept_google_from_answering(page):
    lead = page(STAFF, state=failed("unreachable")).lead
    assert lead.detail.startswith("Google could not be reached in time.")
    assert lead.actions == (Action("Try again", "?same"), TO_ADMIN)


@pytest.mark.parametrize("code", ["hourly_tokens", "quota_low"])
def test_a_used_up_allowance_leads_to_the_usual_days(page, code):
    lead = page(state=failed(code), period="90d").lead
    assert (lead.text, lead.actions) == (
        "The figures cannot be shown right now.",
        (Action("Show the last 28 days", "?usual"),),
    )


def test_a_filter_that_google_refuses_can_be_taken_off(page):
    lead = page(replace(CLIENT, is_narrowed=True), state=failed("unknown_field")).lead
    assert (lead.text, lead.ask, lead.actions) == (
        "This cannot be shown.",
        False,
        (Action("Take the filters off", "?wide"),),
    )


@pytest.mark.parametrize("code", ["", "made_up", "google_error"])
def test_an_unknown_failure_counts_as_silence(code):
    assert blanks.trouble(code) == "silence"


@pytest.mark.parametrize(
    ("code", "known", "text"),
    [
        ("not_found", CLIENT, "Northlight has lost its access to this property's figures."),
        ("unreachable", CLIENT, "Google does not answer right now."),
        (
            "incompatible_fields",
            CLIENT,
            "Google Analytics cannot show these dimensions and metrics together. Remove one of them from the "
            "widget or the filter.",
        ),
        (
            "key_refused",
            STAFF,
            "Google refuses this key: it was deleted, disabled or has expired. Make a new key for the "
            "service account and upload it.",
        ),
    ],
)
def test_a_table_alone_says_why_in_its_readers_words(code, known, text):
    assert blanks.why(code, known) == text


# ---- old figures


@pytest.mark.parametrize(
    ("code", "known", "text", "url"),
    [
        (
            "unreachable",
            CLIENT,
            "Some figures are from 22 Nov, 09:30. Google does not answer right now; it will be tried again.",
            "",
        ),
        (
            "server_error",
            CLIENT,
            "Some figures are from 22 Nov, 09:30. Google Analytics has a fault of its own at the moment. It "
            "will be tried again.",
            "",
        ),
        (
            "key_refused",
            CLIENT,
            "Some figures are from 22 Nov, 09:30. Northlight has lost its access to this property since; ask "
            "Northlight.",
            "",
        ),
        (
            "key_refused",
            STAFF,
            "Some figures are from 22 Nov, 09:30. Google refuses this key: it was deleted, disabled or has "
            "expired. Make a new key for the service account and upload it.",
            "/admin/view/",
        ),
    ],
)
def test_old_figures_stay_and_say_why(page, code, known, text, url):
    shown = page(known, {11: 30}, old(code))
    assert (shown.is_bare, shown.lead.text, shown.warnings) == (
        False,
        "30 visits.",
        (Notice("bad", text, url),),
    )
