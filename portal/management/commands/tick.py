"""Enqueues what is due and throws away what nobody needs."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections

from accounts import tracing
from accounts.database import is_refusal, reason
from portal import upkeep
from portal.metrics import sharing
from provisioning import key_marks

logger = logging.getLogger("portal.tick")
EVERY_SECONDS = 60


class Command(BaseCommand):
    """`tick` once, or `tick --loop` for ever; safe to run anywhere, any number at once."""

    help = "Enqueues what is due: stale views, lost tasks, pruning."

    def add_arguments(self, parser: CommandParser) -> None:
        """--loop goes on until it is stopped."""
        parser.add_argument("--loop", action="store_true", help=f"Tick every {EVERY_SECONDS} seconds.")

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        """One tick, told to whoever waits for it; or one a minute, told to the log."""
        key_marks.check()
        if not loop:
            self.stdout.write(_in_words(self._tick(loop=loop)))
            return
        sharing.share(settings.METRICS_DIR, "tick")
        while True:
            self._tick(loop=loop)
            time.sleep(EVERY_SECONDS)

    def _tick(self, *, loop: bool) -> dict[str, int]:
        """What it did; nothing while the database refuses, nor where one of many fails: the next one comes.
        Every tick is a trace of its own.
        """
        close_old_connections()
        with tracing.traced(tracing.Trace(tracing.new_id())):
            try:
                done = upkeep.tick()
            except Exception as error:
                connections.close_all()
                if is_refusal(error):
                    logger.warning("the database refuses (%s); the next tick tries again", reason(error))
                elif loop:
                    logger.exception("a tick failed; the next one tries again")
                else:
                    raise
                return {}
            logger.info(_in_words(done))
            return done


def _in_words(done: dict[str, int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in done.items())
