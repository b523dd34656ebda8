"""Old names mean what Google's table says, by the names that GA4 has today."""

import pytest

from google_api import ua_names
from google_api.ua_names import Gone, Metric


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("users", Metric("totalUsers", "INTEGER")),
        ("hits", Metric("eventCount", "INTEGER")),
        ("bounceRate", Metric("bounceRate", "PERCENT")),
        ("avgSessionDuration", Metric("averageSessionDuration", "TIME")),
        ("adCost", Metric("advertiserAdCost", "CURRENCY")),  # misspelt in Google's table
        ("productListClicks", Metric("itemListClickEvents", "INTEGER")),  # renamed since
        ("uniquePageviews", Gone("ga:pageviews")),
        ("avgTimeOnPage", Gone("ga:timeOnPage")),
        ("country", None),
        ("constructor", None),
    ],
)
def test_a_metric_by_its_old_name(old, new):
    assert ua_names.metric(old) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pagePath", "pagePathPlusQueryString"),
        ("channelGrouping", "sessionDefaultChannelGroup"),  # renamed since
        ("userType", "newVsReturning"),
        ("countryIsoCode", "countryId"),
        ("exitPagePath", Gone("ga:landingPagePath")),
        ("sessions", None),
    ],
)
def test_a_dimension_by_its_old_name(old, new):
    assert ua_names.dimension(old) == new


def test_realtime_has_names_of_its_own():
    assert ua_names.realtime_metric("activeUsers") == Metric("activeUsers", "INTEGER")
    assert ua_names.realtime_dimension("pageTitle") == "unifiedScreenName"
    assert ua_names.realtime_dimension("pagePath") == Gone("rt:pageTitle")


def test_nothing_is_both_there_and_gone():
    assert ua_names.METRICS.keys() & ua_names.GONE_METRICS.keys() == set()
    assert ua_names.DIMENSIONS.keys() & ua_names.GONE_DIMENSIONS.keys() == set()
    assert ua_names.REALTIME_METRICS.keys() & ua_names.GONE_REALTIME.keys() == set()
    assert ua_names.METRICS.keys() & ua_names.DIMENSIONS.keys() == set()


@pytest.mark.parametrize(
    ("name", "google_type", "kind"),
    [
        ("engagementRate", "TYPE_FLOAT", "PERCENT"),
        ("sessionKeyEventRate:purchase", "TYPE_FLOAT", "PERCENT"),
        ("dauPerMau", "TYPE_FLOAT", "PERCENT"),
        ("engagedSessions", "TYPE_INTEGER", "INTEGER"),
        ("totalRevenue", "TYPE_CURRENCY", "CURRENCY"),
        ("averageSessionDuration", "TYPE_SECONDS", "TIME"),
        ("eventsPerSession", "TYPE_FLOAT", "FLOAT"),
    ],
)
def test_the_kind_of_a_metric_by_its_new_name(name, google_type, kind):
    assert ua_names.data_type(name, google_type) == kind
