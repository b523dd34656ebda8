"""What a dashboard's page shows below its bar, drawn once for all readers to whom it says the same."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from accounts.access import may_manage_people
from accounts.branding import Agency
from accounts.kept import Kept
from accounts.models import User
from dashboards import showing
from dashboards.asked import Asked

MOST = 200  # of some 60 KB each
_drawn: Kept[Drawn] = Kept(MOST)


@dataclass(frozen=True)
class Drawn:
    """A dashboard's figures, charts and tables in HTML, and what the page around them needs to know."""

    html: str
    complete: bool
    is_bare: bool
    has_charts: bool


def drawn(
    question: Asked, reader: User, made_from: tuple[Hashable, ...], context: Mapping[str, Any]
) -> Drawn:
    """The dashboard as `reader` sees it, made from `showing.made_from`; `context` is the page's.

    It is rendered without the request, so that nothing of one reader can stand in it; what tells readers
    apart is who is led where when there are no figures (`background`).
    """
    key = (made_from, reader.is_staff, may_manage_people(reader, question.view.tenant))
    found = _drawn.get(key)
    if found is None:
        found = _draw(question, reader, context)
        _drawn.put(key, found)
    return found


def forget() -> None:
    """Drops everything, as a new process would find it."""
    _drawn.clear()


def _draw(question: Asked, reader: User, context: Mapping[str, Any]) -> Drawn:
    page = showing.page(question, reader)
    html = render_to_string("dashboards/_content.html", {**context, "page": page, "agency": Agency()})
    return Drawn(html, page.complete, page.is_bare, bool(page.charts))
