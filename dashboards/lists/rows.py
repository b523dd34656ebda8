"""What a list shows of a view: its names, a small line, visits, the change, a word on how it stands. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboards.figures import Change, change, integer
from dashboards.lists.nights import is_active
from dashboards.lists.standing import DAYS
from dashboards.models import Summary, View
from dashboards.notices import sentence

Standing = Summary.Standing

WIDTH, HEIGHT, MARGIN = 120, 30, 2  # of the small line, in units of its own
OLD_AFTER = datetime.timedelta(days=3)


@dataclass(frozen=True)
class Tag:
    """A word or two on how a view stands; `reason` says more where there is more."""

    text: str
    bad: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One view in a list. `points` is "" where there is no line to draw."""

    title: str
    detail: str
    url: str
    points: str
    line_text: str
    visits: str
    change: Change | None
    change_text: str
    tag: Tag | None


def row(summary: Summary, *, named_by_client: bool) -> Row:
    """A view as a list shows it; `named_by_client` where the list holds several clients."""
    recent = summary.daily[-DAYS:]
    moved = _change(summary)
    return Row(
        *_names(summary, named_by_client),
        url=reverse("dashboards:dashboard", args=[summary.view.tenant.slug, summary.view.slug]),
        points=points(recent),
        line_text=_line_text(recent),
        visits=integer(summary.visits) if summary.until else "",
        change=moved,
        change_text=_change_text(summary, moved),
        tag=_tag(summary),
    )


def points(values: Sequence[int]) -> str:
    """The values as an SVG polyline's points, zero at the bottom; "" for a line of nothing."""
    top = max(values, default=0)
    if not top:
        return ""
    step = WIDTH / (len(values) - 1)
    scale = (HEIGHT - 2 * MARGIN) / top
    return " ".join(
        f"{index * step:.1f},{HEIGHT - MARGIN - value * scale:.1f}" for index, value in enumerate(values)
    )


def day_text(day: datetime.date) -> str:
    """ "14 Nov", with the year where it is not this one."""
    if day.year == timezone.localdate().year:
        return date_format(day, pgettext("date format (Django): day and month", "j M"))
    return date_format(day, pgettext("date format (Django): day, month and year", "j M Y"))


def _is_read(view: View) -> bool:
    return is_active(view.last_opened_at, view.created_at, timezone.now())


def _names(summary: Summary, named_by_client: bool) -> tuple[str, str]:
    view = summary.view
    if named_by_client:
        return view.tenant.name, view.name
    other = view.property_name not in {view.name, view.tenant.name}
    return view.name, view.property_name if other else ""


def _change(summary: Summary) -> Change | None:
    """None as well for a view that has stopped: how fast an absence grows tells nothing."""
    if summary.standing == Standing.STOPPED:
        return None
    return change(summary.visits, summary.visits_before, places=0)


def _change_text(summary: Summary, moved: Change | None) -> str:
    """What stands behind the percentage, in words."""
    if moved is None:
        return ""
    return _("%(change)s: %(now)s visits after %(before)s in the 28 days before") % {
        "change": moved.signed,
        "now": integer(summary.visits),
        "before": integer(summary.visits_before),
    }


def _line_text(values: Sequence[int]) -> str:
    if not any(values):
        return ""
    return _("Visits a day: between %(least)s and %(most)s, %(last)s on the last day") % {
        "least": integer(min(values)),
        "most": integer(max(values)),
        "last": integer(values[-1]),
    }


def _tag(summary: Summary) -> Tag | None:
    if summary.standing == Standing.STOPPED and summary.last_data_on:
        return Tag(_("stopped on %(day)s") % {"day": day_text(summary.last_data_on)}, bad=True)
    if summary.standing == Standing.FAILING:
        return Tag(_("cannot be read"), bad=True, reason=sentence(summary.error_code))
    if summary.standing == Standing.FELL:
        return Tag(_("visits fell"), reason=_("Visits fell by more than usual."))
    if summary.until is None:
        return Tag(_("gathering") if _is_read(summary.view) else _("read once it is opened"))
    if summary.until < summary.view.today - OLD_AFTER:
        return Tag(_("figures until %(day)s") % {"day": day_text(summary.until)})
    return Tag(_("no data yet")) if summary.standing == Standing.EMPTY else None
