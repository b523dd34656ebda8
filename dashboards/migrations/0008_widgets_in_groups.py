"""The dashboards that ship get cards with tabs, where nobody has changed them."""

from django.db import migrations

from dashboards.shipped import SHIPPED

# What they were made of until now: kind, metrics, dimensions and rows, in order.
FIGURE, DATE = "figure", ["date"]
FORMER = {
    "overview": [
        (FIGURE, ["sessions"], [], 10),
        (FIGURE, ["activeUsers"], [], 10),
        (FIGURE, ["screenPageViewsPerSession"], [], 10),
        (FIGURE, ["engagementRate"], [], 10),
        (FIGURE, ["averageSessionDuration"], [], 10),
        (FIGURE, ["keyEvents"], [], 10),
        ("line", ["sessions"], DATE, 10),
        ("bar", ["sessions"], ["sessionDefaultChannelGroup"], 8),
        ("table", ["sessions"], ["sessionSource"], 8),
        ("table", ["screenPageViews"], ["pagePath"], 10),
        ("table", ["sessions"], ["landingPage"], 10),
        ("table", ["sessions"], ["country"], 7),
        ("donut", ["sessions"], ["deviceCategory"], 5),
        ("table", ["sessions"], ["browser"], 7),
        ("table", ["sessions"], ["operatingSystem"], 7),
        ("table", ["keyEvents"], ["eventName"], 7),
    ],
    "content": [
        (FIGURE, ["screenPageViews"], [], 10),
        (FIGURE, ["activeUsers"], [], 10),
        (FIGURE, ["screenPageViewsPerSession"], [], 10),
        (FIGURE, ["userEngagementDuration"], [], 10),
        (FIGURE, ["engagementRate"], [], 10),
        (FIGURE, ["bounceRate"], [], 10),
        ("line", ["screenPageViews"], DATE, 10),
        ("table", ["screenPageViews", "activeUsers"], ["pagePath"], 15),
        ("table", ["screenPageViews", "activeUsers"], ["pageTitle"], 15),
        ("table", ["sessions", "engagementRate"], ["landingPage"], 10),
        ("table", ["screenPageViews", "sessions"], ["hostName"], 10),
    ],
    "e-commerce": [
        (FIGURE, ["totalRevenue"], [], 10),
        (FIGURE, ["ecommercePurchases"], [], 10),
        (FIGURE, ["averagePurchaseRevenue"], [], 10),
        (FIGURE, ["purchaserRate"], [], 10),
        (FIGURE, ["addToCarts"], [], 10),
        (FIGURE, ["checkouts"], [], 10),
        ("line", ["totalRevenue"], DATE, 10),
        ("table", ["itemRevenue", "itemsPurchased"], ["itemName"], 8),
        ("bar", ["totalRevenue"], ["sessionDefaultChannelGroup"], 8),
        ("table", ["totalRevenue", "ecommercePurchases"], ["sessionSource"], 8),
        ("table", ["totalRevenue", "ecommercePurchases"], ["country"], 8),
        ("table", ["itemRevenue", "itemsPurchased"], ["itemCategory"], 7),
        ("donut", ["totalRevenue"], ["deviceCategory"], 5),
    ],
}


def load(apps, schema_editor):
    """Widgets that ask the same as before keep their ids, and so their addresses."""
    dashboards = apps.get_model("dashboards", "Dashboard").objects
    for shipped in SHIPPED:
        row = dashboards.filter(tenant=None, slug=shipped.slug).first()
        if row and _is_untouched(row, shipped):
            _rearrange(apps.get_model("dashboards", "Widget"), row, shipped)


def _is_untouched(row, shipped):
    """As it was made before, or, in a new installation, a moment ago."""
    now = [(each.kind, each.metrics, each.dimensions, each.limit) for each in _in_order(row)]
    fresh = [(w.kind, list(w.metrics), list(w.dimensions), w.limit) for w in shipped.widgets]
    return now in (FORMER[shipped.slug], fresh)


def _in_order(row):
    return row.widgets.order_by("position")


def _rearrange(widgets, row, shipped):
    former = {(each.kind == FIGURE, *each.metrics, *each.dimensions): each for each in _in_order(row)}
    for place, widget in enumerate(shipped.widgets):
        key = (widget.kind == FIGURE, *widget.metrics, *widget.dimensions)
        kept = former.pop(key, None) or widgets(dashboard=row)
        kept.position, kept.title, kept.kind = place, widget.title, widget.kind
        kept.metrics, kept.dimensions = list(widget.metrics), list(widget.dimensions)
        kept.order_by, kept.descending = widget.order_by, widget.descending
        kept.limit, kept.group = widget.limit, widget.group
        kept.save()
    widgets.objects.filter(pk__in=[each.pk for each in former.values()]).delete()


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [("dashboards", "0007_widget_groups")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
