"""Stores a service account's key after a test sign-in, and says what it reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.management.lookup import tenant_named
from accounts.tenancy import all_tenants
from google_api import key_files
from google_api.errors import GoogleError
from google_api.key_files import KeyFileError, ServiceAccountKey
from provisioning import flows
from provisioning.management.quiet import quiet_calls
from provisioning.models import Credential

GOOGLES_PASSWORD = "notasecret"  # noqa: S105  # the one that Google gives to every P12 key


class Command(BaseCommand):
    """`add_service_account KEY.json`, or `KEY.p12 --email ADDRESS`."""

    help = "Stores a service account's key, after a test sign-in; a known account's key is replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whose account it is."""
        parser.add_argument("key", type=Path, metavar="KEY.json")
        parser.add_argument("--name", default="", help="What the account is called in the admin.")
        parser.add_argument(
            "--tenant", metavar="SLUG", help="A client's own account; otherwise the agency's."
        )
        parser.add_argument(
            "--email", default="", help="For a P12 key: the service account's e-mail address."
        )
        parser.add_argument(
            "--password", default=GOOGLES_PASSWORD, help="For a P12 key; Google's own if left out."
        )

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        """Parses, signs in, stores, lists; an error in the first two stores nothing."""
        key = _key(options["key"], options["email"], options["password"])
        with all_tenants(reason="a person at the server adds a service account"):
            owner = tenant_named(tenant) if tenant else None
            try:
                with quiet_calls(options["verbosity"]):
                    credential = flows.add_service_account(key=key, name=options["name"], tenant=owner)
            except GoogleError as error:
                raise CommandError(f"{_(error.sentence)} ({error.log_detail})") from error
            self._tell(credential)

    def _tell(self, credential: Credential) -> None:
        self.stdout.write(f"{credential.email}: {credential.get_state_display()}")
        if credential.last_error_code:
            self.stderr.write(_(credential.last_error))
            return
        reached = list(credential.properties.all())
        count = len(reached)
        self.stdout.write(
            ngettext("It reaches %(count)s property:", "It reaches %(count)s properties:", count)
            % {"count": count}
            if reached
            else _("It reaches no property yet: in Google Analytics, add its address to one as a viewer.")
        )
        for each in reached:
            self.stdout.write(f"  {each}  {each.time_zone}  {each.currency}")


def _key(path: Path, email: str, password: str) -> ServiceAccountKey:
    """The key in this file. Raises CommandError."""
    try:
        with path.open("rb") as file:
            content = file.read(key_files.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise CommandError(_("The file %(path)s cannot be read.") % {"path": path}) from error
    if path.suffix.lower() in {".p12", ".pfx"} and not email:
        raise CommandError(_("A P12 key holds no address: give the service account's with --email."))
    try:
        return (
            key_files.parse_p12(content, email=email, password=password)
            if email
            else key_files.parse_json(content)
        )
    except KeyFileError as error:
        raise CommandError(_(error.sentence)) from None
