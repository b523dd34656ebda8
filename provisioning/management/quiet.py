"""Keeps the log of single calls to Google out of what a command says to the person at the terminal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_calls(verbosity: int) -> Iterator[None]:
    """Inside, only what goes wrong with Google is logged; from `--verbosity 2` on every call is."""
    logger = logging.getLogger("google_api")
    before = logger.level
    if verbosity < 2:
        logger.setLevel(max(before, logging.WARNING))
    try:
        yield
    finally:
        logger.setLevel(before)
