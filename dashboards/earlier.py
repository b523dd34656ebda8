"""While Google does not answer, a period whose days are new since midnight is shown as it stood on an earlier
day, if that is stored: the last figures stay up, and the page says of which days they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext

from dashboards import snapshots
from dashboards.asked import Asked
from dashboards.blanks import trouble
from dashboards.notices import Notice
from dashboards.planner import Plan
from dashboards.readings import ReportState

MOST_DAYS = 7
SINGLE_DAYS = frozenset({"today", "yesterday"})
"""Another day never stands in for these."""


@dataclass(frozen=True)
class Earlier:
    """The question as it was asked some days ago, with what is stored of it."""

    plan: Plan
    states: Mapping[int, ReportState]

    @property
    def notice(self) -> Notice:
        """Which days are shown."""
        text = gettext("Shown: %(dates)s. Google has not given the figures of the days since.")
        return Notice("bad", text % {"dates": self.plan.period.dates_label()})


def standing_in(question: Asked, found: Mapping[int, ReportState], *, answers: bool = True) -> Earlier | None:
    """What is shown in the place of a page of which nothing is there; None where nothing has to be, or can.
    `answers` as in `snapshots`: without them only the outlines are read.
    """
    code = _failure(found)
    if not code or question.period.key in SINGLE_DAYS or trouble(code) == "question":
        return None
    past = _answered(question)
    if past is None:
        return None
    look = snapshots.states if answers else snapshots.outlines
    return Earlier(past.plan, _marked(look(question.view, past.plan, usual=question.usual), found, code))


def _answered(question: Asked) -> Asked | None:
    """The question as it was asked on the latest day of which every answer is stored."""
    today, number = question.period.today, question.view.property_id
    asked = [question.asked_on(today - timedelta(days=days)) for days in range(1, MOST_DAYS + 1)]
    others = [each for each in asked if each.period.span != question.period.span]
    prints = [frozenset(each.plan.fingerprints(number)) for each in others]
    stored = snapshots.answered(question.view, frozenset().union(*prints))
    return next((each for each, wanted in zip(others, prints, strict=True) if wanted <= stored), None)


def _failure(found: Mapping[int, ReportState]) -> str:
    """The code of what kept every answer from coming; "" where any is there, or nothing has failed yet."""
    if any(state.fetched_at for state in found.values()):
        return ""
    return next((state.error for state in found.values() if state.error), "")


def _marked(
    stored: Mapping[int, ReportState], found: Mapping[int, ReportState], code: str
) -> dict[int, ReportState]:
    """What is stored, said to be old: nobody asks for it again, but for what it stands in for."""
    awaited = any(state.waiting for state in found.values())
    return {index: replace(state, stale=awaited, error=code) for index, state in stored.items()}
