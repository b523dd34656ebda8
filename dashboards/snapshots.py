"""Asks Google once, keeps the answer, serves it: no page gets its figures in another way.

Whoever finds a question without a fresh answer claims it by a lease in its row; everybody else reads
what is there and comes back. Google's failures rest a while in the row, so that nothing asks in a loop.
"""

from __future__ import annotations

import datetime
import logging
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from accounts import tracing
from dashboards import freshness, quota
from dashboards.asides import aside
from dashboards.asking import Outcome, ask
from dashboards.models import RequestSlots, Snapshot, View
from dashboards.planner import Plan, batches
from dashboards.readings import ReportState
from dashboards.signals import served
from google_api import data, errors
from google_api.http import Api
from google_api.reports import Quota, Report
from provisioning import credentials
from provisioning.models import Credential

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 25.0  # how long one caller goes on asking before it leaves the rest to the next
LEASE = datetime.timedelta(seconds=60)  # what a killed process holds waits no longer for the next
RENEW_SECONDS = 15.0  # while it asks, so that nobody overtakes it
USED_EVERY = datetime.timedelta(hours=1)
WAIT_FOR_SLOTS_SECONDS = 0.1
OUTLINE = ("fingerprint", "fetched_at", "fresh_until", "retry_at", "error_code")
MOST_FAILURES = 1000  # counted; the rest between them has long been the longest


class QuotaLow(errors.GoogleError):
    """So little quota is left that only default questions are asked."""

    code = "quota_low"
    permanent = False
    sentence = errors.gettext_noop(
        "Google’s allowance for this property is almost used up, so only the usual period is fetched for "
        "now. Choose the last 28 days, or come back in an hour."
    )


errors.ERRORS[QuotaLow.code] = QuotaLow


@dataclass(frozen=True)
class Question:
    """One report to ask, with the row that keeps its answer."""

    fingerprint: str
    request: data.ReportRequest


def questions(view: View, plan: Plan) -> list[Question]:
    """The plan's reports in their order."""
    prints = plan.fingerprints(view.property_id)
    return [Question(name, request) for name, request in zip(prints, plan.reports, strict=True)]


def states(view: View, plan: Plan, *, usual: bool) -> dict[int, ReportState]:
    """What is known of each of the plan's reports, by its index; asks Google nothing.

    `usual` says that these are the questions every visitor asks, which are answered even on low quota.
    """
    return _look(view, plan, usual=usual, answers=True)


def outlines(view: View, plan: Plan, *, usual: bool) -> dict[int, ReportState]:
    """The same without the reports, which take long to read, and without noting that they are in use. An
    answer never changes without its time: what was made from answers still holds while these are equal.
    """
    return _look(view, plan, usual=usual, answers=False)


def answered(view: View, fingerprints: Iterable[str]) -> frozenset[str]:
    """Which of these questions have an answer, however old."""
    rows = Snapshot.objects.filter(view=view, fingerprint__in=fingerprints).exclude(fetched_at=None)
    return frozenset(rows.values_list("fingerprint", flat=True))


def _look(view: View, plan: Plan, *, usual: bool, answers: bool) -> dict[int, ReportState]:
    prints = plan.fingerprints(view.property_id)
    columns = (*OUTLINE, "pk", "last_used_at", "answer") if answers else OUTLINE
    found = Snapshot.objects.filter(view=view, fingerprint__in=prints).values_list(*columns, named=True)
    rows = {row.fingerprint: row for row in found}
    if answers:
        _touch(rows.values())
    now = timezone.now()
    known = {index: _state(rows.get(name), now) for index, name in enumerate(prints)}
    if not usual and needs_asking(known) and quota.is_low(view.property_id):
        return {index: _unasked(state) for index, state in known.items()}
    return known


def note_served(known: Mapping[int, ReportState]) -> None:
    """Has it counted from what a page or a query is answered: fresh, stale or cold."""
    served.send(sender=None, states=Counter(_age(state) for state in known.values()))


