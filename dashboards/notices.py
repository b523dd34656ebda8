"""What must be said beside the figures: sampled, withheld, put together, not over, not up to date. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from dashboards.figures import percent
from dashboards.periods import Period
from dashboards.readings import ReportState
from google_api.errors import sentence_for
from google_api.reports import ReportMetadata


@dataclass(frozen=True)
class Notice:
    """One remark on the page; `bad` where something should be done about it, for staff at `url`."""

    kind: Literal["info", "bad"]
    text: str
    url: str = ""


def of_period(period: Period) -> tuple[Notice, ...]:
    """What the choice of days brings with it."""
    infos = [period.note] if period.note else []
    if period.includes_today and period.comparison:
        infos.append(gettext("Today is not over, so changes are measured over the complete days before it."))
    return tuple(Notice("info", text) for text in infos)


def of_report(metadata: ReportMetadata) -> tuple[str, ...]:
    """What Google says of the figures of one report."""
    return tuple(_labels(metadata))


def as_of(states: Iterable[ReportState], now: datetime) -> str:
    """Since when the page's figures stand: "As of 08:12 today". The oldest answer counts; "" without any."""
    times = [state.fetched_at for state in states if state.report is not None and state.fetched_at]
    if not times:
        return ""
    return gettext("As of %(time)s") % {"time": time_text(min(times), now)}


def time_text(moment: datetime, now: datetime) -> str:
    """A past moment in `now`'s zone: "08:12 today", "21 Nov, 08:12"."""
    local = moment.astimezone(now.tzinfo)
    time = date_format(local, pgettext("date format (Django): time of day", "H:i"))
    if local.date() == now.date():
        return gettext("%(time)s today") % {"time": time}
    day = date_format(local, pgettext("date format (Django): day and month", "j M"))
    return gettext("%(day)s, %(time)s") % {"day": day, "time": time}


def sentence(code: str) -> str:
    """The sentence of a failure's code, in the reader's language."""
    return gettext(sentence_for(code))


def not_renewed(states: Iterable[ReportState]) -> Mapping[str, datetime]:
    """By the code of the failure, the time of the oldest answer that is shown although it should be newer."""
    oldest: dict[str, datetime] = {}
    for state in states:
        if state.report is not None and state.error and state.fetched_at:
            oldest[state.error] = min(state.fetched_at, oldest.get(state.error, state.fetched_at))
    return oldest


def old_text(code: str, moment: datetime, now: datetime) -> str:
    """Since when figures stand, and what kept newer ones from coming."""
    text = gettext("Some figures are from %(time)s. %(reason)s")
    return text % {"time": time_text(moment, now), "reason": sentence(code)}


def _labels(metadata: ReportMetadata) -> Iterator[str]:
    if metadata.sampled is not None:
        share = percent(metadata.sampled, 0)
        yield gettext("Estimated by Google from %(share)s of the data.") % {"share": share}
    if metadata.subject_to_thresholding:
        yield gettext("Google withholds small numbers here, so that nobody can be recognised.")
    if metadata.data_loss_from_other_row:
        yield gettext("There are more rows than Google keeps; the rest is put together as “(other)”.")
    if metadata.truncated:
        yield gettext("Google keeps these details for a limited time only; earlier days are missing.")
    if metadata.restricted_metrics:
        yield gettext("The connection may not read costs or revenue, so these show as nothing.")
