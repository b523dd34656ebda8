"""Names in plain words."""

from dashboards import vocabulary
from dashboards.shipped import SHIPPED


def test_a_known_metric_has_a_plain_name_and_a_unit():
    sessions = vocabulary.metric("sessions")
    assert (str(sessions.label), sessions.unit, sessions.more_is_better) == (
        "Visits",
        "count",
        True,
    )


def test_fewer_bounces_are_better():
    assert vocabulary.metric("bounceRate").more_is_better is False


def test_an_unknown_metric_goes_by_the_propertys_name_and_googles_type():
    known = vocabulary.metric("customEvent:value", "Deposit", "TYPE_CURRENCY")
    assert (known.label, known.unit, known.more_is_better) == ("Deposit", "money", None)


def test_an_unknown_metric_without_a_name_goes_by_its_own():
    assert vocabulary.metric("customEvent:value").label == "customEvent:value"


def test_an_unknown_dimension_goes_by_the_propertys_name():
    names = [
        vocabulary.dimension("customUser:plan", "Plan").label,
        vocabulary.dimension("customUser:plan").label,
    ]
    assert names == ["Plan", "customUser:plan"]


def test_whatever_ships_is_explained():
    widgets = [widget for dashboard in SHIPPED for widget in dashboard.widgets]
    metrics = {name for widget in widgets for name in widget.metrics}
    dimensions = {name for widget in widgets for name in widget.dimensions} - {"date"}
    unexplained = [name for name in metrics if not vocabulary.metric(name).explanation]
    unexplained += [name for name in dimensions if not vocabulary.dimension(name).explanation]
    assert unexplained == []