def _age(state: ReportState) -> str:
    if state.fetched_at is None:
        return "cold"
    return "stale" if state.stale else "fresh"


def needs_asking(found: Mapping[int, ReportState]) -> bool:
    """Whether any answer is missing or no longer fresh."""
    return any(state.waiting or state.stale for state in found.values())


def bring(view: View, plan: Plan, *, usual: bool) -> None:
    """Asks Google all that has no fresh answer and nobody else is asking; keeps answers and failures."""
    _bring(view, plan, usual=usual, at_once=False)


def bring_some(view: View, plan: Plan, *, usual: bool) -> bool:
    """The same for as many questions as Google takes at once, the plan's first ones; says whether any were
    asked. Waits for nobody else's calls: a page shows what has come, and asks for the rest.
    """
    return _bring(view, plan, usual=usual, at_once=True)


def _bring(view: View, plan: Plan, *, usual: bool, at_once: bool) -> bool:
    if not usual and quota.is_low(view.property_id):
        return False
    lease = uuid.uuid4()
    claimed = _claim(view, questions(view, plan), lease, quota.CONCURRENT_REQUESTS if at_once else None)
    if not claimed:
        return False
    errand = _Errand(view, lease, usual=usual, at_once=at_once)
    errand.run(claimed)
    if errand.must_stop():  # what stopped these would stop the others: they rest, too, instead of being tried
        errand.give_up(_claim(view, questions(view, plan), lease))
    return errand.has_asked


def forgive(view: View) -> None:
    """Lets failed questions be asked again at once, after somebody has mended what was wrong."""
    _forgive(Snapshot.objects.filter(view=view))


def forgive_all(credential: Credential) -> None:
    """The same for every view that is read with this credential, as far as the scope reaches."""
    views = View.objects.filter(Q(agency_credential=credential) | Q(tenant_credential=credential))
    _forgive(Snapshot.objects.filter(view__in=views))


def _forgive(rows: QuerySet[Snapshot]) -> None:
    rows.exclude(error_code="").update(retry_at=None, failures=0)


def prune(older_than: datetime.timedelta) -> int:
    """Deletes snapshots nobody has looked at for so long; returns how many."""
    deleted, _ = Snapshot.objects.filter(last_used_at__lt=timezone.now() - older_than).delete()
    return deleted


def _touch(rows: Iterable[Any]) -> None:
    """Notes, hourly at most, that the rows are in use: what nobody looks at is pruned."""
    now = timezone.now()
    idle = [row.pk for row in rows if row.last_used_at < now - USED_EVERY]
    if idle:
        with aside():
            Snapshot.objects.filter(pk__in=idle).update(last_used_at=now)


def _state(row: Any, now: datetime.datetime) -> ReportState:
    """The state of a question with this row, which is None where nobody has asked it yet."""
    if row is None or (row.fetched_at is None and not row.error_code):
        return ReportState(waiting=True)
    resting = row.retry_at is not None and row.retry_at > now
    if row.fetched_at is None:
        return ReportState(error=row.error_code, waiting=not resting)
    stale = row.fresh_until is None or row.fresh_until <= now
    return ReportState(
        report=Report.from_dict(row.answer) if hasattr(row, "answer") else None,
        fetched_at=row.fetched_at,
        stale=stale and not resting,
        error=row.error_code,
    )


def _unasked(state: ReportState) -> ReportState:
    """A state while nothing but the usual is asked: a page must not wait for what will not come."""
    if not (state.waiting or state.stale):
        return state
    return replace(state, waiting=False, stale=False, error=QuotaLow.code)


