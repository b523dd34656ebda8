"""Pages' parts as they were last rendered, kept in the memory of this process: what does not change is
rendered once.

Parts are found by all that they are made from, so they are never out of date, and no process needs to know
what another keeps. The longest unused go first.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

MOST_PAGES = 100  # of some 50 KB each

_pages: OrderedDict[Hashable, dict[str, str]] = OrderedDict()
_lock = Lock()


def parts(made_from: Hashable) -> dict[str, str]:
    """The parts by name, as far as they are rendered, of the page made from these things; the template tag
    `once` adds what is missing.
    """
    with _lock:
        found = _pages.setdefault(made_from, {})
        _pages.move_to_end(made_from)
        if len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)
    return found


def forget() -> None:
    """Drops everything, as a new process would find it."""
    with _lock:
        _pages.clear()
