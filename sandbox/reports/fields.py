"""The dimensions and metrics that the sandbox answers, with Google's names, scopes and types.

Names are those of https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema and of the
realtime schema beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Dimension:
    """`scope`: where a value lives: `date` (the calendar), `session` (also user, place and device), `slice`
    (within a session's day), `event`, or `item`.
    """

    api_name: str
    ui_name: str
    category: str
    scope: str
    deprecated: tuple[str, ...] = ()

    def metadata(self) -> dict[str, Any]:
        about = f"{self.ui_name}, as reported for the {self.scope}."
        return _metadata(self.api_name, self.ui_name, about, self.deprecated, self.category)


@dataclass(frozen=True)
class Metric:
    """`type`: Google's metric type without `TYPE_`. `scope`: `item` for those of single products."""

    api_name: str
    ui_name: str
    category: str
    type: str
    scope: str = ""
    deprecated: tuple[str, ...] = ()
    expression: str = ""

    def metadata(self) -> dict[str, Any]:
        value = _metadata(self.api_name, self.ui_name, f"{self.ui_name}.", self.deprecated, self.category)
        value["type"] = f"TYPE_{self.type}"
        return value | ({"expression": self.expression} if self.expression else {})


def _metadata(
    name: str, ui_name: str, about: str, deprecated: tuple[str, ...], category: str
) -> dict[str, Any]:
    value: dict[str, Any] = {"apiName": name, "uiName": ui_name, "description": about, "category": category}
    return value | ({"deprecatedApiNames": list(deprecated)} if deprecated else {})


def _dimensions(scope: str, category: str, text: str) -> list[Dimension]:
    """One dimension per line: `apiName | UI name [| deprecated name]`."""
    found = []
    for line in text.strip().splitlines():
        name, ui_name, *deprecated = (part.strip() for part in line.split("|"))
        found.append(Dimension(name, ui_name, category, scope, tuple(deprecated)))
    return found


def _metrics(category: str, text: str, scope: str = "") -> list[Metric]:
    """One metric per line: `apiName | UI name | type [| expression [| deprecated name]]`."""
    found = []
    for line in text.strip().splitlines():
        name, ui_name, kind, *more = (part.strip() for part in line.split("|"))
        expression = more[0] if more else ""
        found.append(Metric(name, ui_name, category, kind, scope, tuple(more[1:]), expression))
    return found


_ALL_DIMENSIONS = [
    *_dimensions(
        "date",
        "Time",
        """
        date | Date
        dayOfWeek | Day of week
        dayOfWeekName | Day of week name
        day | Day
        week | Week
        yearWeek | Year week
        isoWeek | ISO week of the year
        isoYear | ISO year
        isoYearIsoWeek | ISO week of ISO year
        month | Month
        yearMonth | Year month
        year | Year
        nthDay | Nth day
        nthWeek | Nth week
        nthMonth | Nth month
        """,
    ),
    *_dimensions(
        "slice",
        "Time",
        """
        hour | Hour
        dateHour | Date + hour (YYYYMMDDHH)
        nthHour | Nth hour
        """,
    ),
    *_dimensions("slice", "User", "newVsReturning | New / returning"),
    *_dimensions(
        "session",
        "Traffic source",
        """
        sessionDefaultChannelGroup | Session default channel group | sessionDefaultChannelGrouping
        sessionSource | Session source
        sessionMedium | Session medium
        sessionSourceMedium | Session source / medium
        sessionCampaignName | Session campaign
        firstUserDefaultChannelGroup | First user default channel group | firstUserDefaultChannelGrouping
        firstUserSource | First user source
        firstUserMedium | First user medium
        firstUserSourceMedium | First user source / medium
        firstUserCampaignName | First user campaign
        """,
    ),
    *_dimensions(
        "session",
        "Geography",
        """
        continent | Continent
        country | Country
        countryId | Country ID
        region | Region
        city | City
        """,
    ),
    *_dimensions(
        "session",
        "Platform / device",
        """
        deviceCategory | Device category
        browser | Browser
        operatingSystem | Operating system
        language | Language
        platform | Platform
        streamName | Stream name
        """,
    ),
    *_dimensions(
        "session",
        "Page / screen",
        """
        hostName | Hostname
        landingPage | Landing page
        landingPagePlusQueryString | Landing page + query string
        """,
    ),
    *_dimensions("session", "Demographics", "userAgeBracket | Age\nuserGender | Gender"),
    *_dimensions("session", "User", "audienceName | Audience name"),
    *_dimensions(
        "event",
        "Page / screen",
        """
        pagePath | Page path
        pagePathPlusQueryString | Page path + query string
        pageTitle | Page title
        unifiedScreenName | Page title and screen name
        """,
    ),
    *_dimensions("event", "Event", "eventName | Event name\nisKeyEvent | Is key event | isConversionEvent"),
    *_dimensions("item", "Ecommerce", "itemName | Item name\nitemCategory | Item category"),
]
_ALL_METRICS = [
    *_metrics(
        "Session",
        """
        sessions | Sessions | INTEGER
        engagedSessions | Engaged sessions | INTEGER
        engagementRate | Engagement rate | FLOAT | engagedSessions/sessions
        bounceRate | Bounce rate | FLOAT | 1-engagementRate
        averageSessionDuration | Average session duration | SECONDS
        screenPageViewsPerSession | Views per session | FLOAT | screenPageViews/sessions
        eventsPerSession | Events per session | FLOAT | eventCount/sessions
        sessionsPerUser | Sessions per user | FLOAT | sessions/activeUsers
        sessionKeyEventRate | Session key event rate | FLOAT | | sessionConversionRate
        """,
    ),
    *_metrics(
        "User",
        """
        activeUsers | Active users | INTEGER
        totalUsers | Total users | INTEGER
        newUsers | New users | INTEGER
        active1DayUsers | 1-day active users | INTEGER
        active7DayUsers | 7-day active users | INTEGER
        active28DayUsers | 28-day active users | INTEGER
        userEngagementDuration | User engagement | SECONDS
        screenPageViewsPerUser | Views per active user | FLOAT | screenPageViews/activeUsers
        """,
    ),
    *_metrics("Page / screen", "screenPageViews | Views | INTEGER"),
    *_metrics(
        "Event",
        """
        eventCount | Event count | INTEGER
        eventCountPerUser | Event count per active user | FLOAT | eventCount/activeUsers
        keyEvents | Key events | FLOAT | | conversions
        """,
    ),
    *_metrics(
        "Revenue", "totalRevenue | Total revenue | CURRENCY\npurchaseRevenue | Purchase revenue | CURRENCY"
    ),
    *_metrics(
        "Ecommerce",
        """
        ecommercePurchases | Ecommerce purchases | INTEGER
        transactions | Transactions | INTEGER
        addToCarts | Add to carts | INTEGER
        checkouts | Checkouts | INTEGER
        averagePurchaseRevenue | Average purchase revenue | CURRENCY | purchaseRevenue/transactions
        totalPurchasers | Total purchasers | INTEGER
        purchaserRate | Purchaser rate | FLOAT | | purchaserConversionRate
        """,
    ),
    *_metrics(
        "Ecommerce",
        """
        itemsViewed | Items viewed | INTEGER
        itemsAddedToCart | Items added to cart | INTEGER
        itemsPurchased | Items purchased | INTEGER
        itemRevenue | Item revenue | CURRENCY
        """,
        scope="item",
    ),
]
DIMENSIONS = {field.api_name: field for field in _ALL_DIMENSIONS}
METRICS = {field.api_name: field for field in _ALL_METRICS}
_OLD_DIMENSIONS = {old: field for field in _ALL_DIMENSIONS for old in field.deprecated}
_OLD_METRICS = {old: field for field in _ALL_METRICS for old in field.deprecated}

REALTIME_DIMENSIONS = {
    name: DIMENSIONS.get(name) or Dimension(name, "Realtime minutes ago", "Time", "slice")
    for name in (
        *("country", "countryId", "city", "deviceCategory", "platform", "streamName"),
        *("eventName", "unifiedScreenName", "audienceName", "minutesAgo"),
    )
}
REALTIME_METRICS = {
    name: METRICS[name] for name in ("activeUsers", "screenPageViews", "eventCount", "keyEvents")
}

THRESHOLDED = frozenset({"userAgeBracket", "userGender", "audienceName"})
# What may be added up over dimensions that were not asked: counts, never distinct people, never ratios.
ADDITIVE = frozenset(
    {
        *("sessions", "engagedSessions", "newUsers", "screenPageViews", "eventCount", "keyEvents"),
        *("userEngagementDuration", "totalRevenue", "purchaseRevenue", "ecommercePurchases", "transactions"),
        *("addToCarts", "checkouts", "itemsViewed", "itemsAddedToCart", "itemsPurchased", "itemRevenue"),
    }
)


def dimension(name: str) -> Dimension | None:
    """By its name or a deprecated one."""
    return DIMENSIONS.get(name) or _OLD_DIMENSIONS.get(name)


def metric(name: str) -> Metric | None:
    """By its name or a deprecated one."""
    return METRICS.get(name) or _OLD_METRICS.get(name)
