"""Those of version 3's segments that a filter says exactly. Pure.

GA4's reports have no segments. A segment of whole sessions is the same as a filter where all of a session has
one value of a dimension: a session has one country and one source, but many pages.

https://developers.google.com/analytics/devguides/reporting/core/v3/segments
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from dashboards.embed import v3_filters
from dashboards.embed.errors import V3Error, bad_parameter
from dashboards.embed.names import Names
from dashboards.filters import Filter

# The segments that every Universal Analytics account had, by their ids.
BUILT_IN = {
    "-1": "",
    "-2": "ga:userType==New Visitor",
    "-3": "ga:userType==Returning Visitor",
    "-5": "ga:medium==organic",
    "-7": "ga:medium==(none)",
    "-8": "ga:medium==referral",
    "-13": "ga:deviceCategory==tablet",
    "-14": "ga:deviceCategory==mobile",
}
_LOCATION = "segment"
_CONDITIONS = ("sessions::condition::", "dynamic::")
_INEXACT = ("!", "perHit::", "perSession::", "perUser::")  # who lacks it, and how much of it counts

# Dimensions of which a session has one value.
OF_SESSIONS = frozenset(
    {
        *(
            "sessionSource",
            "sessionMedium",
            "sessionSourceMedium",
            "sessionCampaignName",
            "sessionCampaignId",
        ),
        *("sessionDefaultChannelGroup", "sessionManualTerm", "landingPagePlusQueryString", "landingPage"),
        *("continent", "country", "countryId", "region", "city", "cityId", "language"),
        *("deviceCategory", "browser", "operatingSystem", "operatingSystemVersion", "screenResolution"),
        *("mobileDeviceBranding", "mobileDeviceModel", "platform"),
    }
)


def read(text: str, names: Names) -> Filter | None:
    """The filter that a segment amounts to; None where it is everybody. Raises V3Error."""
    text = text.strip()
    if text.startswith("gaid::"):
        number = text.removeprefix("gaid::")
        if number not in BUILT_IN:
            raise _refused(text)
        return v3_filters.read(BUILT_IN[number], names, location=_LOCATION).rows
    beginning = next((each for each in _CONDITIONS if text.startswith(each)), None)
    if beginning is None:
        raise _refused(text)
    return _of_sessions(text.removeprefix(beginning), names)


def _of_sessions(condition: str, names: Names) -> Filter | None:
    if not condition.strip() or condition.startswith(_INEXACT):
        raise _refused(condition)
    found = v3_filters.read(condition, names, location=_LOCATION)
    if found.figures or not found.names() <= OF_SESSIONS:
        raise _refused(condition)
    return found.rows


def _refused(text: str) -> V3Error:
    sentence = _(
        "GA4's reports cannot show the segment “%(text)s” exactly. Those that can be shown: gaid:: with "
        "%(ids)s, and sessions::condition:: with what a session has one of, such as ga:country==Italy."
    )
    return bad_parameter(_LOCATION, sentence % {"text": text[:60], "ids": ", ".join(BUILT_IN)})
