"""How much may be asked in a minute, counted by all processes together."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache

from dashboards.embed import rates
from dashboards.embed.errors import V3Error
from dashboards.embed.rates import Rate


@pytest.fixture
def clock(monkeypatch) -> SimpleNamespace:
    """A clock that a test sets, five seconds into a minute; and an empty cache."""
    cache.clear()
    found = SimpleNamespace(now=1_800_000_005.0)
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: found.now))
    return found


def refused(rate: Rate, who: str = "a") -> int | None:
    """The seconds to wait, None where it went through."""
    try:
        rate.count(who)
    except V3Error as error:
        return error.retry_after
    return None


def test_what_is_too_much_waits_for_the_next_minute(clock):
    rate = Rate("test", 2)
    assert [refused(rate) for _ in range(4)] == [None, None, 55, 55]
    assert refused(rate, "b") is None
    clock.now += 55
    assert refused(rate) is None


def test_processes_count_together(clock):
    here, there = Rate("test", 10, step=2), Rate("test", 10, step=2)
    assert [refused(here) for _ in range(6)] == [None] * 6
    assert [refused(there) for _ in range(4)] == [None] * 4
    assert refused(there) == 55


def test_a_process_tells_the_others_only_now_and_then(clock, monkeypatch):
    told = []
    monkeypatch.setattr(cache, "incr", lambda key, delta: told.append(delta) or sum(told), raising=False)
    rate = Rate("test", 100, step=5)
    for _ in range(12):
        rate.count("a")
    assert told == [5, 5]


def test_counters_do_not_pile_up(clock, monkeypatch):
    monkeypatch.setattr(rates, "MOST_COUNTED", 3)
    rate = Rate("test", 1)
    for who in "abcde":
        rate.count(who)
    assert len(rate._counters) == 2
