"""Which fields go together. Products are counted by themselves: their fields join no figure of sessions or
events.
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.errors import ApiError, invalid
from sandbox.reports.fields import Dimension, Metric

_NOT_WITH_ITEMS = ("event", "slice")
_EXPLORER = "https://ga-dev-tools.web.app/ga4/dimensions-metrics-explorer/"


def clash(dimensions: Iterable[Dimension], metrics: Iterable[Metric]) -> str | None:
    """The field that has to go, or None when all go together."""
    dimensions, metrics = list(dimensions), list(metrics)
    of_items = [field.api_name for field in dimensions if field.scope == "item"]
    of_items += [field.api_name for field in metrics if field.scope == "item"]
    others = [field.api_name for field in metrics if field.scope != "item"]
    others += [field.api_name for field in dimensions if field.scope in _NOT_WITH_ITEMS]
    return of_items[0] if of_items and others else None


def incompatible(name: str) -> ApiError:
    """400 that names the field to remove."""
    return invalid(
        f"Please remove {name} to make the request compatible for example. The request's dimensions & "
        f"metrics are incompatible. To learn more, see {_EXPLORER}"
    )


def check(dimensions: Iterable[Dimension], metrics: Iterable[Metric]) -> None:
    name = clash(dimensions, metrics)
    if name is not None:
        raise incompatible(name)