def _claim(
    view: View, asked: Sequence[Question], lease: uuid.UUID, at_most: int | None = None
) -> list[Question]:
    """The questions without a fresh answer that nobody holds and no failure keeps at rest, now ours. With
    `at_most` only from among as many: while somebody asks what comes first, nobody asks what comes after.
    """
    prints = [question.fingerprint for question in asked]
    mine = Snapshot.objects.filter(view=view, fingerprint__in=prints)
    known = set(mine.values_list("fingerprint", flat=True))
    new = [name for name in prints if name not in known]
    Snapshot.objects.bulk_create(
        [Snapshot(tenant_id=view.tenant_id, view=view, fingerprint=each) for each in dict.fromkeys(new)],
        ignore_conflicts=True,
    )
    now = timezone.now()
    due = (Q(fetched_at=None) | Q(fresh_until__lte=now)) & (Q(retry_at=None) | Q(retry_at__lte=now))
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    found = set(mine.filter(due).values_list("fingerprint", flat=True))
    first = [name for name in dict.fromkeys(prints) if name in found][:at_most]
    mine.filter(due, free, fingerprint__in=first).update(lease=lease, leased_until=now + LEASE)
    won = set(mine.filter(lease=lease).values_list("fingerprint", flat=True))
    return [question for question in asked if question.fingerprint in won]


@dataclass(frozen=True)
class _Call:
    """A batch under way, the concurrent requests it holds, and the token it was sent with."""

    batch: list[Question]
    slots: RequestSlots
    token: str = field(repr=False)


