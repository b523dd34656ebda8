"""Version 3's values that GA4 writes differently or not at all: who came back, levels of a path. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboards.embed.names import PAGE_PATH
from dashboards.filters import Condition

VISITORS = {"new": "New Visitor", "returning": "Returning Visitor"}
"""What `ga:userType` calls GA4's values of newVsReturning; others stay as they are."""

ADDITIVE = frozenset(
    {
        *("screenPageViews", "eventCount", "eventValue", "userEngagementDuration", "keyEvents"),
        *("totalRevenue", "purchaseRevenue", "transactions", "ecommercePurchases", "addToCarts", "checkouts"),
    }
)
"""Figures of single events: those of several pages may be added up. Sessions and people may not, as they see
several pages and would count several times.
"""

_ONE_LEVEL = re.compile(r"/[^/]*/?")


def is_additive(metric: str) -> bool:
    """Whether this figure of several pages is the sum of theirs."""
    return metric.partition(":")[0] in ADDITIVE


@dataclass(frozen=True)
class Level:
    """A level of a page's path, from 1: of /shop/shoes/red the first is /shop/, the third /red."""

    number: int

    def of(self, path: str) -> str:
        """This level of a path, empty where it has none. What is no path ("(other)") is its own first."""
        if not path.startswith("/"):
            return path if self.number == 1 else ""
        parts = path[1:].split("/")
        if self.number > len(parts):
            return ""
        return "/" + parts[self.number - 1] + ("/" if self.number < len(parts) else "")

    def condition(self, operator: str, value: str) -> Condition | None:
        """The condition on the whole path that says this of the level; None where there is none."""
        sign, kind = operator[0], operator[1]
        if kind == "=":
            return self._equals(sign, value)
        if kind == "@" and "/" not in value:
            return Condition(PAGE_PATH, f"{sign}~", f"^(/[^/]*){{{self.number - 1}}}/[^/]*{re.escape(value)}")
        return None

    def _equals(self, sign: str, value: str) -> Condition | None:
        if self.number == 1 and not value.startswith("/"):
            return Condition(PAGE_PATH, f"{sign}=", value)
        if not _ONE_LEVEL.fullmatch(value):
            return None
        goes_on = len(value) > 1 and value.endswith("/")
        if self.number == 1:
            return Condition(PAGE_PATH, f"{sign}^" if goes_on else f"{sign}=", value)
        end = "" if goes_on else "$"
        return Condition(PAGE_PATH, f"{sign}~", f"^(/[^/]*){{{self.number - 1}}}{re.escape(value)}{end}")
