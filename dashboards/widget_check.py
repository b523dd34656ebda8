"""Asks Google whether a widget's dimensions and metrics go together on a view's property."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext

from dashboards.models import View
from dashboards.planner import WidgetSpec
from google_api import data, errors
from provisioning import credentials, doctor


def problems(view: View, specs: Mapping[str, WidgetSpec]) -> dict[str, str]:
    """Google's reason against each widget it would refuse, by the same keys, in the reader's language.

    The view's own filter is left out: the dashboard serves other views too. Raises GoogleError where Google
    says nothing of the matter.
    """
    found = {key: _problem(view, spec) for key, spec in specs.items()}
    return {key: sentence for key, sentence in found.items() if sentence}


def _problem(view: View, spec: WidgetSpec) -> str:
    names = (*spec.dimensions, *spec.asked_metrics)
    try:
        found = credentials.call(
            view.credential,
            settings.GOOGLE_DATA_API,
            lambda api: data.check_compatibility(api, view.property_id, spec.dimensions, spec.asked_metrics),
        )
    except errors.InvalidArgument as error:
        return doctor.in_words(error)
    refused = [name for name in names if not found.allows(name)]
    return f"{gettext(errors.IncompatibleFields.sentence)} ({', '.join(refused)})" if refused else ""
