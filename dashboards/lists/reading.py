"""One small report a night for each view: asked here, kept in its summary, never asked by a list."""

import datetime
import logging
import time

from django.conf import settings
from django.utils import timezone

from dashboards import asked, freshness, quota
from dashboards.lists.nights import next_night
from dashboards.lists.standing import DAYS, Figures, judge
from dashboards.models import RequestSlots, Summary, View
from google_api import data, errors
from google_api.data import DateRange, ReportRequest
from google_api.http import Api
from google_api.reports import Report
from provisioning import credentials

logger = logging.getLogger(__name__)

LEASE = datetime.timedelta(minutes=5)  # longer than minting a token, waiting for a slot and asking
WAIT_FOR_SLOT_SECONDS = 0.2
SLOT_PATIENCE_SECONDS = 5.0
FAILING_FROM = 3  # tries that end in what may pass by itself, before it is shown as a failure
LONGEST_REST = datetime.timedelta(hours=8)

NOW, BEFORE = "now", "before"


def read(*, view: View) -> None:
    """Asks Google for a view's figures of last night, if they are still due. May be run any number of
    times, and at once: whoever moves `next_at` first asks.
    """
    if not _claim(view):
        return
    if quota.is_low(view.property_id):
        _until_next_night(view)  # the figures of the night before stay
        return
    today = view.today
    try:
        report = credentials.call(
            view.credential, settings.GOOGLE_DATA_API, lambda api: _ask(api, view, request_for(view, today))
        )
        figures = figures_of(report, today)
    except errors.GoogleError as error:
        _keep_failure(view, error)
        return
    _keep(view, figures, report)


def request_for(view: View, today: datetime.date) -> ReportRequest:
    """Sessions by day of the 28 complete days before `today`, and of the 28 before these."""
    start, middle = today - datetime.timedelta(days=2 * DAYS), today - datetime.timedelta(days=DAYS)
    day = datetime.timedelta(days=1)
    return ReportRequest(
        date_ranges=(DateRange(middle, today - day, NOW), DateRange(start, middle - day, BEFORE)),
        dimensions=("date",),
        metrics=("sessions",),
        dimension_filter=asked.saved_filter(view),
        limit=2 * DAYS,
    )


def figures_of(report: Report, today: datetime.date) -> Figures:
    """What such a report says; the totals are Google's. Raises BadAnswer for days without a total."""
    sessions = {row.dimensions[0]: int(row.metrics[0]) for row in report.rows}
    days = [today - datetime.timedelta(days=back) for back in range(2 * DAYS, 0, -1)]
    return Figures(
        visits=_total(report, NOW),
        before=_total(report, BEFORE),
        daily=tuple(sessions.get(f"{day:%Y%m%d}", 0) for day in days),
        until=days[-1],
    )


def _total(report: Report, name: str) -> int:
    totals = report.totals_of(name)
    if totals:
        return int(totals[0])
    if report.rows_of(name):
        raise errors.BadAnswer("a report with days and no total")
    return 0


def _claim(view: View) -> bool:
    now = timezone.now()
    mine = Summary.objects.filter(view=view, next_at__lte=now)
    return bool(mine.update(next_at=now + LEASE))


def _ask(api: Api, view: View, request: ReportRequest) -> Report:
    slot = _slot(view.property_id)
    try:
        return data.run_report(api, view.property_id, request)
    finally:
        quota.free_slots(slot)


def _slot(property_id: str) -> RequestSlots:
    """One of the property's concurrent requests. Raises ConcurrentRequests when none is free for long."""
    deadline = time.monotonic() + SLOT_PATIENCE_SECONDS
    while (slot := quota.take_slots(property_id, 1)) is None:
        if time.monotonic() > deadline:
            raise errors.ConcurrentRequests("the portal itself asks as much as it may")
        time.sleep(WAIT_FOR_SLOT_SECONDS)
    return slot


def _keep(view: View, figures: Figures, report: Report) -> None:
    known = Summary.objects.values_list("last_data_on", flat=True).get(view=view)
    verdict = judge(figures, known)
    now = timezone.now()
    Summary.objects.filter(view=view).update(
        standing=verdict.standing,
        last_data_on=verdict.last_data_on,
        visits=figures.visits,
        visits_before=figures.before,
        moved=figures.moved,
        daily=figures.daily,
        until=figures.until,
        fetched_at=now,
        error_code="",
        failures=0,
        failed_at=None,
        **_done(view),
    )
    View.objects.filter(pk=view.pk).update(state=View.State.WORKS, last_success_at=now, last_error_code="")
    credentials.record_success(view.credential)
    if report.quota:
        quota.remember(view.property_id, report.quota)


def _keep_failure(view: View, error: errors.GoogleError) -> None:
    """The figures of the night before stay; the next try is soon, later each time, the next night at last."""
    logger.warning("summary of view %s: %s %s", view.pk, error.code, error.log_detail)
    row = Summary.objects.get(view=view)
    row.failures += 1
    row.failed_at = timezone.now()
    row.error_code = error.code
    row.next_at = min(row.failed_at + rest_after(error, row.failures), _done(view)["next_at"])
    row.queued_until = None
    if error.permanent or row.failures >= FAILING_FROM:
        row.standing = Summary.Standing.FAILING
    fields = ["failures", "failed_at", "error_code", "next_at", "queued_until", "standing"]
    row.save(update_fields=fields)
    View.objects.filter(pk=view.pk).update(
        state=View.State.FAILING, last_error_code=error.code, last_error_at=row.failed_at
    )


def rest_after(error: errors.GoogleError, failures: int) -> datetime.timedelta:
    """How long until the next try. What asking again cannot mend is asked less and less: with one key
    revoked, thousands of views may stand behind it.
    """
    rest = freshness.retry_after(error, failures)
    if not error.permanent:
        return rest
    return min(LONGEST_REST, rest * 2 ** min(failures - 1, 10))


def _until_next_night(view: View) -> None:
    Summary.objects.filter(view=view).update(**_done(view))


def _done(view: View) -> dict[str, datetime.datetime | None]:
    """Nothing to do for this view until its next night."""
    return {"next_at": next_night(view.time_zone, timezone.now(), view.pk), "queued_until": None}
