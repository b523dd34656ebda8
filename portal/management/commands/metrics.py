"""Prints what /metrics says, for a machine on which no web process runs."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.metrics import page, sharing


class Command(BaseCommand):
    """For node_exporter's textfile collector: `manage.py metrics > FILE`."""

    help = "Prints what /metrics says of this machine and of the installation."

    def handle(self, *args: Any, **options: Any) -> None:
        """To the standard output."""
        sharing.look()
        self.stdout.write(page.exposed().decode(), ending="")
