"""A dashboard as one address shows it, on the portal's own pages as on those for strangers: its parts, their
data for the page's script, and all that it is made from.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language

from accounts import branding
from accounts.models import User
from dashboards import background, cards, earlier, frame, outlines, snapshots
from dashboards.asked import Asked
from dashboards.planner import Plan
from dashboards.readings import ReportState

RETRY_MS = 500  # when another process is asking Google
# Columns of a reader, a view and its summary that no dashboard shows.
UNSEEN = {
    "password",
    "last_login",
    "last_opened_at",
    "refresh_queued_until",
    "daily",
    "next_at",
    "queued_until",
    "origins",
    "ua_map",
}


def page(question: Asked, reader: User | None) -> cards.Page:
    """What is stored of it, for `reader`, or for somebody of whom nothing is known."""
    found = snapshots.states(question.view, question.plan, usual=question.usual)
    past = earlier.standing_in(question, found)
    if past is None:
        return _built(question, reader, question.plan, found)
    shown = _built(question, reader, past.plan, past.states)
    return replace(shown, warnings=(past.notice, *shown.warnings))


def _built(question: Asked, reader: User | None, plan: Plan, found: Mapping[int, ReportState]) -> cards.Page:
    now = frame.local_time(question.view)
    known = background.of(question, reader)
    return cards.build(plan, found, currency=question.view.currency, now=now, known=known)


def data(shown: cards.Page, part: Callable[..., str], *, has_asked: bool) -> dict[str, Any]:
    """What the page's script is answered; `part` renders one of the page's templates."""
    return {
        "complete": shown.complete,
        "seen": shown.seen,
        "retry_ms": 0 if has_asked else RETRY_MS,
        "as_of": shown.as_of,
        "lead": part("lead"),
        "figures": part("figures"),
        "bare": shown.is_bare,
        "warnings": part("warnings"),
        "notices": part("notices"),
        "cards": {card.id: part("card", card=card) for card in shown.cards},
        "charts": shown.charts,
    }


def made_from(question: Asked) -> tuple[Hashable, ...]:
    """All that a dashboard is made from, short of its reader, the code and the settings: whatever else it
    comes to show belongs here too.
    """
    look = branding.look()
    known = outlines.of(question.view, question.plan, usual=question.usual)
    snapshots.note_served(known)
    past = earlier.standing_in(question, known, answers=False)
    return (
        get_language(),
        (look.accent, look.logo_digest),
        tuple(columns(row) for row in _rows(question)),
        question.dashboard.pk,
        question.period,
        question.filters,
        question.metric,
        question.plan.step,
        tuple(answer.widget for answer in question.plan.answers.values()),
        tuple(known.values()),
        (past.plan.period, *past.states.values()) if past else (),
    )


def columns(row: Model) -> tuple[Any, ...]:
    """What a row shows of itself."""
    names = (field.attname for field in row._meta.concrete_fields)
    return tuple(getattr(row, name) for name in names if name not in UNSEEN)


def _rows(question: Asked) -> list[Model]:
    view = question.view
    summary = getattr(view, "summary", None)  # missing for a row that was written past the models
    return [view, view.tenant, *question.offered, *([summary] if summary else [])]
