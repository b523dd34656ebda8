"""Numbers as people read them."""

import pytest
from django.utils import translation

from dashboards import figures
from dashboards.figures import Change


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1846412, "1,846,412"),
        (-5, "−5"),
        (-1234.4, "−1,234"),
        (-0.3, "0"),
        (2.5, "2"),
    ],
)
def test_integers_are_grouped_and_have_a_real_minus(value, text):
    assert figures.integer(value) == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "1,846,412"), ("de", "1.846.412"), ("fr", "1\xa0846\xa0412")]
)
def test_separators_are_the_languages(language, text):
    with translation.override(language):
        assert figures.integer(1846412) == text


@pytest.mark.parametrize(
    ("value", "text"), [(2.0431, "2.04"), (0, "0.00"), (-0.001, "0.00"), (-1.5, "−1.50")]
)
def test_decimals_have_two_places(value, text):
    assert figures.decimal(value) == text


@pytest.mark.parametrize(("language", "text"), [("en", "61.3\xa0%"), ("de", "61,3\xa0%")])
def test_a_share_of_one_is_shown_in_percent(language, text):
    with translation.override(language):
        assert figures.percent(0.6131) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (950, "950"),
        (40_000, "40\xa0k"),
        (1_500, "1.5\xa0k"),
        (1_200_000, "1.2\xa0M"),
        (3e9, "3\xa0bn"),
    ],
)
def test_round_numbers_take_little_room(value, text):
    assert figures.compact(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0\xa0s"),
        (43.4, "43\xa0s"),
        (59.6, "1\xa0m\xa000\xa0s"),
        (131, "2\xa0m\xa011\xa0s"),
        (3900, "1\xa0h\xa005\xa0m"),
        (359_999, "99\xa0h\xa059\xa0m"),
        (12_344_400, "3,429\xa0h"),
        (-131, "−2\xa0m\xa011\xa0s"),
    ],
)
def test_durations_are_told_in_their_two_largest_units(seconds, text):
    assert figures.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (12.5, "EUR", "€12.50"),
        (1204.4, "EUR", "€1,204"),
        (999.999, "USD", "$1,000.00"),
        (-3, "GBP", "−£3.00"),
        (-0.001, "GBP", "£0.00"),
        (300, "JPY", "¥300"),
        (1.2345, "KWD", "KWD\xa01.234"),
        (12.5, "CHF", "CHF\xa012.50"),
        (12.5, "", "12.50"),
    ],
)
def test_money_has_its_symbol_and_its_minor_units(value, currency, text):
    assert figures.money(value, currency) == text


def test_a_column_of_money_has_the_decimals_of_its_largest():
    column = [figures.value_text(value, "money", "EUR", largest=2000) for value in (2000, 3.5)]
    assert column == ["€2,000", "€4"]


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("count", "1,500"),
        ("decimal", "1,500.00"),
        ("percent", "150,000.0\xa0%"),
        ("seconds", "25\xa0m\xa000\xa0s"),
    ],
)
def test_a_value_is_told_by_its_unit(unit, text):
    assert figures.value_text(1500, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (40_000, "count", "40\xa0k"),
        (0.4, "percent", "40\xa0%"),
        (120, "seconds", "2\xa0m\xa000\xa0s"),
        (40_000, "money", "40\xa0k"),
        (50, "money", "€50"),
    ],
)
def test_a_scale_is_told_in_little_room(value, unit, text):
    assert figures.tick_text(value, unit, "EUR") == text


@pytest.mark.parametrize(
    ("now", "before", "text", "signed", "direction", "tone"),
    [
        (113, 100, "13.0\xa0%", "+13.0\xa0%", "up", "good"),
        (86.3, 100, "13.7\xa0%", "−13.7\xa0%", "down", "bad"),
        (300, 100, "200\xa0%", "+200\xa0%", "up", "good"),
        (0, 100, "100\xa0%", "−100\xa0%", "down", "bad"),
        (100.04, 100, "0\xa0%", "0\xa0%", "", ""),
        (100, 100, "0\xa0%", "0\xa0%", "", ""),
    ],
)
def test_a_change_says_how_much_and_whether_that_is_good(now, before, text, signed, direction, tone):
    found = figures.change(now, before)
    assert found == Change(now / before - 1, text, signed, direction, tone)


@pytest.mark.parametrize(("better", "tone"), [(True, "good"), (False, "bad"), (None, "")])
def test_a_rise_is_judged_by_whether_more_is_better(better, tone):
    assert figures.change(110, 100, better).tone == tone


@pytest.mark.parametrize(("better", "tone"), [(True, "bad"), (False, "good"), (None, "")])
def test_a_fall_is_judged_by_whether_more_is_better(better, tone):
    assert figures.change(90, 100, better).tone == tone


@pytest.mark.parametrize("before", [0, -10])
def test_nothing_changes_against_nothing(before):
    assert figures.change(10, before) is None


def test_what_rounds_to_nothing_has_no_colour():
    assert figures.change(100.4, 100, places=0) == Change(100.4 / 100 - 1, "0\xa0%", "0\xa0%", "", "")
