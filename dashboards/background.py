"""What is known of a view beside its reports: read from the night's summary, for one reader."""

from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from accounts import access
from accounts.models import User
from dashboards import periods
from dashboards.asked import Asked
from dashboards.blanks import Background, Beginning
from dashboards.models import Summary, View
from dashboards.periods import DateSpan
from provisioning.models import ProvisioningRequest

Standing = Summary.Standing


def of(question: Asked, reader: User | None) -> Background:
    """The background of a page, as `reader` sees it; None stands for a stranger, who is led nowhere but to
    other days."""
    view = question.view
    summary = getattr(view, "summary", None)  # missing for a row that was written past the models
    blank = {"period": None, "from": None, "to": None}
    return Background(
        agency=settings.AGENCY_NAME,
        admin_url=_admin_url(view, reader),
        had_data=_had_data(summary),
        has_stopped=summary is not None and summary.standing == Standing.STOPPED,
        last_data_on=summary.last_data_on if summary else None,
        is_narrowed=bool(question.filters),
        same_url="?" + question.query(),
        usual_url="?" + question.query(**(blank | {"period": periods.DEFAULT_PERIOD})),
        wide_url="?" + question.query(filter=None),
        today_url="?" + question.query(**(blank | {"period": "today"})),
        beginning=partial(_beginning, view, reader),
        doctor_url=partial(_doctor_url, view, reader),
        days_url=lambda span: "?" + question.query(**blank | _dates(span)),
    )


def _beginning(view: View, reader: User | None) -> Beginning | None:
    """How a view stands whose property was made from here; None for any other."""
    request = ProvisioningRequest.objects.that_made(view.pk)
    if request is None:
        return None
    seen = request.first_hit_at
    may_see = reader is not None and access.may_manage_people(reader, view.tenant)
    return Beginning(
        first_visit_on=seen.astimezone(ZoneInfo(view.time_zone)).date() if seen else None,
        tag_url=reverse("provisioning:request", args=[request.pk]) if may_see else "",
    )


def _had_data(summary: Summary | None) -> bool | None:
    """Whether data ever came; None until the first night has told."""
    if summary is None or summary.until is None:
        return None
    return summary.last_data_on is not None


def _admin_url(view: View, reader: User | None) -> str:
    return reverse("admin:dashboards_view_change", args=[view.pk]) if reader and reader.is_staff else ""


def _doctor_url(view: View, reader: User | None) -> str:
    if reader is None or not access.may_manage_people(reader, view.tenant):
        return ""
    return reverse("dashboards:doctor", args=[view.tenant.slug, view.slug])


def _dates(span: DateSpan) -> dict[str, str]:
    return {"from": span.start.isoformat(), "to": span.end.isoformat()}
