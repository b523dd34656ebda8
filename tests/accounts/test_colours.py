"""Whatever colour an agency has, text in it can be read, and it stays as near to itself as that allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import colours
from accounts.branding import DEFAULT_ACCENT

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#1f6f5c", "#1f6f5c", 1.0)],
)
def test_contrast_is_what_wcag_computes(one: str, other: str, ratio: float):
    assert round(colours.contrast(one, other), 2) == round(colours.contrast(other, one), 2) == ratio


def test_mixing_is_what_browsers_do():
    assert colours.mix("#ff0000", "#ffffff", 1.0) == "#ff0000"
    assert colours.mix("#1f6f5c", "#ffffff", 0.12) == "#e4edea"


@given(COLOURS)
def test_every_colour_can_be_read_on_every_surface(colour: str):
    assert colours.readable(colours.for_light(colour), colours.LIGHT)
    assert colours.readable(colours.for_dark(colour), colours.DARK)


@given(COLOURS)
def test_a_colour_that_can_be_read_stays_as_it_is(colour: str):
    if colours.readable(colour, colours.LIGHT):
        assert colours.for_light(colour) == colour


@pytest.mark.parametrize(
    ("colour", "light", "dark"),
    [("#ffcc00", "#836806", "#ffcc00"), ("#0044cc", "#0044cc", "#73a2fc"), ("#ffffff", "#696969", "#ffffff")],
)
def test_what_cannot_be_read_becomes_darker_or_lighter_in_its_own_hue(colour: str, light: str, dark: str):
    assert (colours.for_light(colour), colours.for_dark(colour)) == (light, dark)


def test_the_portals_own_green_can_be_read():
    assert colours.for_light(DEFAULT_ACCENT) == DEFAULT_ACCENT
