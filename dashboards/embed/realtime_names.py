"""What a realtime query of version 3 asks, in the names of GA4's realtime report. Pure.

https://developers.google.com/analytics/devguides/reporting/data/v1/realtime-api-schema
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dashboards import filters
from dashboards.embed import core_reporting, v3_filters
from dashboards.embed.core_reporting import Order
from dashboards.embed.errors import V3Error, bad_parameter, bad_request
from dashboards.embed.names import Column, Names, unknown
from dashboards.filters import Filter
from dashboards.planner import MAX_DIMENSIONS, MAX_METRICS
from dashboards.realtime import REALTIME_NAMES
from google_api import ua_names
from google_api.data import OrderBy, RealtimeRequest
from google_api.ua_names import Gone

_PREFIX = re.compile(r"^(?:rt|ga):")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}(?::[A-Za-z0-9_]{1,100})?")


class RealtimeNames(Names):
    """The names that realtime queries may use."""

    def metric(self, asked: str, location: str = "metrics") -> Column:
        """The metric of this name. Raises V3Error."""
        bare = _PREFIX.sub("", asked)
        known = ua_names.realtime_metric(bare)
        if isinstance(known, Gone):
            raise _no_equal(asked, known, location)
        if known:
            return Column(asked, known.name, known.data_type)
        return Column(asked, _checked(bare, asked, location), None, certain=False)

    def dimension(self, asked: str, location: str = "dimensions") -> Column:
        """The dimension of this name. Raises V3Error."""
        bare = _PREFIX.sub("", asked)
        known = ua_names.realtime_dimension(bare)
        if isinstance(known, Gone):
            raise _no_equal(asked, known, location)
        return Column(asked, known or _checked(bare, asked, location), certain=known is not None)

    def is_metric(self, asked: str) -> bool:
        """Whether this is known to be a metric's name."""
        return isinstance(ua_names.realtime_metric(_PREFIX.sub("", asked)), ua_names.Metric)


@dataclass(frozen=True)
class Wanted:
    """A realtime query that was understood."""

    echo: Mapping[str, str]
    dimensions: tuple[Column, ...]
    metrics: tuple[Column, ...]
    max_results: int
    request: RealtimeRequest


def read(params: Mapping[str, str], saved_filter: str) -> Wanted:
    """What cleaned parameters ask of a view with this filter. Raises V3Error, 400."""
    names = RealtimeNames()
    metrics = core_reporting.columns(params, "metrics", names, MAX_METRICS)
    dimensions = core_reporting.columns(params, "dimensions", names, MAX_DIMENSIONS)
    if not metrics:
        raise bad_parameter("metrics", _("Required parameter: %(name)s") % {"name": "metrics"})
    filtered = v3_filters.read(params.get("filters", ""), names, {each.asked for each in metrics})
    if filtered.figures:
        raise bad_parameter("filters", _("A realtime query is filtered by dimensions alone."))
    orders = core_reporting.orders(params.get("sort", ""), (*dimensions, *metrics))
    limit = core_reporting.count(
        params, "max-results", core_reporting.DEFAULT_RESULTS, core_reporting.MOST_RESULTS
    )
    request = RealtimeRequest(
        dimensions=core_reporting.each_once(dimensions),
        metrics=core_reporting.each_once(metrics),
        dimension_filter=_wire(_saved(saved_filter), filtered.rows),
        limit=limit,
        order_bys=tuple(_order(each, (*dimensions, *metrics), len(dimensions)) for each in orders),
    )
    return Wanted(params, dimensions, metrics, limit, request)


def _order(order: Order, columns: tuple[Column, ...], width: int) -> OrderBy:
    return OrderBy(columns[order.column].name, desc=order.desc, dimension=order.column < width)


def _wire(*parts: Filter | None) -> filters.Wire | None:
    found = filters.combine([each for each in parts if each])
    return found.to_wire() if found else None


def _saved(text: str) -> Filter | None:
    """The view's own filter in realtime names; the whole property never stands in for a part of it."""
    if not text:
        return None
    saved = filters.parse(text)
    lost = [name for name in saved.dimensions if name not in REALTIME_NAMES]
    if lost:
        sentence = _("Who is here now cannot be shown: Google does not know it by %(names)s.")
        raise bad_request(sentence % {"names": ", ".join(lost)})
    return Filter(
        tuple(
            tuple(replace(each, dimension=REALTIME_NAMES[each.dimension]) for each in group)
            for group in saved.groups
        )
    )


def _checked(bare: str, asked: str, location: str) -> str:
    if not _FIELD.fullmatch(bare):
        raise unknown(asked, location)
    return bare


def _no_equal(asked: str, known: Gone, location: str) -> V3Error:
    sentence = _("Google Analytics 4 has no %(name)s. Nearest: %(nearest)s.")
    return bad_parameter(location, sentence % {"name": asked, "nearest": known.nearest})
