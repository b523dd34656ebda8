"""Waiting for something that only a page's script knows.

Playwright's own `wait_for_function` evaluates text inside the page, which the portal's policy forbids where
what it waits for does not hold at once.
"""

import time
from typing import Any

from playwright.sync_api import Frame, Page, TimeoutError

PAUSE_MS = 50
PATIENCE_MS = 15_000


def until(page: Page | Frame, what: str, arg: Any = None, *, within_ms: int = PATIENCE_MS) -> None:
    """Comes back when `what`, an expression or a function of `arg`, holds. Raises TimeoutError."""
    deadline = time.monotonic() + within_ms / 1000
    while not page.evaluate(what, arg):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come to hold in {within_ms} ms")
        page.wait_for_timeout(PAUSE_MS)
