"""How often somebody may ask, counted across all processes without a write for each time.

A process takes tickets from the shared count by the score and spends them by itself, by more where a minute
has many, and one by one where it has few, so that none takes what others need: the count is exact to a
twentieth for each process.
"""

from __future__ import annotations

import threading
import time

from django.core.cache import cache

from dashboards.embed.errors import too_many

WINDOW_SECONDS = 60
SCORE = 20
_MOST_NAMES = 10_000
_SPENT = -1
_held: dict[str, tuple[int, int]] = {}  # name: window, tickets left
_lock = threading.Lock()


def spend(name: str, most: int) -> None:
    """One of the `most` that `name` has in a minute. Raises V3Error, 429, when there is none left."""
    now = int(time.time())
    window = now // WINDOW_SECONDS
    left = _left(name, window)
    if left == 0:  # asked outside the lock: two threads at once take a score each
        left = _taken(name, window, most)
    _keep(name, window, left - 1 if left > 0 else _SPENT)
    if left < 0:
        raise too_many("Too many requests. Try again in a minute.", WINDOW_SECONDS - now % WINDOW_SECONDS)


def forget() -> None:
    """This process counts anew, from what all have taken."""
    with _lock:
        _held.clear()


def _left(name: str, window: int) -> int:
    with _lock:
        held, left = _held.get(name, (window, 0))
    return left if held == window else 0


def _keep(name: str, window: int, left: int) -> None:
    with _lock:
        if len(_held) >= _MOST_NAMES:
            _held.clear()
        _held[name] = (window, left)


def _taken(name: str, window: int, most: int) -> int:
    """A score from the shared count, or what is left of it; _SPENT where nothing is."""
    key = f"tickets:{name}:{window}"
    score = _score(most)
    cache.add(key, 0, 2 * WINDOW_SECONDS)
    try:
        before: int = cache.incr(key, score) - score
    except ValueError:  # the cache threw the count away to make room
        return score
    return min(score, most - before) if before < most else _SPENT


def _score(most: int) -> int:
    """A twentieth at most: a process that has taken all would leave none to the others, and die with them."""
    few = max(1, min(SCORE, most // 20))
    return max(few, most // 60)  # what is asked all the time asks the cache once a second
