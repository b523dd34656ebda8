"""Generated figures hang together: rows and totals, filters, ranges, visitors, the passing day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.properties import generated
from sandbox.reports.dates import DateRange
from sandbox.reports.fields import ADDITIVE, DIMENSIONS, METRICS
from sandbox.reports.generated.source import Generated
from sandbox.reports.question import Question, Rows

SOURCE = Generated()
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("Europe/Rome"))
FIRST = date(2026, 8, 1)
# Dimensions of which a session has exactly one value: counts over their rows add up to the total.
ONE_VALUED = sorted(name for name, field in DIMENSIONS.items() if field.scope in ("date", "session", "slice"))
SUMMED = sorted(name for name in ADDITIVE if METRICS[name].scope != "item")
EVENT_COUNTS = ("eventCount", "screenPageViews", "keyEvents", "purchaseRevenue", "userEngagementDuration")
PEOPLE = ("activeUsers", "totalUsers", "totalPurchasers")

properties = st.sampled_from(["310000001", "310000002", "7", "8"])
ranges = st.tuples(st.integers(0, 111), st.integers(0, 12)).map(
    lambda pair: DateRange(FIRST + timedelta(days=pair[0]), FIRST + timedelta(days=pair[0] + pair[1]))
)
one_valued = st.lists(st.sampled_from(ONE_VALUED), max_size=3, unique=True).map(tuple)
any_dimensions = st.lists(
    st.sampled_from([name for name, field in DIMENSIONS.items() if field.scope != "item"]),
    max_size=3,
    unique=True,
).map(tuple)
few = settings(max_examples=25, deadline=None)


def question(
    property_id: str, days: DateRange, dimensions: tuple[str, ...], metrics: tuple[str, ...], **more: Any
) -> Question:
    return Question(generated(property_id), days, dimensions, metrics, more.pop("now", NOW), **more)


def ask(*arguments: Any, **more: Any) -> Rows:
    return SOURCE.rows(question(*arguments, **more))


def total(*arguments: Any, **more: Any) -> list[float]:
    return SOURCE.total(question(*arguments, **more))


def column(rows: Rows, place: int) -> list[float]:
    return [values[place] for values in rows.values()]


def only(field: str, value: str) -> dict[str, Any]:
    return {"filter": {"fieldName": field, "stringFilter": {"value": value, "caseSensitive": True}}}


@few
@given(properties, ranges, one_valued, st.sampled_from(SUMMED))
def test_rows_add_up_to_the_total(
    property_id: str, days: DateRange, dimensions: tuple[str, ...], metric: str
) -> None:
    rows = ask(property_id, days, dimensions, (metric,))
    assert round(sum(column(rows, 0)), 2) == round(total(property_id, days, (), (metric,))[0], 2)


@few
@given(properties, ranges, any_dimensions, st.sampled_from(EVENT_COUNTS))
def test_events_add_up_over_any_dimension(
    property_id: str, days: DateRange, dimensions: tuple[str, ...], metric: str
) -> None:
    rows = ask(property_id, days, dimensions, (metric,))
    assert round(sum(column(rows, 0)), 2) == round(total(property_id, days, (), (metric,))[0], 2)


@few
@given(properties, ranges, any_dimensions, st.sampled_from(PEOPLE))
def test_people_are_fewer_than_the_sum_and_not_fewer_than_any_row(
    property_id: str, days: DateRange, dimensions: tuple[str, ...], metric: str
) -> None:
    rows = ask(property_id, days, dimensions, (metric,))
    whole = total(property_id, days, (), (metric,))[0]
    assert max(column(rows, 0), default=0) <= whole <= sum(column(rows, 0))


@few
@given(properties, ranges, any_dimensions, st.data())
def test_a_filter_gives_the_rows_that_were_there(
    property_id: str, days: DateRange, dimensions: tuple[str, ...], data: st.DataObject
) -> None:
    metrics = ("sessions", "activeUsers", "newUsers", "screenPageViews", "bounceRate", "keyEvents")
    rows = ask(property_id, days, dimensions, metrics)
    if not dimensions or not rows:
        return
    key = data.draw(st.sampled_from(sorted(rows)))
    place = data.draw(st.integers(0, len(dimensions) - 1))
    found = ask(property_id, days, dimensions, metrics, filter=only(dimensions[place], key[place]))
    assert found == {other: values for other, values in rows.items() if other[place] == key[place]}


@few
@given(
    properties,
    ranges,
    any_dimensions,
    st.sampled_from(["sessions", *PEOPLE, *EVENT_COUNTS, "newUsers"]),
    st.data(),
)
def test_a_filter_never_gives_more(
    property_id: str, days: DateRange, dimensions: tuple[str, ...], metric: str, data: st.DataObject
) -> None:
    rows = ask(property_id, days, dimensions, (metric,))
    if not dimensions or not rows:
        return
    key = data.draw(st.sampled_from(sorted(rows)))
    part = total(property_id, days, (), (metric,), filter=only(dimensions[0], key[0]))[0]
    assert max(v for other, (v,) in rows.items() if other[0] == key[0]) <= part
    assert part <= total(property_id, days, (), (metric,))[0]


@few
@given(properties, ranges, st.integers(0, 11))
def test_a_period_is_its_parts(property_id: str, days: DateRange, cut: int) -> None:
    border = min(days.start + timedelta(days=cut), days.end)
    parts = [DateRange(days.start, border)]
    parts += [DateRange(border + timedelta(days=1), days.end)] if border < days.end else []
    metrics = ("sessions", "newUsers", "activeUsers")
    whole = total(property_id, days, (), metrics)
    sessions, new, active = zip(*(total(property_id, part, (), metrics) for part in parts), strict=True)
    assert (whole[0], whole[1]) == (sum(sessions), sum(new))
    assert max(active) <= whole[2] <= sum(active)
    assert whole[1] <= whole[2] <= whole[0]


@few
@given(properties, ranges, one_valued)
def test_rates_follow_from_their_sums(property_id: str, days: DateRange, dimensions: tuple[str, ...]) -> None:
    metrics = ("sessions", "engagedSessions", "engagementRate", "bounceRate", "screenPageViews")
    rows = ask(property_id, days, dimensions, (*metrics, "screenPageViewsPerSession"))
    for sessions, engaged, engagement, bounced, views, views_each in rows.values():
        assert 0 <= engaged <= sessions
        assert engagement == engaged / sessions
        assert bounced == (sessions - engaged) / sessions
        assert views_each == views / sessions


@few
@given(st.sampled_from(["310000002", "8"]), ranges)
def test_products_agree_with_purchases(property_id: str, days: DateRange) -> None:
    items = ask(property_id, days, ("itemName",), ("itemRevenue", "itemsPurchased"))
    revenue, purchases = total(property_id, days, (), ("purchaseRevenue", "transactions"))
    assert round(sum(column(items, 0)), 2) == round(revenue, 2)
    assert sum(column(items, 1)) >= purchases


def test_days_users_sum_to_more_than_the_periods() -> None:
    days = DateRange(date(2026, 10, 1), date(2026, 10, 28))
    daily = sum(column(ask("310000001", days, ("date",), ("activeUsers",)), 0))
    assert daily > 1.2 * total("310000001", days, (), ("activeUsers",))[0]


def test_pages_users_sum_to_more_than_all() -> None:
    days = DateRange(date(2026, 10, 1), date(2026, 10, 28))
    by_page = sum(column(ask("310000001", days, ("pagePath",), ("activeUsers",)), 0))
    assert by_page > total("310000001", days, (), ("activeUsers",))[0]


def test_same_question_same_answer_in_another_process() -> None:
    """A second source shares nothing with the first but the numbers of the properties."""
    days = DateRange(date(2026, 10, 1), date(2026, 10, 7))
    asked = question(
        "310000002", days, ("date", "pagePath", "country"), ("sessions", "activeUsers", "eventCount")
    )
    backwards = Generated()
    for day in range(7, 0, -1):
        backwards.rows(
            question("310000002", DateRange(date(2026, 10, day), date(2026, 10, day)), (), ("sessions",))
        )
    assert backwards.rows(asked) == SOURCE.rows(asked)


def test_known_figures_stay() -> None:
    """Demonstrations and screenshots rely on these; a change of the model is a decision."""
    days = DateRange(date(2026, 10, 1), date(2026, 10, 31))
    assert total("310000001", days, (), ("sessions", "totalRevenue", "keyEvents")) == [14984, 0, 730]


# Today


def at(hour: int, minute: int = 0) -> datetime:
    return NOW.replace(hour=hour, minute=minute)


TODAY = DateRange(NOW.date(), NOW.date())


def some_day(hour: int, minute: int = 0, *, day: int) -> tuple[DateRange, datetime]:
    """A day of November and a moment of it; hour 24 is its end."""
    start = datetime(2026, 11, day, tzinfo=NOW.tzinfo)
    moment = start + timedelta(hours=hour, minutes=minute)
    return DateRange(start.date(), start.date()), moment


@few
@given(properties, st.integers(1, 20), st.integers(0, 23), st.integers(0, 59), st.integers(1, 1440))
def test_a_day_only_grows(property_id: str, day: int, hour: int, minute: int, wait: int) -> None:
    days, moment = some_day(hour, minute, day=day)
    metrics = (*SUMMED, *PEOPLE)
    earlier = total(property_id, days, (), metrics, now=moment)
    later = total(property_id, days, (), metrics, now=moment + timedelta(minutes=wait))
    fell = [name for name, then, now in zip(metrics, earlier, later, strict=True) if now < then]
    assert fell == []


@few
@given(properties, st.integers(1, 20), any_dimensions, st.integers(0, 22), st.sampled_from(SUMMED))
def test_rows_of_a_day_only_grow(
    property_id: str, day: int, dimensions: tuple[str, ...], hour: int, metric: str
) -> None:
    days, moment = some_day(hour, 30, day=day)
    earlier = ask(property_id, days, dimensions, (metric,), now=moment)
    later = ask(property_id, days, dimensions, (metric,), now=moment + timedelta(hours=1))
    assert [key for key, (value,) in earlier.items() if later[key][0] < value] == []


@few
@given(properties, st.integers(1, 20))
def test_a_days_last_hour_makes_it_whole(property_id: str, day: int) -> None:
    """A day cut into its hours and added up again is the day that is never cut."""
    days, over = some_day(24, day=day)
    whole = total(property_id, days, (), tuple(SUMMED), now=over)
    hours = ask(property_id, days, ("hour",), tuple(SUMMED), now=over)
    cut = [round(sum(column(hours, place)), 2) for place in range(len(SUMMED))]
    assert cut == [round(value, 2) for value in whole]
    late = total(property_id, days, (), tuple(SUMMED), now=over - timedelta(minutes=1))
    assert late[SUMMED.index("sessions")] >= 0.98 * whole[SUMMED.index("sessions")]


RATES = {  # how far a part of a day may be from the whole: one day's, and on average over four weeks
    "engagementRate": (0.15, 0.02),
    "bounceRate": (0.15, 0.02),
    "averageSessionDuration": (24, 3),
    "screenPageViewsPerSession": (0.3, 0.04),
    "eventsPerSession": (0.8, 0.1),
    "sessionKeyEventRate": (0.06, 0.008),
}


@pytest.mark.parametrize("property_id", ["310000001", "310000002", "7", "8"])
@pytest.mark.parametrize(("hour", "minute"), [(12, 0), (14, 30), (19, 15)])
def test_a_part_of_a_day_has_the_rates_of_the_day(property_id: str, hour: int, minute: int) -> None:
    apart = []
    for day in range(1, 29):
        days, moment = some_day(hour, minute, day=day)
        part = total(property_id, days, (), tuple(RATES), now=moment)
        whole = total(property_id, days, (), tuple(RATES), now=moment + timedelta(days=1))
        apart.append([one - other for one, other in zip(part, whole, strict=True)])
    for (name, (in_a_day, on_average)), differences in zip(
        RATES.items(), zip(*apart, strict=True), strict=True
    ):
        assert max(map(abs, differences)) <= in_a_day, name
        assert abs(fmean(differences)) <= on_average, name


def test_hours_differ_in_traffic_and_not_in_behaviour() -> None:
    days = DateRange(date(2026, 11, 1), date(2026, 11, 14))
    rows = ask("310000002", days, ("hour",), ("sessions", "engagementRate", "averageSessionDuration"))
    busy = [values for values in rows.values() if values[0] > 300]
    assert len(busy) >= 12
    assert max(rate for _, rate, _ in busy) - min(rate for _, rate, _ in busy) < 0.1
    assert max(seconds for _, _, seconds in busy) < 1.2 * min(seconds for _, _, seconds in busy)


@few
@given(st.sampled_from(["310000002", "8"]), st.integers(1, 20), st.integers(0, 23), st.integers(0, 59))
def test_todays_products_agree_with_purchases(property_id: str, day: int, hour: int, minute: int) -> None:
    days, moment = some_day(hour, minute, day=day)
    items = ask(property_id, days, ("itemName",), ("itemRevenue", "itemsPurchased"), now=moment)
    revenue, purchases = total(property_id, days, (), ("purchaseRevenue", "transactions"), now=moment)
    assert round(sum(column(items, 0)), 2) == round(revenue, 2)
    assert sum(column(items, 1)) >= purchases


def test_hours_that_have_not_come_are_not_there() -> None:
    hours = sorted(hour for (hour,) in ask("310000002", TODAY, ("hour",), ("sessions",), now=at(9, 30)))
    assert hours == [f"{hour:02}" for hour in range(10)]


@few
@given(properties, st.integers(0, 23), st.integers(0, 59))
def test_hours_of_today_add_up(property_id: str, hour: int, minute: int) -> None:
    metrics = tuple(SUMMED)
    rows = ask(property_id, TODAY, ("hour",), metrics, now=at(hour, minute))
    whole = total(property_id, TODAY, (), metrics, now=at(hour, minute))
    cut = [round(sum(column(rows, place)), 2) for place in range(len(metrics))]
    assert cut == [round(value, 2) for value in whole]


def test_tomorrow_is_empty() -> None:
    tomorrow = DateRange(NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=9))
    assert ask("310000001", tomorrow, ("date",), ("sessions",)) == {}


def test_nothing_before_the_property_was_made() -> None:
    assert ask("310000001", DateRange(date(2016, 1, 1), date(2016, 12, 31)), (), ("sessions",)) == {}


# Windows of active users


def test_active_users_of_seven_days_are_those_of_that_week() -> None:
    day = date(2026, 10, 20)
    metrics = ("active1DayUsers", "active7DayUsers", "active28DayUsers")
    rows = ask("310000001", DateRange(day, day), ("date",), metrics)
    alone = [
        total("310000001", DateRange(day - timedelta(days=length - 1), day), (), ("activeUsers",))[0]
        for length in (1, 7, 28)
    ]
    assert rows == {("20261020",): alone}


# Realtime


def test_minutes_add_up_to_the_half_hour() -> None:
    metrics = ("screenPageViews", "eventCount", "activeUsers")
    rows = ask("310000002", TODAY, ("minutesAgo",), metrics, minutes=(29, 0))
    whole = total("310000002", TODAY, (), metrics, minutes=(29, 0))
    assert [sum(column(rows, place)) for place in (0, 1)] == whole[:2]
    assert max(column(rows, 2)) <= whole[2] <= sum(column(rows, 2))
    assert {int(ago) for (ago,) in rows} <= set(range(30))


def test_half_hours_add_up_to_the_hour() -> None:
    metrics = ("eventCount",)
    hour = ask("310000002", TODAY, ("hour",), metrics, now=at(12))[("11",)][0]
    halves = [
        total("310000002", TODAY, (), metrics, minutes=(29, 0), now=at(*end))[0]
        for end in ((11, 30), (12, 0))
    ]
    assert sum(halves) == hour


# What escapes badly


@pytest.mark.parametrize("property_id", ["310000001", "310000002", "7", "8"])
def test_some_titles_look_like_markup_or_formulas(property_id: str) -> None:
    titles = {
        title
        for (title,) in ask(property_id, DateRange(FIRST, NOW.date()), ("pageTitle",), ("screenPageViews",))
    }
    assert any("<" in title for title in titles)
    assert any(title.startswith("=") for title in titles)


@pytest.mark.parametrize(
    ("dimension", "value"),
    [
        ("sessionDefaultChannelGroup", "AI Assistant"),
        ("sessionSource", "(direct)"),
        ("sessionMedium", "(not set)"),
        ("region", "(not set)"),
        ("landingPagePlusQueryString", "(other)"),
        ("userGender", "unknown"),
    ],
)
def test_googles_odd_values_occur(dimension: str, value: str) -> None:
    rows = ask("310000002", DateRange(FIRST, NOW.date()), (dimension,), ("sessions",))
    assert rows[(value,)][0] > 0
