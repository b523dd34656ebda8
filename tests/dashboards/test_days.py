"""A view's days are its property's, wherever this server stands and whatever its clocks do."""

from datetime import UTC, date, datetime

import pytest

from dashboards import asked
from dashboards.models import View


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("Pacific/Kiritimati", "2026-01-01T09:59:59", "2026-01-01"),
        ("Pacific/Kiritimati", "2026-01-01T10:00:00", "2026-01-02"),
        ("Pacific/Pago_Pago", "2026-01-01T10:59:59", "2025-12-31"),
        ("Pacific/Pago_Pago", "2026-01-01T11:00:00", "2026-01-01"),
        ("Europe/Rome", "2026-03-29T22:00:00", "2026-03-30"),  # summer time since that morning
        ("Europe/Rome", "2026-10-25T22:59:59", "2026-10-25"),  # winter time since that morning
        ("America/New_York", "2026-11-01T04:30:00", "2026-11-01"),
        ("America/New_York", "2026-11-02T04:30:00", "2026-11-01"),
        ("Asia/Kathmandu", "2028-02-28T18:15:00", "2028-02-29"),
    ],
)
def test_today_is_the_propertys(monkeypatch, zone, now, today):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert View(time_zone=zone).today == date.fromisoformat(today)


@pytest.mark.parametrize(
    ("now", "spans"),
    [
        ("2026-01-01T12:00:00", {"month": ("01-01", "01-01"), "last-month": ("12-01", "12-31")}),
        ("2028-03-01T12:00:00", {"month": ("03-01", "03-01"), "last-month": ("02-01", "02-29")}),
        ("2028-02-29T12:00:00", {"year": ("01-01", "02-29"), "28d": ("02-01", "02-28")}),
    ],
)
def test_periods_at_the_edges_of_the_calendar(cast, in_tenant, monkeypatch, now, spans):
    from django.http import QueryDict

    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    view = View.objects.for_page().get(pk=cast.view.pk)
    periods = {key: asked.read(view, QueryDict(f"period={key}")).period for key in spans}
    assert {key: (f"{p.start:%m-%d}", f"{p.end:%m-%d}") for key, p in periods.items()} == spans
