"""Creates or updates tenants and views in bulk."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.tenancy import all_tenants
from dashboards.bulk import loading, table
from provisioning.management.quiet import quiet_calls


class Command(BaseCommand):
    """`load_views VIEWS.csv`: all of it or, with every bad line named, nothing."""

    help = f"Creates or updates tenants and views. Columns: {', '.join(table.COLUMNS)}."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="VIEWS.csv")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would change, and change nothing."
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        """Reads, checks, writes, counts."""
        try:
            lines = table.read(file.read_bytes())
            with all_tenants(reason="a person at the server loads views"), quiet_calls(options["verbosity"]):
                loaded = loading.load(lines, dry_run=dry_run)
        except OSError as error:
            raise CommandError(_("The file %(path)s cannot be read.") % {"path": file}) from error
        except table.TableError as error:
            raise CommandError(str(error)) from error
        except loading.BadLines as error:
            self._name(error.problems)
        else:
            self._tell(loaded, dry_run)

    def _name(self, problems: tuple[table.Problem, ...]) -> None:
        for problem in problems:
            self.stderr.write(str(problem))
        count = len({problem.line for problem in problems})
        raise CommandError(
            ngettext(
                "%(count)s line is wrong; nothing was changed.",
                "%(count)s lines are wrong; nothing was changed.",
                count,
            )
            % {"count": count}
        )

    def _tell(self, loaded: loading.Loaded, dry_run: bool) -> None:
        self.stdout.write(_counts(_("Clients"), loaded.tenants))
        self.stdout.write(_counts(_("Views"), loaded.views))
        if loaded.nothing_changed:
            self.stdout.write(_("Nothing changed."))
        elif dry_run:
            self.stdout.write(_("A dry run: nothing was written."))


def _counts(what: str, counts: loading.Counts) -> str:
    return _("%(what)s: %(created)s created, %(changed)s changed, %(unchanged)s unchanged") % {
        "what": what,
        "created": counts.created,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
    }
