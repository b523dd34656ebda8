"""The worker of django-tasks-db, which here survives a database that is locked or away for a while."""

import logging
import time
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django_tasks_db.management.commands.db_worker import Command as DbWorker

from accounts.database import is_refusal, reason
from portal import upkeep
from portal.metrics import sharing
from provisioning import key_marks

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 2.0


class Command(DbWorker):
    """As django-tasks-db's, started again when the database refuses."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until it is told to stop."""
        key_marks.check()
        if not options["batch"]:  # which has ended before anybody asks
            sharing.share(settings.METRICS_DIR, "worker")
        while True:
            try:
                upkeep.give_back(worker=options.get("worker_id", ""))
                return super().handle(*args, **options)
            except (DatabaseError, InterfaceError) as error:
                if not is_refusal(error):
                    raise
                logger.warning("the database refuses (%s); the worker goes on in a moment", reason(error))
                connections.close_all()
                time.sleep(PAUSE_SECONDS)
