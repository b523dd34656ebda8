"""Re-encrypts every stored secret with the first key of PORTAL_ENCRYPTION_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.tenancy import all_tenants
from provisioning import key_marks, rotation


class Command(BaseCommand):
    """`rotate_keys`: while people work, as often as one likes, and on from where it was killed."""

    help = "Re-encrypts every secret with the first key; says what still needs an older one."

    def add_arguments(self, parser: CommandParser) -> None:
        """--lost is for a key that nobody has any more."""
        parser.add_argument(
            "--lost",
            metavar="KEY_ID",
            help="Give up what this key sealed, so that the portal starts without it.",
        )

    def handle(self, *args: Any, lost: str | None, **options: Any) -> None:
        """All of it; an error where something still needs an older key. Or the end of one that is lost."""
        if lost:
            self._give_up(lost)
            return
        key_marks.check()
        with all_tenants(reason="a person at the server re-encrypts every secret"):
            outcome = rotation.rotate()
        self._tell(outcome)
        if outcome.needed or outcome.unreadable:
            raise CommandError(_("Keep the older keys for now, and run rotate_keys again."))
        self.stdout.write(
            _("Nothing needs an older key. Take the others out once every process has “%(key)s” first.")
            % {"key": outcome.first}
        )

    def _give_up(self, lost: str) -> None:
        count = key_marks.give_up(lost)
        text = ngettext(
            "The portal starts without the key “%(key)s” now. %(count)d secret cannot be read any more.",
            "The portal starts without the key “%(key)s” now. %(count)d secrets cannot be read any more.",
            count,
        )
        self.stdout.write(text % {"count": count, "key": lost})

    def _tell(self, outcome: rotation.Outcome) -> None:
        text = ngettext(
            "Re-encrypted %(count)d secret with the key “%(key)s”.",
            "Re-encrypted %(count)d secrets with the key “%(key)s”.",
            outcome.done,
        )
        self.stdout.write(text % {"count": outcome.done, "key": outcome.first})
        for key, count in sorted(outcome.needed.items()):
            text = ngettext(
                "%(count)d secret still needs the key “%(key)s”.",
                "%(count)d secrets still need the key “%(key)s”.",
                count,
            )
            self.stderr.write(text % {"count": count, "key": key})
        for line in outcome.unreadable:
            self.stderr.write(line)
