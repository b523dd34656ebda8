"""Which of GA4's fields the names in a page's query mean: by Google's table, by the small map that staff keep
for a view, or as GA4 itself calls them. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dashboards.embed.errors import V3Error, bad_parameter
from google_api import ua_names
from google_api.ua_names import DataType, Gone, Metric

PREFIX = "ga:"
PAGE_PATH = "pagePath"
"""What levels of a path are computed from: without what follows a question mark, unlike `ga:pagePath`."""

_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,99}(?::[A-Za-z0-9_]{1,100})?")
_LEVEL = re.compile(r"pagePathLevel([1-4])")
_GOAL = re.compile(r"(goal[0-9]{1,3})(Completions|ConversionRate)")
_OWN = re.compile(r"(?:dimension|metric|goal)[0-9]{1,3}[A-Za-z]*|event(?:Category|Action|Label)")
_GOAL_METRICS: dict[str, tuple[str, DataType]] = {
    "Completions": ("keyEvents", "INTEGER"),
    "ConversionRate": ("sessionKeyEventRate", "PERCENT"),
}


@dataclass(frozen=True)
class Column:
    """One column as the page names it, and the GA4 field that it is read from. `data_type` is empty for a
    metric whose kind only Google's answer tells; `level` counts a path's levels from 1. `certain` says that
    the field is known to be one of GA4's.
    """

    asked: str
    name: str
    data_type: DataType | None = "STRING"
    level: int = 0
    certain: bool = True

    @property
    def is_percent(self) -> bool:
        """Whether its values run to 100 here and to 1 in GA4."""
        return self.data_type == "PERCENT"


@dataclass(frozen=True)
class Names:
    """The names that one view's pages may use; `own` is the view's small map."""

    own: Mapping[str, str] = field(default_factory=dict)

    def metric(self, asked: str, location: str = "metrics") -> Column:
        """The metric of this name. Raises V3Error."""
        bare = asked.removeprefix(PREFIX)
        known = self._own_metric(bare) or ua_names.metric(bare)
        if isinstance(known, Metric):
            return Column(asked, known.name, known.data_type)
        if known is not None or _OWN.fullmatch(bare):
            raise _no_equal(asked, known, location)
        if not _FIELD.fullmatch(bare) or ua_names.dimension(bare) is not None:
            raise unknown(asked, location)
        return Column(asked, bare, "PERCENT" if ua_names.is_rate(bare) else None, certain=False)

    def dimension(self, asked: str, location: str = "dimensions") -> Column:
        """The dimension of this name. Raises V3Error."""
        bare = asked.removeprefix(PREFIX)
        if level := _LEVEL.fullmatch(bare):
            return Column(asked, PAGE_PATH, level=int(level[1]))
        known = self.own.get(bare) or ua_names.dimension(bare)
        if isinstance(known, str):
            return Column(asked, known)
        if known is not None or _OWN.fullmatch(bare):
            raise _no_equal(asked, known, location)
        if not _FIELD.fullmatch(bare) or ua_names.metric(bare) is not None:
            raise unknown(asked, location)
        return Column(asked, bare, certain=False)

    def is_metric(self, asked: str) -> bool:
        """Whether this is known to be a metric's name rather than a dimension's."""
        bare = asked.removeprefix(PREFIX)
        return bool(self._own_metric(bare)) or ua_names.metric(bare) is not None or bare.startswith("metric")

    def _own_metric(self, bare: str) -> Metric | None:
        """A metric or a goal of the site's own, by the view's map."""
        if (goal := _GOAL.fullmatch(bare)) and goal[1] in self.own:
            name, data_type = _GOAL_METRICS[goal[2]]
            return Metric(f"{name}:{self.own[goal[1]]}", data_type)
        if bare.startswith("metric") and bare in self.own:
            return Metric(self.own[bare], "FLOAT")
        return None


def unknown(asked: str, location: str) -> V3Error:
    """What v3 answers to a name that it does not know."""
    kind = {"metrics": _("Unknown metric(s): %(name)s"), "dimensions": _("Unknown dimension(s): %(name)s")}
    sentence = kind.get(location, _("Unknown name in “%(where)s”: %(name)s"))
    return bad_parameter(location, sentence % {"name": asked[:100], "where": location})


def _no_equal(asked: str, known: Gone | None, location: str) -> V3Error:
    """A name that once was, and what to ask instead."""
    if _OWN.fullmatch(asked.removeprefix(PREFIX)):
        sentence = _(
            "%(name)s is a name of your own, and nobody has said what it is in GA4. The agency enters that "
            "with the view, under old names."
        )
        return bad_parameter(location, sentence % {"name": asked[:100]} + _nearest(known))
    sentence = _("Google Analytics 4 has no %(name)s.")
    return bad_parameter(location, sentence % {"name": asked} + _nearest(known))


def _nearest(known: Gone | None) -> str:
    return " " + _("Nearest: %(name)s.") % {"name": known.nearest} if known else ""
