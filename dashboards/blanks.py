"""What a page says instead of figures, and beside old ones: no data yet, nothing in this period, stopped
since a date, no access, Google unreachable. Each says what to do and whom to ask. Pure.

A client reads a client's words; staff read what Google said and are led to where it is mended.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.translation import gettext

from dashboards.lead import Action, Lead
from dashboards.notices import Notice, not_renewed, old_text, sentence, time_text
from dashboards.periods import DEFAULT_PERIOD, DateSpan, Period, format_span
from dashboards.readings import Reading, ReportState
from google_api.errors import ERRORS, GoogleError, InvalidArgument, RateLimited, ServerError

Trouble = Literal["question", "access", "pause", "fault", "silence"]


@dataclass(frozen=True)
class Beginning:
    """How a property stands that was made from here: the day on which its first visitor was seen, None
    before; and where its tag is to be had, empty for who may not see it."""

    first_visit_on: date | None = None
    tag_url: str = ""


def _no_beginning() -> Beginning | None:
    return None


@dataclass(frozen=True)
class Background:
    """What is known beside the reports of a page: of the view's data in other days, and of who reads.

    `had_data`: whether any ever came, None where nobody knows. `admin_url` is there for staff alone; the
    other addresses lead to the same page, asked otherwise. `beginning` is looked up only for a page without
    figures, and `doctor_url` (of the client's own doctor; empty for who may not ask it) where Google refuses.
    """

    agency: str = ""
    admin_url: str = ""
    had_data: bool | None = None
    has_stopped: bool = False
    last_data_on: date | None = None
    is_narrowed: bool = False
    same_url: str = "?"
    usual_url: str = "?"
    wide_url: str = "?"
    today_url: str = "?"
    days_url: Callable[[DateSpan], str] = field(default=lambda span: "?")
    beginning: Callable[[], Beginning | None] = field(default=_no_beginning)
    doctor_url: Callable[[], str] = field(default=str)

    @property
    def stopped_on(self) -> date | None:
        """The last day with data of a view whose data has stopped."""
        return self.last_data_on if self.has_stopped else None


UNKNOWN = Background()
"""Of a page of which nothing else is known."""


def trouble(code: str) -> Trouble:
    """What kind of failure it is, for a reader: the question is wrong, the access is gone, Google wants a
    pause, Google has a fault, or nothing of use comes back."""
    kind = ERRORS.get(code, GoogleError)
    if issubclass(kind, InvalidArgument):
        return "question"
    if kind.permanent:
        return "access"
    if issubclass(kind, RateLimited) or code == "quota_low":
        return "pause"
    return "fault" if issubclass(kind, ServerError) else "silence"


def instead(reading: Reading | None, period: Period, known: Background) -> Lead | None:
    """The lead of a page whose first figure there is nothing to say of; None where there is."""
    if reading is None or reading.state == "waiting":
        return None
    if reading.state == "failed":
        return _failed(reading.source_state.error, known)
    totals = reading.totals(reading.answer.current)
    return None if totals and totals[0] else _nothing(period, known)


def why(code: str, known: Background) -> str:
    """A failure's reason in one sentence, for whoever reads."""
    lead = _failed(code, known)
    return lead.text if trouble(code) in ("access", "silence") and not known.admin_url else lead.detail


def remarks(
    period: Period,
    readings: Sequence[Reading],
    states: Iterable[ReportState],
    known: Background,
    now: datetime,
) -> tuple[Notice, ...]:
    """What is wrong with figures that are shown all the same: old, or cut off."""
    told = [_old(code, moment, now, known) for code, moment in not_renewed(states).items()]
    return tuple(Notice("bad", text, known.admin_url) for text in told) + _cut_off(period, readings, known)


# ---- nothing there


def _nothing(period: Period, known: Background) -> Lead:
    stopped = known.stopped_on
    if stopped and stopped < period.start:
        return _stopped(stopped, known)
    if known.is_narrowed:
        return _nothing_fits(period, known)
    beginning = None if known.had_data else known.beginning()
    first = beginning.first_visit_on if beginning else None
    if first and first >= period.today - timedelta(days=1):
        return _begun(first, period, known)
    if beginning or known.had_data is False or (known.had_data is None and period.key == DEFAULT_PERIOD):
        return _gathering(beginning or Beginning(), known)
    return _nothing_then(period, known)


def _stopped(last: date, known: Background) -> Lead:
    span = DateSpan(last, last).reaching_back(28)
    return Lead(
        "empty",
        gettext("Nothing has been counted since %(day)s.") % {"day": _day(last)},
        detail=gettext(
            "Figures came until then, and none after it. Most likely Google's tag is no longer on the site: "
            "ask whoever looks after the site to put it back."
        ),
        ask=True,
        actions=(
            Action(gettext("Show the last days with figures"), known.days_url(span)),
            *_to_admin(known),
        ),
    )


def _begun(first: date, period: Period, known: Background) -> Lead:
    """Visits come, but none that a report has yet: complete days end yesterday, and Google takes its time."""
    again = Action(gettext("Look again"), known.same_url)
    to_today = Action(gettext("Show today"), known.today_url)
    return Lead(
        "empty",
        gettext("The first visits have come."),
        detail=gettext(
            "Google counts since %(day)s. Its reports show visits after some hours, and this page shows days "
            "that are over."
        )
        % {"day": _day(first)},
        actions=(again if period.includes_today else to_today, *_to_admin(known)),
    )


def _gathering(beginning: Beginning, known: Background) -> Lead:
    to_tag = (Action(gettext("Show the tag"), beginning.tag_url),) if beginning.tag_url else ()
    return Lead(
        "empty",
        gettext("The first figures are being gathered."),
        detail=gettext(
            "A new property shows its first visits within a day or two after Google's tag is on the site. If "
            "the tag has been there for longer, ask whoever put it in."
        ),
        ask=True,
        actions=(*to_tag, Action(gettext("Look again"), known.same_url), *_to_admin(known)),
    )


def _nothing_fits(period: Period, known: Background) -> Lead:
    return Lead(
        "empty",
        gettext("Nothing fits in this period."),
        detail=gettext("%(dates)s: Google has counted nothing that fits what is filtered for.")
        % {"dates": period.dates_label()},
        actions=(Action(gettext("Take the filters off"), known.wide_url),),
    )


def _nothing_then(period: Period, known: Background) -> Lead:
    texts = {"dates": period.dates_label(), "day": _day(known.last_data_on) if known.last_data_on else ""}
    detail = gettext("Google has counted nothing on these days: %(dates)s. Choose others.")
    if known.last_data_on:
        detail = gettext(
            "Google has counted nothing on these days: %(dates)s. Choose others; the latest figures are of "
            "%(day)s."
        )
    return Lead(
        "empty",
        gettext("Nothing in this period."),
        detail=detail % texts,
        ask=True,
        actions=_to_usual(period, known),
    )


# ---- nothing came back


def _failed(code: str, known: Background) -> Lead:
    return _FAILED[trouble(code)](code, known)


def _no_access(code: str, known: Background) -> Lead:
    if known.admin_url:
        title = gettext("Google does not let the portal read this property.")
        return Lead("failed", title, detail=sentence(code), actions=_to_admin(known))
    return Lead(
        "failed",
        gettext("%(agency)s has lost its access to this property's figures.") % {"agency": known.agency},
        detail=gettext(
            "Nothing is wrong with your site, and Google goes on counting: the figures are back as soon as "
            "%(agency)s has mended it."
        )
        % {"agency": known.agency},
        ask=True,
        actions=_to_doctor(known),
    )


def _no_answer(code: str, known: Background) -> Lead:
    detail = gettext(
        "Nothing is wrong with your site, and nothing is lost. Try again in a few minutes; if it stays like "
        "this, ask."
    )
    return Lead(
        "failed",
        gettext("Google does not answer right now."),
        detail=sentence(code) if known.admin_url else detail,
        ask=not known.admin_url,
        actions=(Action(gettext("Try again"), known.same_url), *_to_admin(known), *_to_doctor(known)),
    )


def _pause(code: str, known: Background) -> Lead:
    return Lead(
        "failed",
        gettext("The figures cannot be shown right now."),
        detail=sentence(code),
        ask=not known.admin_url,
        actions=(Action(gettext("Show the last 28 days"), known.usual_url),),
    )


def _no_such_question(code: str, known: Background) -> Lead:
    if code == "incompatible_fields" and known.is_narrowed:
        return Lead(
            "failed",
            gettext("Google has no headline figures for this filter."),
            detail=gettext("What can be shown with it stands below. Remove the filter to see the rest."),
        )
    off = (Action(gettext("Take the filters off"), known.wide_url),) if known.is_narrowed else ()
    return Lead(
        "failed",
        gettext("This cannot be shown."),
        detail=sentence(code),
        ask=not (known.is_narrowed or known.admin_url),
        actions=(*off, *_to_admin(known)),
    )


_FAILED: Mapping[Trouble, Callable[[str, Background], Lead]] = {
    "question": _no_such_question,
    "access": _no_access,
    "pause": _pause,
    "fault": _no_answer,
    "silence": _no_answer,
}


# ---- old figures, and figures that end


def _old(code: str, moment: datetime, now: datetime, known: Background) -> str:
    """Figures whose renewal failed with this code."""
    if known.admin_url or trouble(code) not in ("access", "silence"):
        return old_text(code, moment, now)
    time = time_text(moment, now)
    if trouble(code) == "access":
        text = gettext(
            "Some figures are from %(time)s. %(agency)s has lost its access to this property since; ask "
            "%(agency)s."
        )
        return text % {"time": time, "agency": known.agency}
    text = gettext(
        "Some figures are from %(time)s. Google does not answer right now; it will be tried again."
    )
    return text % {"time": time}


def _cut_off(period: Period, readings: Sequence[Reading], known: Background) -> tuple[Notice, ...]:
    """The data stopped on a day of this period that is not its last."""
    last = known.stopped_on
    if last is None or not period.start <= last < period.complete_end or _goes_on(readings, last):
        return ()
    text = gettext(
        "Nothing has been counted since %(day)s. Most likely Google's tag is no longer on the site: ask "
        "whoever looks after the site, or %(agency)s."
    )
    return (Notice("bad", text % {"day": _day(last), "agency": known.agency}, known.admin_url),)


def _goes_on(readings: Sequence[Reading], last: date) -> bool:
    """Whether a line by day shows something after the day that is thought to be the last with data."""
    lines = (reading for reading in readings if reading.report and reading.report.dimensions == ("date",))
    return any(row.dimensions[0] > f"{last:%Y%m%d}" for line in lines for row in line.rows())


def _to_usual(period: Period, known: Background) -> tuple[Action, ...]:
    if period.key == DEFAULT_PERIOD:
        return _to_admin(known)
    return (Action(gettext("Show the last 28 days"), known.usual_url), *_to_admin(known))


def _to_admin(known: Background) -> tuple[Action, ...]:
    if not known.admin_url:
        return ()
    return (Action(gettext("Open this view in the administration"), known.admin_url),)


def _to_doctor(known: Background) -> tuple[Action, ...]:
    """For whoever has no page of the view in the administration, where there is a doctor too."""
    address = "" if known.admin_url else known.doctor_url()
    return (Action(gettext("Find out why"), address),) if address else ()


def _day(day: date) -> str:
    return format_span(DateSpan(day, day))