class _Errand:
    """One caller's way to Google for the questions it has claimed: batches in parallel, within the
    property's concurrent requests. Threads only talk HTTP; the database stays with the caller.
    """

    def __init__(self, view: View, lease: uuid.UUID, *, usual: bool, at_once: bool) -> None:
        self.view = view
        self.lease = lease
        self.usual = usual
        self.at_once = at_once
        self.has_asked = False
        self.token = ""
        self.failure: errors.GoogleError | None = None
        self.answered = 0
        self.quota: Quota | None = None
        self.running: dict[Future[list[Outcome]], _Call] = {}
        self.renew_at = time.monotonic() + RENEW_SECONDS
        self.renewed = False

    def run(self, claimed: Sequence[Question]) -> None:
        """Asks everything; whatever is left when patience ends or Google refuses is given back."""
        pending = [[claimed[i] for i in group] for group in batches(range(len(claimed)))]
        try:
            self.token = credentials.access_token(self.view.credential)
            self._work_off(pending)
        except errors.GoogleError as error:
            self._keep_failure([question for batch in pending for question in batch], error)
        finally:
            self._give_back()
        self._remember()

    def _work_off(self, pending: list[list[Question]]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        with ThreadPoolExecutor(max_workers=max(1, len(pending))) as pool:
            while pending or self.running:
                self._renew()
                self._start(pool, pending, deadline)
                if not self.running and not pending:
                    return
                self._collect(pending)

    def _renew(self) -> None:
        """Keeps the lease from ending under a slow answer."""
        if time.monotonic() < self.renew_at:
            return
        self.renew_at = time.monotonic() + RENEW_SECONDS
        with aside():
            self._held().update(leased_until=timezone.now() + LEASE)

    def _start(self, pool: ThreadPoolExecutor, pending: list[list[Question]], deadline: float) -> None:
        while pending:
            if self.must_stop() or time.monotonic() > deadline:
                self._drop(pending)
                return
            slots = quota.take_slots(self.view.property_id, len(pending[0]))
            if slots is None:
                if self.at_once:
                    self._drop(pending)
                return
            self.has_asked = True
            batch = pending.pop(0)
            api = Api(settings.GOOGLE_DATA_API, self.token)
            requests = [question.request for question in batch]
            future = pool.submit(tracing.carried(ask), api, self.view.property_id, requests)
            self.running[future] = _Call(batch, slots, self.token)

    def must_stop(self) -> bool:
        """A failure that would meet the other batches too."""
        return self.failure is not None and not isinstance(self.failure, errors.InvalidArgument)

    def give_up(self, asked: Sequence[Question]) -> None:
        """Keeps the failure for questions that were not asked."""
        if asked and self.failure is not None:
            self._keep_failure(asked, self.failure)

    def _drop(self, pending: list[list[Question]]) -> None:
        """Leaves the rest: with the failure that would meet it too, or free for whoever asks next."""
        if self.failure is not None:
            self._keep_failure([question for batch in pending for question in batch], self.failure)
        pending.clear()

    def _collect(self, pending: list[list[Question]]) -> None:
        if not self.running:
            time.sleep(WAIT_FOR_SLOTS_SECONDS)
            return
        timeout = WAIT_FOR_SLOTS_SECONDS if pending else RENEW_SECONDS
        done, _ = wait(self.running, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in done:
            call = self.running.pop(future)
            quota.free_slots(call.slots)
            try:
                self._keep(call.batch, future.result())
            except errors.Unauthenticated as error:
                self._ask_again(call, error, pending)
            except errors.GoogleError as error:
                self._keep_failure(call.batch, error)

    def _ask_again(self, call: _Call, error: errors.GoogleError, pending: list[list[Question]]) -> None:
        """Google refused the shared token: a new one is minted, once, and the batch asked again."""
        if call.token == self.token:
            if self.renewed:
                self._keep_failure(call.batch, error)
                return
            self.renewed = True
            credentials.forget_access_token(self.view.credential)
            pending.insert(0, call.batch)
            self.token = credentials.access_token(self.view.credential)
        else:
            pending.insert(0, call.batch)

    @transaction.atomic
    def _keep(self, batch: Sequence[Question], outcomes: Sequence[Outcome]) -> None:
        """All of them at once: who counts what is left to ask never meets half a batch."""
        for question, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, errors.GoogleError):
                self._keep_failure([question], outcome)
            else:
                self._keep_answer(question, outcome)

    def _keep_answer(self, question: Question, report: Report) -> None:
        self.answered += 1
        self.quota = report.quota or self.quota
        left = freshness.quota_left(report.quota) if report.quota else None
        now = timezone.now()
        self._mine([question]).update(
            answer=report.to_dict(),
            fetched_at=now,
            fresh_until=now + freshness.fresh_for(question.request, self.view.today, left),
            error_code="",
            failures=0,
            retry_at=None,
            lease=None,
            leased_until=None,
        )

    def _keep_failure(self, asked: Sequence[Question], error: errors.GoogleError) -> None:
        logger.warning("view %s: %s %s", self.view.pk, error.code, error.log_detail)
        self.failure = error
        for row in self._mine(asked):
            rest = freshness.retry_after(error, row.failures + 1)
            Snapshot.objects.filter(pk=row.pk, lease=self.lease).update(
                error_code=error.code,
                failures=Least(F("failures") + 1, MOST_FAILURES),
                retry_at=timezone.now() + rest,
                lease=None,
                leased_until=None,
            )

    def _held(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.filter(view=self.view, lease=self.lease)

    def _mine(self, asked: Sequence[Question]) -> QuerySet[Snapshot]:
        return self._held().filter(fingerprint__in=[question.fingerprint for question in asked])

    def _give_back(self) -> None:
        for call in self.running.values():
            quota.free_slots(call.slots)
        self._held().update(lease=None, leased_until=None)

    def _remember(self) -> None:
        """What staff see of the view, its credential and its property."""
        now = timezone.now()
        views = View.objects.filter(pk=self.view.pk)
        if self.quota:
            quota.remember(self.view.property_id, self.quota)
        if self.answered:
            credentials.record_success(self.view.credential)
            views.update(state=View.State.WORKS, last_success_at=now, last_error_code="")
        elif self.failure and not self._is_the_askers:
            views.update(state=View.State.FAILING, last_error_code=self.failure.code, last_error_at=now)

    @property
    def _is_the_askers(self) -> bool:
        """Whether the fault lies in what a visitor typed into the address, and says nothing of the view."""
        return isinstance(self.failure, errors.InvalidArgument) and not self.usual
