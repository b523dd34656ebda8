"""What the address of a frame asks for beside its dashboard: colours, light or dark, language, widgets. What
it asks for and does not exist is left out: a frame shows figures rather than nothing. Pure but for settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import translation

SCHEMES = ("light", "dark")
MOST_WIDGETS = 40
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Wish:
    """How a frame is to look. Empty means: as the agency's pages, as the visitor's system, as the visitor's
    browser, all widgets. `accent` is six hexadecimal digits; `is_clear` lets the page behind it through."""

    accent: str = ""
    scheme: str = ""
    language: str = ""
    is_clear: bool = False
    widgets: tuple[str, ...] = ()


def read(params: QueryDict) -> Wish:
    """What these parameters wish: `accent=1a73e8`, `theme=dark`, `lang=de`, `background=none`,
    `widgets=lead,figures,pages`."""
    colour = _COLOUR.fullmatch(params.get("accent", ""))
    return Wish(
        accent=colour[1].lower() if colour else "",
        scheme=next((each for each in SCHEMES if each == params.get("theme")), ""),
        language=_language(params.get("lang", "")),
        is_clear=params.get("background") == "none",
        widgets=tuple(name for name in params.get("widgets", "").split(",") if name)[:MOST_WIDGETS],
    )


def _language(asked: str) -> str:
    """A language that the portal speaks; "de-AT" is answered in "de"."""
    try:
        return translation.get_supported_language_variant(asked.lower()) if asked else ""
    except LookupError:
        return ""
