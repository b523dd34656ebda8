"""Numbers as people read them, in the reader's language: counts, shares, durations, money, changes. Pure.

Separators are Django's for the active language. Units stand behind a no-break space, a minus is a
minus and not a hyphen, and what a language does otherwise its translation of the pattern says.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.formats import number_format
from django.utils.translation import pgettext

Number = int | float
Unit = Literal["count", "decimal", "percent", "seconds", "money"]
Direction = Literal["up", "down", ""]
Tone = Literal["good", "bad", ""]

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"

_SYMBOLS = {
    "BRL": "R$", "CNY": "CN¥", "EUR": "€", "GBP": "£", "ILS": "₪", "INR": "₹", "JPY": "¥", "KRW": "₩",
    "PHP": "₱", "TRY": "₺", "UAH": "₴", "USD": "$", "VND": "₫",
}  # fmt: skip

# Minor units other than two: ISO 4217, https://www.six-group.com/en/products-services/financial-information/data-standards.html
_PLACES = dict.fromkeys(
    ("CLP", "ISK", "JPY", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)

WHOLE_MONEY_FROM = 1_000
"""From here on the small change of an amount only costs attention."""


@dataclass(frozen=True)
class Change:
    """A number against an earlier one. `text` has no sign, `signed` has one; both are rounded alike, and
    `direction` and `tone` follow what they say: a change that rounds to nothing is none."""

    ratio: float
    text: str
    signed: str
    direction: Direction
    tone: Tone


def integer(value: Number) -> str:
    """1,846,412"""
    return _number(value, 0)


def decimal(value: Number, places: int = 2) -> str:
    """2.04"""
    return _number(value, places)


def percent(share: float, places: int = 1) -> str:
    """A share, where 1 is all, as "61.3 %"."""
    return _tight(pgettext("percentage", "%(number)s %%") % {"number": _number(share * 100, places)})


def compact(value: Number) -> str:
    """A round number in little room: "950", "40 k", "1.2 M"."""
    size, pattern = next(((size, text) for size, text in _large() if abs(value) >= size), (1, "%(number)s"))
    scaled = value / size
    places = 0 if scaled == round(scaled) else 1
    return _tight(pattern % {"number": _number(scaled, places)})


def duration(seconds: Number) -> str:
    """ "43 s", "2 m 11 s", "1 h 05 m", and whole hours from a hundred on."""
    total = round(seconds)
    if total < 0:
        return MINUS + duration(-total)
    minutes, rest = divmod(total, 60)
    hours, minutes_left = divmod(minutes, 60)
    if not minutes:
        return _tight(pgettext("duration", "%(seconds)s s") % {"seconds": rest})
    if not hours:
        pattern = pgettext("duration", "%(minutes)s m %(seconds)02d s")
        return _tight(pattern % {"minutes": minutes, "seconds": rest})
    if hours < 100:
        pattern = pgettext("duration", "%(hours)s h %(minutes)02d m")
        return _tight(pattern % {"hours": hours, "minutes": minutes_left})
    return _tight(pgettext("duration", "%(hours)s h") % {"hours": integer(hours)})


def money(value: Number, currency: str, places: int | None = None) -> str:
    """An amount of an ISO 4217 currency: "€1,204", "€12.50", "CHF 12.50". Without `places`, amounts of a
    thousand and more are whole."""
    if places is None:
        places = money_places(value, currency)
    amount = _number(abs(value), places)
    symbol = _SYMBOLS.get(currency)
    if symbol:
        text = pgettext("money", "%(symbol)s%(amount)s") % {"symbol": symbol, "amount": amount}
    else:
        text = pgettext("money", "%(code)s %(amount)s") % {"code": currency, "amount": amount}
    return _tight(_sign(value, amount) + text.strip())


def money_places(largest: Number, currency: str) -> int:
    """The decimals for a column of amounts up to `largest`."""
    return 0 if abs(largest) >= WHOLE_MONEY_FROM else _PLACES.get(currency, 2)


def value_text(value: Number, unit: Unit, currency: str = "", largest: Number | None = None) -> str:
    """A metric's value by its unit. `largest` is the largest of its column, so that decimals line up."""
    if unit == "money":
        return money(value, currency, money_places(value if largest is None else largest, currency))
    if unit == "percent":
        return percent(value)
    if unit == "seconds":
        return duration(value)
    return decimal(value) if unit == "decimal" else integer(value)


def tick_text(value: Number, unit: Unit, currency: str = "") -> str:
    """The same for the scale of a chart, in little room."""
    if unit == "money":
        return compact(value) if abs(value) >= WHOLE_MONEY_FROM else money(value, currency, 0)
    if unit == "percent":
        return percent(value, 0)
    return duration(value) if unit == "seconds" else compact(value)


def change(now: Number, before: Number, more_is_better: bool | None = True, places: int = 1) -> Change | None:
    """How `now` differs from `before`, to `places` decimals (none from 100 % on); None where nothing or
    less stands before, which no share can be taken of. `more_is_better` None colours neither way."""
    if before <= 0:
        return None
    ratio = now / before - 1
    shown = round(ratio * 100, 0 if abs(ratio) >= 1 else places)
    text = percent(abs(shown) / 100, 0 if abs(ratio) >= 1 or not shown else places)
    if not shown:
        return Change(ratio, text, text, "", "")
    up = shown > 0
    tone: Tone = "" if more_is_better is None else "good" if up == more_is_better else "bad"
    return Change(ratio, text, ("+" if up else MINUS) + text, "up" if up else "down", tone)


def _number(value: Number, places: int) -> str:
    text = number_format(round(abs(value), places), places, force_grouping=True)
    return _sign(value, text) + text


def _sign(value: Number, text: str) -> str:
    """A minus, unless nothing is left of the number after rounding."""
    return MINUS if value < 0 and any(digit in "123456789" for digit in text) else ""


def _tight(text: str) -> str:
    """Keeps a number and its unit on one line."""
    return text.replace(" ", NO_BREAK_SPACE)


def _large() -> tuple[tuple[int, str], ...]:
    return (
        (1_000_000_000, pgettext("thousand millions", "%(number)s bn")),
        (1_000_000, pgettext("millions", "%(number)s M")),
        (1_000, pgettext("thousands", "%(number)s k")),
    )
