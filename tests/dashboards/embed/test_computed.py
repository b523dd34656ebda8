"""Levels of paths, and times, as version 3 wrote them."""

from datetime import date, datetime

import pytest

from dashboards.embed import times
from dashboards.embed.computed import Level, is_additive
from dashboards.periods import DateSpan


@pytest.mark.parametrize(
    ("path", "levels"),
    [
        ("/", ["/", "", "", ""]),
        ("/about", ["/about", "", "", ""]),
        ("/shop/", ["/shop/", "/", "", ""]),
        ("/shop/shoes/red", ["/shop/", "/shoes/", "/red", ""]),
        ("/a/b/c/d/e", ["/a/", "/b/", "/c/", "/d/"]),
        ("(other)", ["(other)", "", "", ""]),
    ],
)
def test_levels_of_a_path(path, levels):
    assert [Level(number).of(path) for number in (1, 2, 3, 4)] == levels


def test_what_may_be_added_up_over_pages():
    names = ("screenPageViews", "keyEvents:purchase", "sessions", "totalUsers", "bounceRate")
    assert [is_additive(name) for name in names] == [True, True, False, False, False]


START = date(2026, 11, 18)  # a Wednesday


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "20261122"), ("dateHour", "2026112205"), ("day", "22"), ("hour", "05"), ("month", "11"),
        ("year", "2026"), ("yearMonth", "202611"), ("week", "48"), ("yearWeek", "202648"), ("isoWeek", "47"),
        ("isoYear", "2026"), ("isoYearIsoWeek", "202647"), ("dayOfWeek", "0"), ("dayOfWeekName", "Sunday"),
        ("nthDay", "0004"), ("nthHour", "0101"), ("nthWeek", "0001"), ("nthMonth", "0000"),
    ],
)  # fmt: skip
def test_what_the_dimensions_of_time_say(name, value):
    assert times.values([name], datetime.fromisoformat("2026-11-22T05:00"), START) == (value,)


def test_january_the_first_is_in_week_one():
    assert [
        times.values(["week"], datetime.fromisoformat(f"2026-01-0{day}"), START)[0] for day in (1, 3, 4)
    ] == [
        "01",
        "01",
        "02",
    ]


@pytest.mark.parametrize(
    ("asked", "basis"),
    [
        (["date"], ("date",)),
        (["date", "nthDay"], ("date",)),
        (["nthDay", "dayOfWeek", "month"], ("date",)),
        (["date", "hour"], ("dateHour",)),
        (["nthHour"], ("dateHour",)),
        (["month", "nthMonth"], ("yearMonth",)),
        (["year", "month"], ("yearMonth",)),
        (["month"], ("month",)),
        (["hour"], ("hour",)),
        (["nthWeek"], ("nthWeek",)),
        (["nthMonth", "nthWeek"], ("nthMonth", "nthWeek")),
    ],
)
def test_google_is_asked_for_what_tells_the_same_rows_apart(asked, basis):
    assert times.basis(asked) == basis


def test_every_time_of_a_span_once():
    span = DateSpan(date(2026, 10, 31), date(2026, 11, 1))
    assert times.all_values(["month", "nthMonth"], span) == [("10", "0000"), ("11", "0001")]
    assert times.all_values(["date"], span) == [("20261031",), ("20261101",)]
    assert len(times.all_values(["date", "hour"], span)) == 48
    assert times.all_values(["hour"], span)[:2] == [("00",), ("01",)]


def test_a_time_that_google_does_not_give_is_none():
    assert times.moment_of(("date",), ["(other)"]) is None
    assert times.moment_of(("hour",), ["05"]) is None
    assert times.moment_of(("yearMonth",), ["202611"]) == datetime.fromisoformat("2026-11-01")
