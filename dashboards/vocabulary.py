"""What Google's metrics and dimensions are called in plain words, and how their numbers are to be read. Pure.

Names are those of https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema; a name
that is not here (custom ones, new ones) goes by what the property itself calls it, or by its own name.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboards.figures import Unit

Text = str | Promise


@dataclass(frozen=True)
class Metric:
    """A number's name, its unit, whether more of it is better (None: neither), and one sentence that
    explains it."""

    label: Text
    unit: Unit = "count"
    more_is_better: bool | None = True
    explanation: Text = ""


@dataclass(frozen=True)
class Dimension:
    """What rows are told apart by, and one sentence that explains it."""

    label: Text
    explanation: Text = ""


def metric(name: str, ui_name: str = "", google_type: str = "") -> Metric:
    """The metric of this API name; for an unknown one, what its Google type ("TYPE_CURRENCY") tells."""
    return METRICS.get(name) or Metric(ui_name or name, _UNITS.get(google_type, "decimal"), None)


def dimension(name: str, ui_name: str = "") -> Dimension:
    """The dimension of this API name."""
    return DIMENSIONS.get(name) or Dimension(ui_name or name)


_UNITS: dict[str, Unit] = {"TYPE_INTEGER": "count", "TYPE_CURRENCY": "money", "TYPE_SECONDS": "seconds"}


def _rate(label: Text, explanation: Text, more_is_better: bool = True) -> Metric:
    return Metric(label, "percent", more_is_better, explanation)


def _ratio(label: Text, explanation: Text) -> Metric:
    return Metric(label, "decimal", True, explanation)


def _count(label: Text, explanation: Text) -> Metric:
    return Metric(label, "count", True, explanation)


def _money(label: Text, explanation: Text) -> Metric:
    return Metric(label, "money", True, explanation)


METRICS: dict[str, Metric] = {
    # Visits
    "sessions": Metric(
        _("Visits"),
        explanation=_("How often somebody came; half an hour without a sign of life ends a visit."),
    ),
    "engagedSessions": Metric(
        _("Engaged visits"),
        explanation=_("Visits of more than 10 seconds, of two or more pages, or with a key event."),
    ),
    "engagementRate": _rate(
        _("Engaged visits"), _("The share of visits in which people stayed or did something.")
    ),
    "bounceRate": _rate(
        _("Bounces"), _("The share of visits that ended almost at once: the fewer, the better."), False
    ),
    "averageSessionDuration": Metric(
        _("Time on site"), "seconds", True, _("How long a visit lasted on average.")
    ),
    "screenPageViewsPerSession": _ratio(
        _("Pages per visit"), _("How many pages were seen in a visit on average.")
    ),
    "eventsPerSession": _ratio(_("Events per visit"), _("How much happened in a visit on average.")),
    "sessionsPerUser": _ratio(_("Visits per person"), _("How often the same person came, on average.")),
    "sessionKeyEventRate": _rate(
        _("Visits with a key event"),
        _("The share of visits in which something happened that matters to you."),
    ),
    # People
    "activeUsers": _count(
        _("People"), _("How many different people came, as far as Google can tell them apart.")
    ),
    "totalUsers": _count(
        _("All people"), _("How many different people came, those who left at once included.")
    ),
    "newUsers": _count(_("New people"), _("People who came for the first time.")),
    "userEngagementDuration": Metric(
        _("Attention"), "seconds", explanation=_("How long your pages were in front of people, all added up.")
    ),
    "screenPageViewsPerUser": _ratio(_("Pages per person"), _("How many pages a person saw on average.")),
    # Pages and events
    "screenPageViews": _count(
        _("Page views"), _("How often a page was seen; the same page seen twice counts twice.")
    ),
    "eventCount": Metric(
        _("Events"),
        "count",
        None,
        explanation=_("Everything that was recorded: pages seen, clicks, downloads and more."),
    ),
    "keyEvents": Metric(
        _("Key events"),
        explanation=_(
            "How often something happened that you marked as important, such as an order or an enquiry."
        ),
    ),
    # Shops
    "totalRevenue": _money(
        _("Revenue"), _("What purchases, subscriptions and advertising earned, refunds taken off.")
    ),
    "purchaseRevenue": _money(_("Revenue from purchases"), _("What purchases earned, refunds taken off.")),
    "averagePurchaseRevenue": _money(_("Average order"), _("What a purchase earned on average.")),
    "ecommercePurchases": _count(_("Purchases"), _("How often somebody bought.")),
    "transactions": _count(_("Transactions"), _("How many payments were made.")),
    "totalPurchasers": _count(_("Buyers"), _("How many different people bought.")),
    "purchaserRate": _rate(_("People who buy"), _("The share of people who bought at least once.")),
    "purchaserConversionRate": _rate(_("People who buy"), _("The share of people who bought at least once.")),
    "addToCarts": _count(_("Added to cart"), _("How often something was put into a cart.")),
    "checkouts": _count(_("Checkouts"), _("How often somebody went on from the cart to pay.")),
    "itemsViewed": _count(_("Items viewed"), _("How often items were looked at.")),
    "itemsAddedToCart": _count(_("Items added to cart"), _("How many items were put into a cart.")),
    "itemsPurchased": _count(_("Items sold"), _("How many items were bought.")),
    "itemRevenue": _money(_("Item revenue"), _("What items earned, without tax and shipping.")),
}

DIMENSIONS: dict[str, Dimension] = {
    "sessionDefaultChannelGroup": Dimension(_("Channel"), _("The kind of way on which people came.")),
    "sessionSource": Dimension(
        _("Source"), _("Where people came from: a search engine, a site, a newsletter.")
    ),
    "sessionMedium": Dimension(
        _("Medium"), _("How people came from there: a search, a link, an advertisement.")
    ),
    "sessionSourceMedium": Dimension(_("Source and medium"), _("Where people came from, and how.")),
    "sessionCampaignName": Dimension(_("Campaign"), _("The campaign that brought people.")),
    "firstUserDefaultChannelGroup": Dimension(
        _("First channel"), _("The kind of way on which people first came.")
    ),
    "firstUserSource": Dimension(_("First source"), _("Where people came from the first time.")),
    "pagePath": Dimension(_("Page"), _("A page's address without the name of the site.")),
    "pagePathPlusQueryString": Dimension(_("Page"), _("A page's address without the name of the site.")),
    "pageTitle": Dimension(_("Page title"), _("What a page calls itself.")),
    "unifiedScreenName": Dimension(_("Page title"), _("What a page or a screen calls itself.")),
    "landingPage": Dimension(_("Landing page"), _("The first page of a visit.")),
    "landingPagePlusQueryString": Dimension(_("Landing page"), _("The first page of a visit.")),
    "hostName": Dimension(_("Site"), _("The name in the address, such as www.example.com.")),
    "country": Dimension(_("Country"), _("Where people were, as far as their connection tells.")),
    "region": Dimension(_("Region"), _("Where people were, as far as their connection tells.")),
    "city": Dimension(_("City"), _("Where people were, as far as their connection tells.")),
    "continent": Dimension(_("Continent"), _("Where people were, as far as their connection tells.")),
    "language": Dimension(_("Language"), _("The language that people's devices are set to.")),
    "deviceCategory": Dimension(_("Device"), _("Computer, telephone or tablet.")),
    "browser": Dimension(_("Browser"), _("The program with which people saw your pages.")),
    "operatingSystem": Dimension(_("System"), _("What people's devices run on.")),
    "platform": Dimension(_("Platform"), _("Web or app.")),
    "streamName": Dimension(_("Data stream"), _("The site or app that sent the figures.")),
    "newVsReturning": Dimension(_("New or returning"), _("Whether people had come before.")),
    "eventName": Dimension(_("Event"), _("What happened.")),
    "itemName": Dimension(_("Item"), _("What was sold.")),
    "itemCategory": Dimension(_("Item category"), _("The kind of thing that was sold.")),
    "date": Dimension(_("Day")),
    "dateHour": Dimension(_("Hour")),
    "hour": Dimension(_("Hour")),
    "dayOfWeekName": Dimension(_("Day of the week")),
    "yearMonth": Dimension(_("Month")),
}

CHANNEL_DIMENSIONS = ("sessionDefaultChannelGroup", "firstUserDefaultChannelGroup", "defaultChannelGroup")

# https://support.google.com/analytics/answer/9756891; names that are not here come and go with Google.
_CHANNELS: dict[str, Text] = {
    "AI Assistant": _("People followed a link in an answer of ChatGPT, Gemini or another assistant."),
    "Affiliates": _("People came by a partner's link that earns the partner a share."),
    "Audio": _("People came by an advertisement in a podcast or in a stream."),
    "Cross-network": _("People came by advertisements that Google spread over several of its places."),
    "Direct": _("People typed the address, had it saved, or Google does not know where they came from."),
    "Display": _("People clicked a banner."),
    "Email": _("People followed a link in a mail."),
    "Mobile Push Notifications": _("People tapped a message on their telephone."),
    "Organic Search": _("People searched and clicked a result that nobody paid for."),
    "Organic Shopping": _("People came from a marketplace or a shopping search, unpaid."),
    "Organic Social": _("People came from a social network by a link that nobody paid for."),
    "Organic Video": _("People came from a video site by a link that nobody paid for."),
    "Paid Other": _("People came by an advertisement of another kind."),
    "Paid Search": _("People clicked an advertisement beside search results."),
    "Paid Shopping": _("People clicked a paid offer in a marketplace or a shopping search."),
    "Paid Social": _("People clicked an advertisement in a social network."),
    "Paid Video": _("People clicked an advertisement on a video site."),
    "Referral": _("People followed a link on another site."),
    "SMS": _("People followed a link in a text message."),
    "Unassigned": _("Google could not tell how these people came."),
}


def channel_meaning(name: str) -> Text:
    """A sentence on a channel, whatever Google calls it."""
    return _CHANNELS.get(name) or _("A way of coming that Google tells apart from the others.")
