"""How many people are on the site now, asked once a minute for everybody who looks.

Google's realtime data knows few dimensions and no host, path or source. Where it cannot apply a view's
filter, there is no number: the whole property's never stands in for a part of it.

https://developers.google.com/analytics/devguides/reporting/data/v1/realtime-api-schema
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext, ngettext

from dashboards import filters
from dashboards.figures import integer
from dashboards.models import View
from dashboards.vocabulary import dimension
from google_api import data, errors
from google_api.http import Api
from google_api.reports import Report
from provisioning import credentials

logger = logging.getLogger(__name__)

# What stands for a dimension of ordinary reports in realtime ones.
REALTIME_NAMES = {
    "country": "country",
    "countryId": "countryId",
    "city": "city",
    "cityId": "cityId",
    "deviceCategory": "deviceCategory",
    "platform": "platform",
    "streamId": "streamId",
    "streamName": "streamName",
    "eventName": "eventName",
    "pageTitle": "unifiedScreenName",
    "unifiedScreenName": "unifiedScreenName",
    "audienceId": "audienceId",
    "audienceName": "audienceName",
}

FRESH_SECONDS = 55  # a page asks once a minute
LOCK_SECONDS = 20  # longer than a call; a killed process blocks nobody for long
DEADLINE_SECONDS = 10.0


@dataclass(frozen=True)
class Now:
    """People active in the last 30 minutes, or why there is no number; neither while it is on its way."""

    people: int | None = None
    absent: str = ""

    @property
    def text(self) -> str:
        """The number in words; empty where there is none."""
        if self.people is None:
            return ""
        if not self.people:
            return gettext("Nobody here in the last 30 minutes")
        words = ngettext(
            "%(count)s person here in the last 30 minutes",
            "%(count)s people here in the last 30 minutes",
            self.people,
        )
        return words % {"count": integer(self.people)}


def now(view: View, texts: Sequence[str]) -> Now:
    """The view's visitors of this moment under the address's filters. Raises FilterError."""
    combined = filters.combine([filters.parse(text) for text in [*filter(None, [view.filter]), *texts]])
    unknown = sorted(set(combined.dimensions) - REALTIME_NAMES.keys()) if combined else []
    if unknown:
        return Now(absent=_cannot_apply(unknown))
    return _shared(view, _realtime_wire(combined.to_wire()) if combined else None)


def _cannot_apply(names: Sequence[str]) -> str:
    sentence = gettext("Who is here now cannot be shown: Google does not know it by %(names)s.")
    labels = dict.fromkeys(str(dimension(name).label) for name in names)
    return sentence % {"names": ", ".join(labels)}


def _realtime_wire(wire: Any) -> Any:
    """The filter with each field by its realtime name."""
    if isinstance(wire, dict):
        renamed = {key: _realtime_wire(value) for key, value in wire.items()}
        if "fieldName" in renamed:
            renamed["fieldName"] = REALTIME_NAMES[renamed["fieldName"]]
        return renamed
    return [_realtime_wire(each) for each in wire] if isinstance(wire, list) else wire


def _shared(view: View, wire: Any) -> Now:
    """One reader asks Google, everybody else is told what it heard."""
    key = _key(view, wire)
    known = cache.get(key)
    if known is not None:
        return Now(**known)
    if not cache.add(f"{key}:asking", True, LOCK_SECONDS):
        return Now()
    try:
        found = _ask(view, wire)
        cache.set(key, {"people": found.people, "absent": found.absent}, FRESH_SECONDS)
    finally:
        cache.delete(f"{key}:asking")
    return found


def _key(view: View, wire: Any) -> str:
    question = json.dumps([str(view.tenant_id), str(view.pk), view.property_id, wire], sort_keys=True)
    return f"realtime:{hashlib.sha256(question.encode()).hexdigest()}"


def _ask(view: View, wire: Any) -> Now:
    request = data.RealtimeRequest(dimensions=(), metrics=("activeUsers",), dimension_filter=wire)

    def run(api: Api) -> Report:
        patient = Api(api.base_url, api.token, deadline=DEADLINE_SECONDS)
        return data.run_realtime_report(patient, view.property_id, request)

    try:
        report = credentials.call(view.credential, settings.GOOGLE_DATA_API, run)
    except errors.GoogleError as error:
        logger.warning("view %s: realtime: %s %s", view.pk, error.code, error.log_detail)
        return Now(absent=gettext("There is no live number right now."))
    return Now(people=int(report.rows[0].metrics[0]) if report.rows else 0)
