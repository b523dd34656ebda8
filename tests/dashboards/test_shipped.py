"""What every installation begins with."""

import pytest

from dashboards.planner import WidgetSpec, batches, plan
from dashboards.shipped import SHIPPED

ITEM_METRICS = {"itemRevenue", "itemsPurchased", "itemsViewed", "itemsAddedToCart"}
ITEM_DIMENSIONS = {"itemName", "itemCategory"}


def _specs(dashboard):
    return [
        WidgetSpec(
            str(at),
            each.title,
            each.kind,
            each.metrics,
            each.dimensions,
            each.order_by,
            limit=each.limit,
            group=each.group,
        )
        for at, each in enumerate(dashboard.widgets)
    ]


def test_three_dashboards_ship():
    assert [(each.name, each.slug) for each in SHIPPED] == [
        ("Overview", "overview"),
        ("Content", "content"),
        ("E-commerce", "e-commerce"),
    ]


@pytest.mark.parametrize("dashboard", SHIPPED, ids=lambda each: each.slug)
def test_items_stand_with_items_only(dashboard):
    mixed = [
        widget.title
        for widget in dashboard.widgets
        if bool(ITEM_METRICS & set(widget.metrics)) != bool(ITEM_DIMENSIONS & set(widget.dimensions))
    ]
    assert mixed == []


@pytest.mark.parametrize("dashboard", SHIPPED, ids=lambda each: each.slug)
def test_the_line_shows_the_first_figure(dashboard):
    first = dashboard.widgets[0]
    line = next(widget for widget in dashboard.widgets if widget.kind == "line")
    assert (first.kind, line.metrics) == ("figure", first.metrics)


def test_a_cold_dashboard_takes_few_calls(period):
    plans = [plan(_specs(dashboard), period, None) for dashboard in SHIPPED]
    assert [len(list(batches(range(len(each.reports))))) for each in plans] == [3, 2, 2]


@pytest.mark.parametrize("dashboard", SHIPPED, ids=lambda each: each.slug)
def test_what_is_seen_first_is_among_the_ten_reports_that_google_takes_at_once(dashboard, period):
    made = plan(_specs(dashboard), period, None)
    fronts = {spec.group or spec.id: spec for spec in reversed(_specs(dashboard))}.values()
    assert max(made.answers[spec.id].current.report for spec in fronts) < 10
