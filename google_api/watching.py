"""Lets somebody above count the calls to Google: `http` tells each that ended, and knows nothing of who
listens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """One request of the door's, a retry being another. `path` has no host and no query; `outcome` is "ok" or
    the code of the error.
    """

    method: str
    path: str
    outcome: str
    seconds: float


Watcher = Callable[[Call], None]
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Has this function told of every call from now on. It must be quick, and raise nothing."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def tell(call: Call) -> None:
    """A call has ended."""
    for watcher in _watchers:
        watcher(call)
