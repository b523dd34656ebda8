"""Walks one view's chain, from the stored key to each widget, and says which link is broken."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards import access, asked, filters
from dashboards.models import Dashboard, View
from dashboards.planner import MAX_METRICS, WidgetSpec
from google_api import admin, data, errors
from google_api.http import Api
from provisioning import credentials
from provisioning.doctor import Step, Trouble, Walk, credential, first_broken, in_words

T = TypeVar("T")
Fields = tuple[str, ...]


def examine(view: View) -> list[Step]:
    """Every link in its order; asks Google live. Runs in the scope of the view's tenant."""
    walk = Walk()
    signed_in = credential.sign_in(walk, view.credential)
    admin_api = credential.admin_api(walk, view.credential, signed_in)
    walk.look(_("The property can be read"), lambda: _property(view), after=(admin_api,))
    reads = walk.look(_("The Data API reads figures"), lambda: _figures(view), after=(signed_in,))
    filtered = walk.look(_("The saved filter is accepted"), lambda: _filter(view), after=(reads,))
    compatibility = _Compatibility(view)
    for each in access.dashboards_of(view):
        name = _("The dashboard “%(name)s” fits the property") % {"name": _(each.name)}
        walk.look(name, lambda each=each: compatibility.of(each), after=(filtered,))  # type: ignore[misc]
    if first_broken(walk.steps) is None:
        credentials.record_success(view.credential)
    return walk.steps


def misfits(view: View) -> list[str]:
    """A sentence for each of the view's dashboards with widgets that the property or the saved filter does
    not allow. Raises GoogleError. Runs in the scope of the view's tenant.
    """
    compatibility = _Compatibility(view)
    found = []
    for each in access.dashboards_of(view):
        try:
            compatibility.of(each)
        except Trouble as trouble:
            found.append(f"{_(each.name)}: {trouble}")
    return found


def _property(view: View) -> str:
    found = credentials.call(
        view.credential, settings.GOOGLE_ADMIN_API, lambda api: admin.get_property(api, view.property_id)
    )
    if found.deleted:
        raise errors.NotFound("the property is in Google's trash")
    stored, current = (view.time_zone, view.currency), (found.time_zone, found.currency_code)
    if stored != current:
        raise Trouble(
            _("The view is set to %(stored)s, the property to %(current)s: save it anew or load it again.")
            % {"stored": ", ".join(stored), "current": ", ".join(current)}
        )
    return f"{found.display_name}, {found.time_zone}, {found.currency_code}"


def _figures(view: View) -> str:
    sessions = _ask_data(view, lambda api: _sessions_yesterday(api, view, None))
    return _("%(sessions)s sessions yesterday") % {"sessions": number_format(sessions)}


def _filter(view: View) -> str:
    if not view.filter:
        return _("there is none")
    wire = _saved_filter(view)
    sessions = _ask_data(view, lambda api: _sessions_yesterday(api, view, wire))
    return _("%(filter)s: %(sessions)s sessions yesterday") % {
        "filter": view.filter,
        "sessions": number_format(sessions),
    }


def _saved_filter(view: View) -> dict[str, Any] | None:
    try:
        return asked.saved_filter(view)
    except filters.FilterError as error:
        raise Trouble(error.sentence) from error


def _sessions_yesterday(api: Api, view: View, dimension_filter: dict[str, Any] | None) -> int:
    day = view.today - datetime.timedelta(days=1)
    return credential.sessions_on(api, view.property_id, day, dimension_filter)


def _ask_data(view: View, ask: Callable[[Api], T]) -> T:
    return credentials.call(view.credential, settings.GOOGLE_DATA_API, ask)


class _Compatibility:
    """Which widgets the property and the saved filter allow.

    Widgets with the same dimensions are asked about together, and one by one only where they are refused:
    each question costs some of the property's quota.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._allowed: set[tuple[Fields, str]] = set()  # a metric beside these dimensions

    def of(self, dashboard: Dashboard) -> str:
        """How many widgets fit. Raises Trouble naming those that do not, GoogleError when Google fails."""
        specs = [widget.spec() for widget in dashboard.widgets.all()]
        for dimensions in dict.fromkeys(spec.dimensions for spec in specs):
            metrics = {name for spec in specs if spec.dimensions == dimensions for name in spec.asked_metrics}
            self._ask_together(dimensions, sorted(metrics))
        bad = [f"{_(spec.title)}: {problem}" for spec in specs if (problem := self._problem(spec))]
        if bad:
            raise Trouble(" ".join(bad))
        return ngettext("%(count)s widget", "%(count)s widgets", len(specs)) % {"count": len(specs)}

    def _ask_together(self, dimensions: Fields, metrics: list[str]) -> None:
        new = [name for name in metrics if (dimensions, name) not in self._allowed]
        for start in range(0, len(new), MAX_METRICS):
            part = tuple(new[start : start + MAX_METRICS])
            if not self._ask(dimensions, part):
                self._allowed |= {(dimensions, name) for name in part}

    def _problem(self, spec: WidgetSpec) -> str:
        """What is wrong with a widget's fields; empty when they fit."""
        if all((spec.dimensions, name) in self._allowed for name in spec.asked_metrics):
            return ""
        return self._ask(spec.dimensions, spec.asked_metrics)

    def _ask(self, dimensions: Fields, metrics: Fields) -> str:
        wire = asked.saved_filter(self._view)
        try:
            found = _ask_data(
                self._view,
                lambda api: data.check_compatibility(api, self._view.property_id, dimensions, metrics, wire),
            )
        except errors.InvalidArgument as error:
            return in_words(error)
        refused = [name for name in (*dimensions, *metrics) if not found.allows(name)]
        return f"{_(errors.IncompatibleFields.sentence)} ({', '.join(refused)})" if refused else ""
