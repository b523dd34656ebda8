"""Sources, pages, countries and products move of their own: apart from each other, slowly, and for good."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from statistics import pstdev
from zoneinfo import ZoneInfo

import pytest

from sandbox.properties import generated
from sandbox.reports.dates import DateRange
from sandbox.reports.generated.movements import Burst, Movements, Wave
from sandbox.reports.generated.population import population
from sandbox.reports.generated.source import Generated
from sandbox.reports.generated.traffic import Traffic
from sandbox.reports.question import Question

SOURCE = Generated()
NOW = datetime(2027, 6, 1, 12, tzinfo=ZoneInfo("Europe/Rome"))
SITE, SHOP = "310000001", "310000002"
ENDS = [date(2026, 1, 31) + timedelta(days=61 * n) for n in range(6)]
FIRST_DAY, LAST_DAY = date(2022, 1, 1).toordinal(), date(2032, 12, 31).toordinal()


def four_weeks(property_id: str, dimension: str, metric: str, end: date) -> dict[str, float]:
    days = DateRange(end - timedelta(days=27), end)
    rows = SOURCE.rows(Question(generated(property_id), days, (dimension,), (metric,), NOW))
    return {value: figure for (value,), (figure,) in rows.items()}


def changes(property_id: str, dimension: str, metric: str) -> tuple[list[float], list[float]]:
    """Of values with a tenth of everything or more, and of smaller ones: how four weeks compare with the
    four before. Values too small to compare are left out."""
    large, small = [], []
    for end in ENDS:
        before = four_weeks(property_id, dimension, metric, end - timedelta(days=28))
        after = four_weeks(property_id, dimension, metric, end)
        for value, figure in before.items():
            share = figure / sum(before.values())
            if figure >= 40:
                (large if share >= 0.1 else small).append(after.get(value, 0) / figure - 1)
    return large, small


@pytest.mark.parametrize("property_id", [SITE, SHOP])
@pytest.mark.parametrize(
    ("dimension", "metric"),
    [
        ("sessionSourceMedium", "sessions"),
        ("landingPage", "sessions"),
        ("pagePath", "screenPageViews"),
        ("country", "sessions"),
        ("city", "sessions"),
    ],
)
def test_values_change_apart_from_each_other(property_id: str, dimension: str, metric: str) -> None:
    large, small = changes(property_id, dimension, metric)
    assert 0.05 < pstdev(small) < 0.3
    assert -0.55 < min(small) < -0.1
    assert 0.15 < max(small) < 0.8
    assert max(map(abs, large)) < 0.3
    assert pstdev(large) < 0.12


def test_products_change_apart_from_each_other() -> None:
    large, small = changes(SHOP, "itemName", "itemsViewed")
    assert 0.08 < pstdev([*large, *small]) < 0.3


@pytest.mark.parametrize("property_id", [SITE, SHOP])
@pytest.mark.parametrize("end", ENDS)
def test_there_is_always_a_page_that_rises_and_one_that_falls(property_id: str, end: date) -> None:
    before = four_weeks(property_id, "landingPage", "sessions", end - timedelta(days=28))
    after = four_weeks(property_id, "landingPage", "sessions", end)
    everything = sum(after.values()) / sum(before.values())
    moved = [after[page] / sessions / everything for page, sessions in before.items() if sessions >= 40]
    assert min(moved) < 0.95
    assert max(moved) > 1.05


@pytest.mark.parametrize("property_id", [SITE, SHOP, "7", "8"])
@pytest.mark.parametrize("end", ENDS)
def test_a_propertys_own_change_stays_small(property_id: str, end: date) -> None:
    before, after = (
        four_weeks(property_id, "hostName", "sessions", last) for last in (end - timedelta(days=28), end)
    )
    assert 0.8 < sum(after.values()) / sum(before.values()) < 1.2


@pytest.mark.parametrize("property_id", [SITE, SHOP, "7", "8"])
def test_traffic_stays_above_zero_and_visitors_numbers_never_fall(property_id: str) -> None:
    prop = generated(property_id)
    movements = Movements(population(prop))
    assert min(min(movements.factors(day)) for day in range(FIRST_DAY, LAST_DAY, 9)) > 0
    assert min(min(movements.items(day), default=1) for day in range(FIRST_DAY, LAST_DAY, 9)) > 0
    traffic = Traffic(prop)
    first = prop.created.toordinal() + 2
    lows = [[low for _, low, _ in traffic._visits_of(day)] for day in range(first, first + 700)]
    assert all(
        low <= later
        for one, two in zip(lows, lows[1:], strict=False)
        for low, later in zip(one, two, strict=True)
    )


@pytest.mark.parametrize("property_id", [SITE, SHOP, "7", "8"])
def test_nobody_is_new_twice(property_id: str) -> None:
    traffic = Traffic(generated(property_id))
    reached: dict[int, int] = {}
    twice = 0
    for day in range(250):
        for found in traffic.day(date(2026, 3, 1) + timedelta(days=day)):
            high = found.low + found.users
            if found.seen < high:
                twice += max(0, reached.get(found.cell, 0) - found.seen)
            reached[found.cell] = max(reached.get(found.cell, 0), high)
    assert twice == 0


def test_movements_are_the_same_in_another_process_and_of_another_property_others() -> None:
    day = date(2026, 5, 5).toordinal()
    one, again, other = (Movements(population(generated(which))) for which in (SITE, SITE, "7"))
    assert one.factors(day) == again.factors(day)
    assert one.factors(day) != other.factors(day)


@pytest.mark.parametrize("shape", [Wave(0.2, 90, 1.0), Burst(0.6, 120, 31.0, 6.0)])
def test_until_adds_up_at(shape: Wave | Burst) -> None:
    middles = sum(shape.at(day) for day in range(1000, 1400))
    ends = (shape.at(1000) - shape.at(1400)) / 2
    assert abs(shape.until(1400) - shape.until(1000) - (middles - ends)) < 0.05
