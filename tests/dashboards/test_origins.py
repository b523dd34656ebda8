"""Where most came from, in a sentence."""

from datetime import date

import pytest

from dashboards import origins, periods
from dashboards.planner import WidgetSpec, plan
from dashboards.readings import Reading, ReportState

SOURCES = WidgetSpec("s", "Sources", "table", ("sessions",), ("sessionSource",))
LANDINGS = WidgetSpec("l", "Landing pages", "table", ("sessions",), ("landingPage",))


@pytest.fixture
def said(report):
    """The sentence on these sources and landing pages, of 100 visits."""

    def build(sources, landings):
        asked = plan([SOURCES, LANDINGS], periods.resolve({"compare": "none"}, date(2026, 11, 23)), None)
        states = {
            0: ReportState(report(("sessionSource",), ("sessions",), [("", sources, [100])])),
            1: ReportState(report(("landingPage",), ("sessions",), [("", landings, [100])])),
        }
        return origins.sentence([Reading(answer, states) for answer in asked.answers.values()])

    return build


@pytest.mark.parametrize(
    ("sources", "landings", "sentence"),
    [
        (
            [["google", 60]],
            [["/", 50], ["/menu", 9]],
            "Most came from Google, chiefly to the home page and /menu.",
        ),
        (
            [["google", 40]],
            [["/", 50]],
            "More came from Google than from anywhere else, chiefly to the home page.",
        ),
        ([["news.example", 60]], [], "Most came from news.example."),
        ([["(direct)", 60]], [["/a", 5]], "Most came directly, chiefly to /a."),
        ([["(direct)", 40]], [["(not set)", 5]], "More came directly than any other way."),
        ([["(not set)", 90]], [["/", 5]], ""),
        ([], [["/", 5]], ""),
        ([["google", 60]], [["/" + "x" * 60, 5], ["/b", 1]], "Most came from Google, chiefly to /b."),
    ],
)
def test_the_largest_source_and_the_first_pages(said, sources, landings, sentence):
    assert said(sources, landings) == sentence


def test_a_page_without_sources_says_nothing():
    assert origins.sentence([]) == ""
