"""The sandbox's own clock, which tests move forward."""

from __future__ import annotations

import time
from datetime import UTC, datetime, tzinfo


class Clock:
    """Real time plus what was added to it.

    Assertions are judged by a second hand (`assertion_time`), which stays on real time unless asked
    otherwise: the client that signs them has not moved its clock.
    """

    def __init__(self) -> None:
        self.advanced = 0.0
        self.assertions_advanced = 0.0

    def advance(self, seconds: float, *, assertions: bool = False) -> None:
        self.advanced += seconds
        if assertions:
            self.assertions_advanced += seconds

    def reset(self) -> None:
        self.advanced = self.assertions_advanced = 0.0

    def time(self) -> float:
        """Seconds since the epoch, as the sandbox sees it."""
        return time.time() + self.advanced

    def assertion_time(self) -> float:
        return time.time() + self.assertions_advanced

    def now(self, zone: tzinfo = UTC) -> datetime:
        return datetime.fromtimestamp(self.time(), zone)
