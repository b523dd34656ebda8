"""How much of a property a filter keeps: asked of Google before the filter is saved."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from dashboards import filters
from dashboards.models import View
from google_api import data
from google_api.data import DateRange, ReportRequest
from google_api.reports import Report
from provisioning import credentials


@dataclass(frozen=True)
class Kept:
    """Yesterday's sessions of the property, and those of them that a filter keeps."""

    all: int
    kept: int

    @property
    def words(self) -> str:
        """Both numbers, and the share."""
        if not self.all:
            return gettext("The property had no sessions yesterday, so there is nothing to compare with.")
        text = ngettext(
            "It keeps %(kept)s of yesterday's %(all)s session: %(percent)s %%.",
            "It keeps %(kept)s of yesterday's %(all)s sessions: %(percent)s %%.",
            self.all,
        )
        return text % {
            "kept": number_format(self.kept, force_grouping=True),
            "all": number_format(self.all, force_grouping=True),
            "percent": number_format(100 * self.kept / self.all, decimal_pos=1),
        }


def ask(view: View, text: str) -> Kept:
    """What the filter `text` keeps of the property that `view`, saved or not, shows: one live call.

    Raises GoogleError, and FilterError for what is no filter.
    """
    wire = filters.parse(text).to_wire() if text else None
    yesterday = timezone.now().astimezone(ZoneInfo(view.time_zone)).date() - datetime.timedelta(days=1)
    questions = [_sessions(yesterday, None), _sessions(yesterday, wire)]
    everything, kept = credentials.call(
        view.credential,
        settings.GOOGLE_DATA_API,
        lambda api: data.batch_run_reports(api, view.property_id, questions),
    )
    return Kept(_total(everything), _total(kept))


def _sessions(day: datetime.date, wire: dict[str, object] | None) -> ReportRequest:
    day_alone = (DateRange(day, day, "current"),)
    return ReportRequest(date_ranges=day_alone, dimensions=(), metrics=("sessions",), dimension_filter=wire)


def _total(report: Report) -> int:
    totals = report.totals_of("current")
    return int(totals[0]) if totals else 0
