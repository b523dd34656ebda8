"""What can be done to views: verbs, without a request."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from dashboards import asked, snapshots
from dashboards.asides import aside
from dashboards.models import View
from google_api import admin, data, errors
from google_api.data import DateRange, ReportRequest
from google_api.http import Api
from google_api.reports import Report
from provisioning import credentials

OPENED_EVERY = datetime.timedelta(hours=1)
RECENTLY = datetime.timedelta(days=7)
QUEUE_LEASE = datetime.timedelta(minutes=10)


def note_opened(*, view: View) -> None:
    """Notes, hourly at most, that somebody reads this view: the worker keeps it fresh."""
    now = timezone.now()
    if view.last_opened_at is None or view.last_opened_at < now - OPENED_EVERY:
        with aside():
            View.objects.filter(pk=view.pk).update(last_opened_at=now)


def refresh(*, view: View) -> None:
    """Brings what the view shows when it is opened up to date; may be run any number of times."""
    question = asked.usual(view)
    if snapshots.needs_asking(snapshots.states(view, question.plan, usual=True)):
        snapshots.bring(view, question.plan, usual=True)


@dataclass(frozen=True)
class Connection:
    """What a test of a view's connection found; `error` is None when it works."""

    sessions_yesterday: int | None = None
    error: errors.GoogleError | None = None


def test_connection(*, view: View) -> Connection:
    """Asks Google live for the view's property and yesterday's sessions, and keeps how that went."""
    try:
        described = credentials.call(
            view.credential, settings.GOOGLE_ADMIN_API, lambda api: admin.get_property(api, view.property_id)
        )
        if described.deleted:
            raise errors.NotFound("the property is in Google's trash")
        report = credentials.call(
            view.credential, settings.GOOGLE_DATA_API, lambda api: _yesterday(api, view)
        )
    except errors.GoogleError as error:
        _keep_failure(view, error)
        return Connection(error=error)
    _keep_success(view)
    totals = report.totals_of("current")
    return Connection(sessions_yesterday=int(totals[0]) if totals else 0)


def _yesterday(api: Api, view: View) -> Report:
    day = view.today - datetime.timedelta(days=1)
    wire = asked.saved_filter(view)
    request = ReportRequest(
        date_ranges=(DateRange(day, day, "current"),),
        dimensions=(),
        metrics=("sessions",),
        dimension_filter=wire,
    )
    return data.run_report(api, view.property_id, request)


def _keep_failure(view: View, error: errors.GoogleError) -> None:
    View.objects.filter(pk=view.pk).update(
        state=View.State.FAILING, last_error_code=error.code, last_error_at=timezone.now()
    )


def _keep_success(view: View) -> None:
    credentials.record_success(view.credential)
    View.objects.filter(pk=view.pk).update(
        state=View.State.WORKS, last_success_at=timezone.now(), last_error_code=""
    )
    snapshots.forgive(view)
