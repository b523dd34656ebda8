"""Who has stopped, who fell, and who is as usual: by what came, and never by percentages of little."""

import datetime

import pytest

from dashboards.lists.standing import Figures, Verdict, fell, has_stopped, judge
from dashboards.models import Summary

Standing = Summary.Standing
UNTIL = datetime.date(2026, 11, 22)
WEEK = [9, 9, 9, 9, 9, 0, 0]  # an office's site: nobody at weekends


def figures(daily: list[int]) -> Figures:
    assert len(daily) == 56
    return Figures(sum(daily[28:]), sum(daily[:28]), tuple(daily), UNTIL)


STOPPED = {
    "two silent days may be Google's delay": ([50] * 54 + [0] * 2, False),
    "three silent days are none": ([50] * 53 + [0] * 3, True),
    "a week of silence": ([50] * 49 + [0] * 7, True),
    "four weeks of silence, however it came before": ([0, 0, 1] * 9 + [1] + [0] * 28, True),
    "nothing ever": ([0] * 56, True),
    "a weekend after weekdays": (WEEK * 8, False),
    "a weekend and a holiday": (WEEK * 7 + [9, 9, 9, 9, 0, 0, 0], True),
    "silence as long as it often paused": ([5, 0, 0, 0] * 14, False),
    "visits every other day, then three without": (([4, 0] * 28)[:53] + [0] * 3, False),
    "new, and steady for five days": ([0] * 48 + [7] * 5 + [0] * 3, True),
    "new, and steady for four": ([0] * 49 + [7] * 4 + [0] * 3, False),
    "an old pause that healed excuses no new one": ([9] * 20 + [0] * 10 + [9] * 22 + [0] * 4, True),
    "data today and every day": ([1] * 56, False),
}


@pytest.mark.parametrize(("daily", "expected"), STOPPED.values(), ids=STOPPED.keys())
def test_a_view_has_stopped(daily, expected):
    assert len(daily) == 56
    assert has_stopped(daily) is expected


FELL = {
    "a large site by a seventh": (1_846_412, 2_147_000, True),
    "a hotel by nine per cent": (38_204, 41_982, True),
    "a large site by two per cent": (11_207_996, 11_436_730, False),
    "twelve visits became three": (3, 12, False),
    "a hundred became forty": (40, 100, True),
    "forty became thirty": (30, 40, False),
    "as many as before": (500, 500, False),
    "more than before": (600, 500, False),
    "nothing before": (0, 0, False),
}


@pytest.mark.parametrize(("visits", "before", "expected"), FELL.values(), ids=FELL.keys())
def test_a_view_fell(visits, before, expected):
    assert fell(visits, before) is expected


LONG_AGO = datetime.date(2026, 3, 1)
VERDICTS = {
    "never any data": ([0] * 56, None, Verdict(Standing.EMPTY, None)),
    "data before these 56 days": ([0] * 56, LONG_AGO, Verdict(Standing.STOPPED, LONG_AGO)),
    "stopped eight days ago": (
        [50] * 48 + [0] * 8,
        None,
        Verdict(Standing.STOPPED, datetime.date(2026, 11, 14)),
    ),
    "came back after a stop": ([50] * 40 + [0] * 15 + [50], LONG_AGO, Verdict(Standing.FELL, UNTIL)),
    "fell": ([50] * 28 + [20] * 28, None, Verdict(Standing.FELL, UNTIL)),
    "grew": ([20] * 28 + [50] * 28, None, Verdict(Standing.USUAL, UNTIL)),
    "a new property": ([0] * 55 + [3], None, Verdict(Standing.USUAL, UNTIL)),
}


@pytest.mark.parametrize(("daily", "known", "verdict"), VERDICTS.values(), ids=VERDICTS.keys())
def test_the_verdict_of_a_night(daily, known, verdict):
    assert judge(figures(daily), known) == verdict
