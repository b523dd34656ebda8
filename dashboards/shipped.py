"""The three dashboards that every installation begins with, as data. Pure.

Names and titles are English msgids, translated where they are shown. A report takes either items or
everything else, so item metrics stand only beside item dimensions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from dashboards.planner import Kind


@dataclass(frozen=True)
class ShippedWidget:
    """A widget before it has a row of its own; fields as in WidgetSpec."""

    title: str
    kind: Kind
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    order_by: str = ""
    descending: bool = True
    limit: int = 10


@dataclass(frozen=True)
class ShippedDashboard:
    """A dashboard before it has a row of its own."""

    name: str
    slug: str
    widgets: tuple[ShippedWidget, ...]


def _figures(*names: tuple[str, str]) -> Iterator[ShippedWidget]:
    return (ShippedWidget(title, "figure", (metric,)) for metric, title in names)


def _table(title: str, dimension: str, *metrics: str, limit: int = 10) -> ShippedWidget:
    return ShippedWidget(title, "table", metrics, (dimension,), limit=limit)


OVERVIEW = ShippedDashboard(
    _("Overview"),
    "overview",
    (
        *_figures(
            ("sessions", _("Visits")),
            ("activeUsers", _("People")),
            ("screenPageViewsPerSession", _("Pages per visit")),
            ("engagementRate", _("Engaged visits")),
            ("averageSessionDuration", _("Time on site")),
            ("keyEvents", _("Key events")),
        ),
        ShippedWidget(_("Visits"), "line", ("sessions",), ("date",)),
        ShippedWidget(_("Channels"), "bar", ("sessions",), ("sessionDefaultChannelGroup",), limit=8),
        _table(_("Sources"), "sessionSource", "sessions", limit=8),
        _table(_("Pages"), "pagePath", "screenPageViews"),
        _table(_("Landing pages"), "landingPage", "sessions"),
        _table(_("Countries"), "country", "sessions", limit=7),
        ShippedWidget(_("Devices"), "donut", ("sessions",), ("deviceCategory",), limit=5),
        _table(_("Browsers"), "browser", "sessions", limit=7),
        _table(_("Systems"), "operatingSystem", "sessions", limit=7),
        _table(_("Key events"), "eventName", "keyEvents", limit=7),
    ),
)

CONTENT = ShippedDashboard(
    _("Content"),
    "content",
    (
        *_figures(
            ("screenPageViews", _("Page views")),
            ("activeUsers", _("People")),
            ("screenPageViewsPerSession", _("Pages per visit")),
            ("userEngagementDuration", _("Attention")),
            ("engagementRate", _("Engaged visits")),
            ("bounceRate", _("Bounces")),
        ),
        ShippedWidget(_("Page views"), "line", ("screenPageViews",), ("date",)),
        _table(_("Pages"), "pagePath", "screenPageViews", "activeUsers", limit=15),
        _table(_("Page titles"), "pageTitle", "screenPageViews", "activeUsers", limit=15),
        _table(_("Landing pages"), "landingPage", "sessions", "engagementRate"),
        _table(_("Sites"), "hostName", "screenPageViews", "sessions"),
    ),
)

E_COMMERCE = ShippedDashboard(
    _("E-commerce"),
    "e-commerce",
    (
        *_figures(
            ("totalRevenue", _("Revenue")),
            ("ecommercePurchases", _("Purchases")),
            ("averagePurchaseRevenue", _("Average order")),
            ("purchaserRate", _("People who buy")),
            ("addToCarts", _("Added to cart")),
            ("checkouts", _("Checkouts")),
        ),
        ShippedWidget(_("Revenue"), "line", ("totalRevenue",), ("date",)),
        _table(_("Items"), "itemName", "itemRevenue", "itemsPurchased", limit=8),
        ShippedWidget(_("Channels"), "bar", ("totalRevenue",), ("sessionDefaultChannelGroup",), limit=8),
        _table(_("Sources"), "sessionSource", "totalRevenue", "ecommercePurchases", limit=8),
        _table(_("Countries"), "country", "totalRevenue", "ecommercePurchases", limit=8),
        _table(_("Item categories"), "itemCategory", "itemRevenue", "itemsPurchased", limit=7),
        ShippedWidget(_("Devices"), "donut", ("totalRevenue",), ("deviceCategory",), limit=5),
    ),
)

SHIPPED = (OVERVIEW, CONTENT, E_COMMERCE)
