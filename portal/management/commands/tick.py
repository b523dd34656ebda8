"""Enqueues what is due and throws away what nobody needs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from portal import upkeep
from provisioning import key_marks

EVERY_SECONDS = 60


class Command(BaseCommand):
    """`tick` once, or `tick --loop` for ever; safe to run anywhere, any number at once."""

    help = "Enqueues what is due: stale views, lost tasks, pruning."

    def add_arguments(self, parser: CommandParser) -> None:
        """--loop goes on until it is stopped."""
        parser.add_argument("--loop", action="store_true", help=f"Tick every {EVERY_SECONDS} seconds.")

    def handle(self, *args: Any, loop: bool, **options: Any) -> None:
        """One tick, or one a minute."""
        key_marks.check()
        self._tick()
        while loop:
            time.sleep(EVERY_SECONDS)
            self._tick()

    def _tick(self) -> None:
        close_old_connections()
        try:
            done = upkeep.tick()
        except OperationalError as error:
            self.stderr.write(f"the database refuses ({error}); the next tick tries again")
            return
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
