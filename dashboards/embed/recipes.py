"""What to put on a server and into a page to embed a view, with its own names and numbers filled in. Pure,
but for reading the files beside it, which run as they stand.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "recipe_texts"
SERVERS = {"python": "Python", "node": "Node", "php": "PHP"}
EXAMPLE_PORTAL = "https://portal.example"
EXAMPLE_SITE = "https://shop.example"


@dataclass(frozen=True)
class Recipe:
    """Code to copy; `name` is a language's, or empty for the page itself."""

    name: str
    code: str


@dataclass(frozen=True)
class Blanks:
    """What is filled in: the portal's address, the view's slug and number, and the page's site."""

    portal: str
    view: str
    number: int
    site: str


def servers(blanks: Blanks) -> list[Recipe]:
    """One for each language: about fifteen lines that exchange the embed key for a visitor's token."""
    return [Recipe(label, _filled(name, blanks)) for name, label in SERVERS.items()]


def page(blanks: Blanks) -> Recipe:
    """Loader, containers and two charts."""
    return Recipe("", _filled("page", blanks))


def frame(blanks: Blanks, view_id: uuid.UUID | str) -> Recipe:
    """The whole dashboard, in a frame that has its height and its token from a script."""
    return Recipe("", _filled("frame", blanks).replace("views/ID/", f"views/{view_id}/"))


def _filled(name: str, blanks: Blanks) -> str:
    text = (_FOLDER / f"{name}.txt").read_text()
    filled = text.replace(EXAMPLE_PORTAL, blanks.portal).replace(EXAMPLE_SITE, blanks.site)
    return filled.replace('"VIEW"', f'"{blanks.view}"').replace("ga:NUMBER", f"ga:{blanks.number}").strip()
