"""Which of GA4's fields a page's names mean."""

import pytest

from dashboards.embed.errors import V3Error
from dashboards.embed.names import Column, Names

OWN = Names({"dimension1": "customEvent:plan", "metric2": "customEvent:price", "goal3": "purchase"})


def refused(find, name: str) -> tuple[int, str, str]:
    with pytest.raises(V3Error) as caught:
        find(name)
    return caught.value.code, caught.value.location, caught.value.message


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        ("ga:sessions", Column("ga:sessions", "sessions", "INTEGER")),
        ("sessions", Column("sessions", "sessions", "INTEGER")),
        ("ga:bounceRate", Column("ga:bounceRate", "bounceRate", "PERCENT")),
        ("engagementRate", Column("engagementRate", "engagementRate", "PERCENT", certain=False)),
        ("ga:engagedSessions", Column("ga:engagedSessions", "engagedSessions", None, certain=False)),
        ("ga:goal3Completions", Column("ga:goal3Completions", "keyEvents:purchase", "INTEGER")),
        (
            "ga:goal3ConversionRate",
            Column("ga:goal3ConversionRate", "sessionKeyEventRate:purchase", "PERCENT"),
        ),
        ("ga:metric2", Column("ga:metric2", "customEvent:price", "FLOAT")),
    ],
)
def test_a_metric(asked, column):
    assert OWN.metric(asked) == column


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        ("ga:pagePath", Column("ga:pagePath", "pagePathPlusQueryString")),
        ("ga:pagePathLevel2", Column("ga:pagePathLevel2", "pagePath", level=2)),
        ("ga:dimension1", Column("ga:dimension1", "customEvent:plan")),
        ("sessionSource", Column("sessionSource", "sessionSource", certain=False)),
        ("customEvent:plan", Column("customEvent:plan", "customEvent:plan", certain=False)),
        ("ga:eventLabel", Column("ga:eventLabel", "eventName")),
    ],
)
def test_a_dimension(asked, column):
    assert OWN.dimension(asked) == column


def test_a_site_may_say_itself_what_its_event_labels_are():
    names = Names({"eventLabel": "customEvent:label"})
    assert names.dimension("ga:eventLabel").name == "customEvent:label"


def test_what_ga4_lacks_is_refused_with_the_nearest_that_it_has():
    assert refused(OWN.metric, "ga:exits") == (
        400,
        "metrics",
        "Google Analytics 4 has no ga:exits. Nearest: ga:pageviews.",
    )
    assert refused(OWN.dimension, "ga:metro")[2] == "Google Analytics 4 has no ga:metro. Nearest: ga:city."


@pytest.mark.parametrize("name", ["ga:dimension2", "ga:eventCategory"])
def test_a_name_of_the_sites_own_is_refused_until_somebody_says_what_it_is(name):
    code, location, message = refused(OWN.dimension, name)
    assert (code, location) == (400, "dimensions")
    assert message.startswith(f"{name} is a name of your own, and nobody has said what it is in GA4.")


@pytest.mark.parametrize(
    "name", ["ga:country", "ga:goal9Value", "ga:goal1Completions", "a b", "", "ga:", "ga:<b>"]
)
def test_what_is_no_metric_is_refused(name):
    assert refused(OWN.metric, name)[:2] == (400, "metrics")


def test_a_metric_is_no_dimension():
    assert refused(OWN.dimension, "ga:sessions") == (400, "dimensions", "Unknown dimension(s): ga:sessions")
