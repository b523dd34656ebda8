"""What to think of a view's last 56 days: as usual, fell, stopped, or no data yet. Pure.

Who needs somebody today? First whose data has stopped, then who cannot be read, then who fell by more
than chance and by a share that matters; among those, and among the rest, the visits lost decide and not
the percentages. So a small site's percentages never outrank a large one's: of two that fell, the one that
lost more visits stands first, and twelve visits that became three are chance and no fall at all.
"""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.models import Summary

Standing = Summary.Standing

DAYS = 28

SILENT_DAYS = 3  # complete ones; fewer may be Google's own delay, or a weekend
STEADY_WINDOW = 14
STEADY_SHARE = 0.7  # five days a week: an office's site rests at weekends
STEADY_AT_LEAST = 5

FALL_SHARE = 0.08
FALL_DEVIATIONS = 5  # as visits that come independently scatter; real ones cluster, hence not two or three


@dataclass(frozen=True)
class Figures:
    """What one nightly report says: Google's totals of 28 days and of the 28 before, and the sessions of
    each of these 56 days, oldest first. `until` is the last of them.
    """

    visits: int
    before: int
    daily: tuple[int, ...]
    until: datetime.date

    @property
    def moved(self) -> int:
        """Visits gained, or lost where it is negative."""
        return self.visits - self.before


@dataclass(frozen=True)
class Verdict:
    """How a view stands, and the last day known to have data."""

    standing: Summary.Standing
    last_data_on: datetime.date | None


def judge(figures: Figures, known: datetime.date | None) -> Verdict:
    """How a view stands; `known` is the last day with data as far as earlier nights could tell."""
    last = _last_data_on(figures) or known
    if last is None:
        return Verdict(Standing.EMPTY, None)
    if has_stopped(figures.daily):
        return Verdict(Standing.STOPPED, last)
    return Verdict(Standing.FELL if fell(figures.visits, figures.before) else Standing.USUAL, last)


def has_stopped(daily: Sequence[int]) -> bool:
    """Whether data came steadily and then none for at least three days, and longer than it ever paused in
    the fortnight before; or, however it came, none for four weeks.
    """
    quiet = _trailing_zeros(daily)
    if quiet < SILENT_DAYS:
        return False
    if quiet >= DAYS:
        return True
    had = _since_the_first(daily[: len(daily) - quiet])[-STEADY_WINDOW:]
    with_data = sum(1 for count in had if count)
    steady = with_data >= max(STEADY_AT_LEAST, STEADY_SHARE * len(had))
    return steady and quiet > _longest_pause(had)


def fell(visits: int, before: int) -> bool:
    """Whether so many visits were lost that neither chance nor the usual ups and downs explain it."""
    lost = before - visits
    if lost <= 0:
        return False
    return lost >= FALL_SHARE * before and lost >= FALL_DEVIATIONS * math.sqrt(visits + before)


def _last_data_on(figures: Figures) -> datetime.date | None:
    quiet = _trailing_zeros(figures.daily)
    if quiet == len(figures.daily):
        return None
    return figures.until - datetime.timedelta(days=quiet)


def _trailing_zeros(daily: Sequence[int]) -> int:
    return next((i for i, count in enumerate(reversed(daily)) if count), len(daily))


def _since_the_first(daily: Sequence[int]) -> Sequence[int]:
    start = next((i for i, count in enumerate(daily) if count), len(daily))
    return daily[start:]


def _longest_pause(daily: Sequence[int]) -> int:
    longest = pause = 0
    for count in daily:
        pause = 0 if count else pause + 1
        longest = max(longest, pause)
    return longest
