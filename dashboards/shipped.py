"""The three dashboards that every installation begins with, as data. Pure.

Names and titles are English msgids, translated where they are shown. A report takes either items or
everything else, so item metrics stand only beside item dimensions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop as _

from dashboards.planner import Kind

ROWS = 7
"""What a card shows of a table; the rest stands on the table's own page."""


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
    group: str = ""


@dataclass(frozen=True)
class ShippedDashboard:
    """A dashboard before it has a row of its own."""

    name: str
    slug: str
    widgets: tuple[ShippedWidget, ...]


def _figures(*names: tuple[str, str]) -> Iterator[ShippedWidget]:
    return (ShippedWidget(title, "figure", (metric,)) for metric, title in names)


def _line(title: str, metric: str) -> ShippedWidget:
    return ShippedWidget(title, "line", (metric,), ("date",))


def _table(title: str, dimension: str, *metrics: str, kind: Kind = "table") -> ShippedWidget:
    return ShippedWidget(title, kind, metrics, (dimension,), limit=ROWS)


def _card(name: str, *tabs: ShippedWidget) -> Iterator[ShippedWidget]:
    return (replace(tab, group=name) for tab in tabs)


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
        _line(_("Visits"), "sessions"),
        *_card(
            _("How people came"),
            _table(_("Channels"), "sessionDefaultChannelGroup", "sessions"),
            _table(_("Sources"), "sessionSource", "sessions"),
            _table(_("Campaigns"), "sessionCampaignName", "sessions"),
        ),
        *_card(
            _("What they saw"),
            _table(_("Pages"), "pagePath", "screenPageViews"),
            _table(_("Landing pages"), "landingPage", "sessions"),
            _table(_("Titles"), "pageTitle", "screenPageViews"),
        ),
        *_card(
            _("Where they are"),
            _table(_("Countries"), "country", "sessions", kind="map"),
            _table(_("Regions"), "region", "sessions"),
            _table(_("Cities"), "city", "sessions"),
        ),
        *_card(
            _("What they use"),
            _table(_("Devices"), "deviceCategory", "sessions"),
            _table(_("Browsers"), "browser", "sessions"),
            _table(_("Systems"), "operatingSystem", "sessions"),
        ),
        _table(_("Key events"), "eventName", "keyEvents"),
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
        _line(_("Page views"), "screenPageViews"),
        *_card(
            _("What they saw"),
            _table(_("Pages"), "pagePath", "screenPageViews", "activeUsers"),
            _table(_("Titles"), "pageTitle", "screenPageViews", "activeUsers"),
        ),
        _table(_("Landing pages"), "landingPage", "sessions", "engagementRate"),
        *_card(
            _("How people came"),
            _table(_("Sources"), "sessionSource", "sessions", "engagementRate"),
            _table(_("Channels"), "sessionDefaultChannelGroup", "sessions", "engagementRate"),
        ),
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
        _line(_("Revenue"), "totalRevenue"),
        *_card(
            _("What they bought"),
            _table(_("Items"), "itemName", "itemRevenue", "itemsPurchased"),
            _table(_("Item categories"), "itemCategory", "itemRevenue", "itemsPurchased"),
        ),
        *_card(
            _("How people came"),
            _table(_("Channels"), "sessionDefaultChannelGroup", "totalRevenue", kind="bar"),
            _table(_("Sources"), "sessionSource", "totalRevenue", "ecommercePurchases"),
            _table(_("Campaigns"), "sessionCampaignName", "totalRevenue", "ecommercePurchases"),
        ),
        _table(_("Countries"), "country", "totalRevenue", "ecommercePurchases"),
        _table(_("Devices"), "deviceCategory", "totalRevenue", kind="donut"),
    ),
)

SHIPPED = (OVERVIEW, CONTENT, E_COMMERCE)
