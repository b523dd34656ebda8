"""Refusals at the consent that tests and demonstrations order."""

from __future__ import annotations

import threading

from sandbox.pages.blocked import REASONS


class Verdicts:
    """Refusals by order: the next time that a person is to consent, this page comes instead."""

    def __init__(self) -> None:
        self._ordered: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def order(self, code: str, email: str = "", count: int = 1) -> None:
        """For one person, or whoever comes. Raises ValueError for a code that has no page."""
        if code not in REASONS:
            raise ValueError(f"outcome is one of {', '.join(REASONS)}")
        with self._lock:
            self._ordered += [(code, email.lower())] * count

    def take(self, email: str) -> str:
        """What was ordered for this person, counted; empty for nothing."""
        with self._lock:
            found = next((one for one in self._ordered if one[1] in ("", email)), None)
            if found is None:
                return ""
            self._ordered.remove(found)
            return found[0]

    def clear(self) -> None:
        with self._lock:
            self._ordered.clear()
