"""The sentence that heads the page."""

from datetime import UTC, date, datetime

import pytest

from dashboards import cards, periods
from dashboards.cards import ReportState
from dashboards.lead import Lead
from dashboards.planner import WidgetSpec, plan

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def lead(report):
    """Builds the lead of a page with one figure; `totals` by date range."""

    def build(totals, metric="sessions", **params):
        asked = plan([WidgetSpec("one", "One", "figure", (metric,))], periods.resolve(params, TODAY), None)
        answer = report((), (metric,), [(name, [[value]], [value]) for name, value in totals.items()])
        states = {0: ReportState(answer, NOW)}
        return cards.build(asked, states, currency="EUR", now=NOW).lead

    return build


def test_fewer_than_before(lead):
    assert lead({"current": 1846412, "comparison": 2139530}) == Lead(
        "ready",
        "1,846,412 visits, ",
        "14\xa0% fewer",
        " than the 28 days before.",
        "bad",
        "26 Oct – 22 Nov 2026, compared with 28 Sep – 25 Oct 2026",
    )


@pytest.mark.parametrize(
    ("metric", "now", "before", "text"),
    [
        ("sessions", 1, 0, "1 visit."),
        ("sessions", 100, 100, "100 visits, about the same as the 28 days before."),
        ("totalRevenue", 1200, 1000, "€1,200 earned, 20\xa0% more than the 28 days before."),
        ("totalRevenue", 800, 1000, "€800.00 earned, 20\xa0% less than the 28 days before."),
        ("engagementRate", 0.5, 0.4, "Engaged visits: 50.0\xa0%, 25\xa0% higher than the 28 days before."),
        ("bounceRate", 0.2, 0.4, "Bounces: 20.0\xa0%, 50\xa0% lower than the 28 days before."),
    ],
)
def test_it_speaks_of_what_is_counted(lead, metric, now, before, text):
    assert lead({"current": now, "comparison": before}, metric).text == text


def test_fewer_bounces_are_good_news(lead):
    assert lead({"current": 0.2, "comparison": 0.4}, "bounceRate").tone == "good"


def test_without_a_comparison_it_says_how_many(lead):
    found = lead({"": 1240}, compare="none")
    assert (found.text, found.detail) == ("1,240 visits.", "26 Oct – 22 Nov 2026")


def test_a_month_so_far_is_compared_over_its_complete_days(lead):
    found = lead({"current": 900, "complete": 880, "comparison": 800}, period="month")
    assert (found.text, found.detail) == (
        "900 visits so far, 10\xa0% more than the same days of the month before.",
        "1 – 23 Nov 2026; its complete days compared with 1 – 22 Oct 2026",
    )


def test_today_is_compared_with_nothing(lead):
    found = lead({"": 312}, period="today")
    assert (found.text, found.detail) == ("312 visits so far.", "23 Nov 2026")
