"""Answers pages' queries from the snapshots, as the dashboards are: Google hears each question once.

What has no answer yet is asked while the page waits, together with what else is asked of the view at that
moment. An answer that is no longer fresh is given as it stands, and renewed after that.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.kept import Kept
from dashboards import outlines, snapshots
from dashboards.embed import bodies, core_reporting, failures, gathering, profiles, rates
from dashboards.embed.access import Grant
from dashboards.embed.core_reporting import Query, Subject
from dashboards.embed.errors import V3Error, bad_parameter, bad_request
from dashboards.models import View
from dashboards.planner import Plan
from dashboards.readings import ReportState
from google_api.data import ReportRequest

MOST_AT_ONCE = 50
WAIT_SECONDS = 15.0  # for what another process is asking
LOOK_EVERY_SECONDS = 0.1

LARGEST_KEPT = 64 * 1024  # bytes


@dataclass(frozen=True)
class Answer:
    """One answer as it is sent, `packed` being its body compressed where that is kept; `retry_after` in
    seconds, None where it does not matter.
    """

    status: int
    body: bytes
    retry_after: int | None = None
    packed: bytes = b""


@dataclass(frozen=True)
class Written:
    """A body, and the same compressed: once for all who ask."""

    plain: bytes
    packed: bytes = b""


@dataclass
class Answers:
    """Answers in the order of their queries, and the reports to renew once they are sent."""

    answers: list[Answer]
    stale: list[tuple[View, list[ReportRequest]]] = field(default_factory=list)


def answer(grant: Grant, asked: Sequence[Mapping[str, Any]]) -> Answers:
    """The answers to queries in version 3's parameters. Runs in the tenant's scope. Raises V3Error only for
    what concerns all of them.
    """
    if not 1 <= len(asked) <= MOST_AT_ONCE:
        raise bad_request(f"Send 1 to {MOST_AT_ONCE} queries.")
    errands = [_Errand(grant, params) for params in asked]
    found = Answers([])
    for view in dict.fromkeys(each.view for each in errands if each.view):
        _settle(view, [each for each in errands if each.view == view], grant, found)
    found.answers = [each.answer() for each in errands]
    return found


def renew(stale: Iterable[tuple[View, Sequence[ReportRequest]]]) -> None:
    """Asks Google anew for what was given although it was old. Runs in the tenant's scope."""
    for view, requests in stale:
        snapshots.bring(_anew(view), gathering.plan_of(view, requests), usual=False)


def _anew(view: View) -> View:
    """The view with its credential as they are now: others may know them from before."""
    return View.objects.for_page().get(pk=view.pk)


class _Errand:
    """One query on its way to its answer."""

    def __init__(self, grant: Grant, params: Mapping[str, Any]) -> None:
        self.view: View | None = None
        self.error: V3Error | None = None
        self.body: Written | None = None
        try:
            self.items = tuple(core_reporting.clean(params).items())
            self._read(grant, dict(self.items))
        except V3Error as error:
            self.error = error

    def _read(self, grant: Grant, params: Mapping[str, str]) -> None:
        ids = params.get("ids", "")
        if not ids:
            raise bad_parameter("ids", "Required parameter: ids")
        view = grant.view(ids)
        self.query = _read(_subject(view), self.items)
        self.profile = profiles.of(view, ids.removeprefix("ga:"))
        self.view = view

    def take(self, state: ReportState) -> bool:
        """Answers from a state where that needs no report; says whether it does."""
        if self.error is None and state.fetched_at is None:
            self.error = failures.refusal(self.query, state.error)
        if self.error is None:
            self.body = _bodies.get(self._made_from(state))
        return self.error is None and self.body is None

    def write(self, state: ReportState) -> None:
        """Answers from a report."""
        if state.report is None or state.fetched_at is None:  # it was deleted between two looks
            self.error = failures.refusal(self.query, state.error)
            return
        try:
            body = bodies.body(self.query, state.report, self.profile, _address(), state.fetched_at)
        except V3Error as error:
            self.error = error
            return
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        if len(plain) > LARGEST_KEPT:
            self.body = Written(plain)
            return
        self.body = Written(plain, gzip.compress(plain, mtime=0))
        _bodies.put(self._made_from(state), self.body)

    def answer(self) -> Answer:
        if self.body is not None:
            return Answer(200, self.body.plain, packed=self.body.packed)
        error = self.error or failures.refusal(self.query, "")
        return Answer(error.code, json.dumps(error.body()).encode(), error.retry_after)

    def _made_from(self, state: ReportState) -> tuple[Any, ...]:
        """All that the body is made from."""
        return (self.query.subject, self.items, self.profile, state.fetched_at)


def _settle(view: View, errands: Sequence[_Errand], grant: Grant, found: Answers) -> None:
    """Answers all of one view's queries."""
    plan = gathering.plan_of(view, [each.query.request for each in errands])
    places = {request: index for index, request in enumerate(plan.reports)}
    known = _known(view, plan, grant, errands, places)
    wanting = [each for each in errands if each.take(known[places[each.query.request]])]
    if wanting:
        needed = gathering.plan_of(view, [each.query.request for each in wanting])
        states = snapshots.states(view, needed, usual=False)
        for each in wanting:
            each.write(states[needed.reports.index(each.query.request)])
    if stale := [plan.reports[index] for index, state in known.items() if state.stale]:
        found.stale.append((view, stale))


def _known(
    view: View,
    plan: Plan,
    grant: Grant,
    errands: Sequence[_Errand],
    places: Mapping[ReportRequest, int],
) -> dict[int, ReportState]:
    """What is known of each report once Google was asked for those that are missing."""
    known = outlines.of(view, plan, usual=False)
    snapshots.note_served(known)
    missing = [plan.reports[index] for index, state in known.items() if state.waiting]
    if not missing:
        return known
    try:
        rates.QUESTIONS_OF_TOKEN.count(grant.token.id, len(missing))
        rates.QUESTIONS_OF_VIEW.count(str(view.pk), len(missing))
    except V3Error as error:
        for each in errands:
            each.error = error if known[places[each.query.request]].waiting else each.error
        return known
    gathering.bring(_anew(view), missing)
    return _awaited(view, plan)


def _awaited(view: View, plan: Plan) -> dict[int, ReportState]:
    """The same, once what others are asking has come, or patience has ended."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        known = snapshots.outlines(view, plan, usual=False)
        if not any(state.waiting for state in known.values()) or time.monotonic() > deadline:
            return known
        time.sleep(LOOK_EVERY_SECONDS)


# ---- kept in the process


def _subject(view: View) -> Subject:
    return Subject(view.property_id, view.filter, tuple(view.ua_map.items()), view.today)


@lru_cache(maxsize=2_000)
def _read(subject: Subject, items: tuple[tuple[str, str], ...]) -> Query:
    return core_reporting.read(dict(items), subject)


def _address() -> str:
    return settings.BASE_URL + reverse("embed:query")


_bodies: Kept[Written] = Kept(1_000)
