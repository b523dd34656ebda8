"""Waits for the first visitor of a property that was made here, so that its owner sees the tag work.

Google's realtime report is asked, for everybody who watches together, at most once in 15 seconds: the next
time stands in the request's row, and whoever moves it on asks.
"""

from __future__ import annotations

import datetime
import zoneinfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from google_api import data, errors
from google_api.http import Api
from provisioning import credentials, hooks
from provisioning.models import ProvisioningRequest
from provisioning.requests import record
from provisioning.requests.work import source_of

EVERY = datetime.timedelta(seconds=15)
REST = datetime.timedelta(minutes=1)
"""After an error."""

REMEMBERED = datetime.timedelta(minutes=30)
"""How far back the realtime report of a standard property reaches.
https://developers.google.com/analytics/devguides/reporting/data/v1/realtime-api-schema"""

DEADLINE_SECONDS = 10.0
MOST_DAYS = 90


def is_awaited(request: ProvisioningRequest) -> bool:
    """Whether there is a tag that nobody has seen at work yet."""
    return bool(request.measurement_id) and request.first_hit_at is None


def look(*, request: ProvisioningRequest) -> None:
    """Asks Google whether somebody came, unless it was asked just now; the row knows then.

    Raises nothing: an error stands in the row, and is not the same as “nobody”. Runs inside the tenant's
    scope.
    """
    looked_at = request.hit_look_at or request.created_at
    if not is_awaited(request) or not _claim(request):
        request.refresh_from_db(fields=["first_hit_at", "hit_error"])
        return
    try:
        has_come = _somebody_is_there(request) or (_was_away(looked_at) and _somebody_was_there(request))
    except errors.GoogleError as error:
        _write(request, hit_error=error.code, hit_look_at=timezone.now() + REST)
        return
    _write(request, hit_error="")
    if has_come:
        _seen(request)


def _claim(request: ProvisioningRequest) -> bool:
    now = timezone.now()
    due = Q(hit_look_at=None) | Q(hit_look_at__lt=now)
    rows = ProvisioningRequest.objects.filter(due, pk=request.pk, first_hit_at=None)
    return bool(rows.update(hit_look_at=now + EVERY))


def _was_away(looked_at: datetime.datetime) -> bool:
    """Whether a visit may have come and gone since the last look without the realtime report showing it."""
    return timezone.now() - looked_at > REMEMBERED - EVERY


def _somebody_is_there(request: ProvisioningRequest) -> bool:
    question = data.RealtimeRequest(dimensions=(), metrics=("activeUsers",), aggregate=False)
    return _is_above_zero(_ask(request, question))


def _somebody_was_there(request: ProvisioningRequest) -> bool:
    zone = _zone(request)
    today = timezone.now().astimezone(zone).date()
    since = max(request.created_at.astimezone(zone).date(), today - datetime.timedelta(days=MOST_DAYS))
    days = data.DateRange(since, today)
    question = data.ReportRequest((days,), dimensions=(), metrics=("sessions",), aggregate=False)
    return _is_above_zero(_ask(request, question))


def _zone(request: ProvisioningRequest) -> datetime.tzinfo:
    return zoneinfo.ZoneInfo(request.time_zone) if request.time_zone else datetime.UTC


def _ask(request: ProvisioningRequest, question: data.RealtimeRequest | data.ReportRequest) -> data.Report:
    def run(api: Api) -> data.Report:
        patient = Api(api.base_url, api.token, deadline=DEADLINE_SECONDS)
        if isinstance(question, data.RealtimeRequest):
            return data.run_realtime_report(patient, request.property_id, question)
        return data.run_report(patient, request.property_id, question)

    return credentials.call(source_of(request), settings.GOOGLE_DATA_API, run)


def _is_above_zero(report: data.Report) -> bool:
    return any(row.metrics[0] for row in report.rows)


@transaction.atomic
def _seen(request: ProvisioningRequest) -> None:
    """Somebody came. Of several who find out at once one writes it."""
    now = timezone.now()
    rows = ProvisioningRequest.objects.filter(pk=request.pk, first_hit_at=None)
    request.first_hit_at = now
    if rows.update(first_hit_at=now):
        record.noted(request, "first_hit")
        if request.view_id:
            hooks.views().ask_anew(tenant=request.tenant, view_id=request.view_id)


def _write(request: ProvisioningRequest, **facts: object) -> None:
    for name, value in facts.items():
        setattr(request, name, value)
    ProvisioningRequest.objects.filter(pk=request.pk).update(**facts)
