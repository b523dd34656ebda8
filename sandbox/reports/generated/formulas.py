"""How each metric follows from the sums and the distinct visitors of a group of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.reports.generated.happenings import BASES

# Distinct visitors, after the sums: all of them, the active ones, those who bought.
DISTINCT = ("users", "active", "buyers")
_INDEX = {name: index for index, name in enumerate((*BASES, *DISTINCT))}


@dataclass(frozen=True)
class Formula:
    """`needs` are indexes into sums + distinct; `compute` gets those values, in that order."""

    needs: tuple[int, ...]
    compute: Callable[..., float]


def _formula(names: str, compute: Callable[..., float]) -> Formula:
    return Formula(tuple(_INDEX[name] for name in names.split()), compute)


def _same(value: float) -> float:
    return value


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0


def _money(cents: float) -> float:
    return cents / 100


FORMULAS = {
    "sessions": _formula("sessions", _same),
    "engagedSessions": _formula("engaged", _same),
    "engagementRate": _formula("engaged sessions", _ratio),
    "bounceRate": _formula("engaged sessions", lambda e, s: (s - e) / s if s else 0),
    "averageSessionDuration": _formula("seconds sessions", _ratio),
    "screenPageViewsPerSession": _formula("views sessions", _ratio),
    "eventsPerSession": _formula("events sessions", _ratio),
    "sessionsPerUser": _formula("sessions active", _ratio),
    "sessionKeyEventRate": _formula("key_sessions sessions", _ratio),
    "activeUsers": _formula("active", _same),
    "totalUsers": _formula("users", _same),
    "newUsers": _formula("new_users", _same),
    "userEngagementDuration": _formula("engagement_seconds", _same),
    "screenPageViewsPerUser": _formula("views active", _ratio),
    "screenPageViews": _formula("views", _same),
    "eventCount": _formula("events", _same),
    "eventCountPerUser": _formula("events active", _ratio),
    "keyEvents": _formula("key_events", _same),
    "totalRevenue": _formula("cents", _money),
    "purchaseRevenue": _formula("cents", _money),
    "ecommercePurchases": _formula("purchases", _same),
    "transactions": _formula("purchases", _same),
    "addToCarts": _formula("carts", _same),
    "checkouts": _formula("checkouts", _same),
    "averagePurchaseRevenue": _formula("cents purchases", lambda cents, n: cents / 100 / n if n else 0),
    "totalPurchasers": _formula("buyers", _same),
    "purchaserRate": _formula("buyers active", _ratio),
}
WINDOWS = {"active1DayUsers": 1, "active7DayUsers": 7, "active28DayUsers": 28}
