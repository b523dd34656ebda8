"""How much one token and one client's pages may ask in a minute: generous for pages, and an end to a storm.

All processes count together, in the cache. What each of them counts it adds there only now and then, as
otherwise counting would cost more than answering.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

from django.core.cache import cache
from django.utils.translation import gettext as _

from dashboards.embed.errors import too_many

WINDOW_SECONDS = 60
MOST_COUNTED = 5_000  # counters that a process keeps; beyond, it begins anew


@dataclass
class _Counter:
    """What is known of one counter in one window: all that was added up, and what is still to be added."""

    window: int
    total: int = 0
    unsent: int = 0


@dataclass
class Rate:
    """At most `limit` in a window; each process adds up to `step` of its own before it tells the others."""

    name: str
    limit: int
    step: int = 1
    _counters: dict[str, _Counter] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def count(self, who: str, times: int = 1) -> None:
        """Counts so many more. Raises V3Error, 429 with the seconds to wait, where that is too much."""
        now = int(time.time())
        with self._lock:
            counter = self._counter(who, now // WINDOW_SECONDS)
            counter.unsent += times
            if counter.unsent >= self.step:
                counter.total = self._add(who, counter)
                counter.unsent = 0
            if counter.total + counter.unsent > self.limit:
                wait = WINDOW_SECONDS - now % WINDOW_SECONDS
                raise too_many(_("Too many queries. Try again in %(wait)s seconds.") % {"wait": wait}, wait)

    def forget(self) -> None:
        """Drops what this process counted, as a new one would find it."""
        with self._lock:
            self._counters.clear()

    def _counter(self, who: str, window: int) -> _Counter:
        found = self._counters.get(who)
        if found is None or found.window != window:
            if len(self._counters) >= MOST_COUNTED:
                self._counters.clear()
            found = self._counters[who] = _Counter(window)
        return found

    def _add(self, who: str, counter: _Counter) -> int:
        key = f"embed:{self.name}:{who}:{counter.window}"
        cache.add(key, 0, 2 * WINDOW_SECONDS)
        try:
            return cache.incr(key, counter.unsent)
        except ValueError:  # the cache has dropped it meanwhile
            return counter.total + counter.unsent


REQUESTS_OF_TOKEN = Rate("token", 1_200, step=20)
REQUESTS_OF_TENANT = Rate("tenant", 30_000, step=50)
"""Requests of any kind, a page's charts in one: these cost this server its time."""

QUESTIONS_OF_TOKEN = Rate("asked-by-token", 120)
QUESTIONS_OF_VIEW = Rate("asked-of-view", 600)
"""Questions that nobody has asked before: these cost the property its quota at Google."""

ALL = (REQUESTS_OF_TOKEN, REQUESTS_OF_TENANT, QUESTIONS_OF_TOKEN, QUESTIONS_OF_VIEW)
