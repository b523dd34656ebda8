"""An agency's colour made readable: the same hue, dark enough on light pages and light enough on dark ones.

Contrast is WCAG 2.2's (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio); lightness is moved in OKLab
(https://bottosson.github.io/posts/oklab/), where hue stays what the eye takes for the same. Pure.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

AA = 4.5  # for text
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Ground:
    """What an accent must be read on: surfaces, and a wash of itself over the first of them."""

    surfaces: tuple[str, ...]
    wash: float  # how much of the accent is in the wash, 0 to 1


# As in static/belvedere.css: --paper, --ground, and --wash.
LIGHT = Ground(("#ffffff", "#f6f5f1"), 0.12)
DARK = Ground(("#1c2024", "#14171a"), 0.22)
LEAST_LIGHTNESS_IN_THE_DARK = 0.7


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (``#rrggbb``), 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `colour` in `other`, as CSS's ``color-mix(in oklab, …)``."""
    first, second = _to_oklab(colour), _to_oklab(other)
    lightness, a, b = (x * share + y * (1 - share) for x, y in zip(first, second, strict=True))
    return _from_oklab((lightness, a, b))


def readable(colour: str, ground: Ground) -> bool:
    """Whether text in this colour reaches AA on every surface of the ground."""
    surfaces = (*ground.surfaces, mix(colour, ground.surfaces[0], ground.wash))
    return all(contrast(colour, surface) >= AA for surface in surfaces)


@lru_cache(maxsize=16)
def for_light(colour: str) -> str:
    """The colour itself where it can be read on light pages, or else the nearest darker one that can."""
    lightness = _to_oklab(colour)[0]
    return next(each for each in _shades(colour, lightness, down=True) if readable(each, LIGHT))


@lru_cache(maxsize=16)
def for_dark(colour: str) -> str:
    """Its sister for dark pages: the same hue, light enough to be read."""
    lightness = max(_to_oklab(colour)[0], LEAST_LIGHTNESS_IN_THE_DARK)
    return next(each for each in _shades(colour, lightness, down=False) if readable(each, DARK))


def _shades(colour: str, lightness: float, *, down: bool) -> Iterator[str]:
    """The colour at one lightness after the other, until black or white, which can always be read."""
    own, a, b = _to_oklab(colour)
    if math.isclose(own, lightness):
        yield colour
    end = 0.0 if down else 1.0
    steps = 100
    for step in range(steps + 1):
        at = lightness + (end - lightness) * step / steps
        yield _nearest_in_gamut(at, a, b)


def _nearest_in_gamut(lightness: float, a: float, b: float) -> str:
    """The colour of this lightness and hue with as much chroma as a screen can show."""
    for kept in range(20, -1, -1):
        lab = (lightness, a * kept / 20, b * kept / 20)
        if all(-1e-4 <= part <= 1 + 1e-4 for part in _to_linear_rgb(lab)):
            break
    return _from_oklab(lab)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Triple:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return red, green, blue


def _to_oklab(colour: str) -> Triple:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _to_linear_rgb(lab: Triple) -> Triple:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _from_oklab(lab: Triple) -> str:
    clipped = (min(max(part, 0.0), 1.0) for part in _to_linear_rgb(lab))
    coded = (12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055 for x in clipped)
    return "#" + "".join(f"{round(x * 255):02x}" for x in coded)
