"""Makes an embed key, and prints it once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.management.lookup import tenant_named
from accounts.tenancy import all_tenants
from dashboards.embed import keys
from dashboards.embed.forms import KeyForm


class Command(BaseCommand):
    """`add_embed_key --tenant SLUG --name NAME`."""

    help = "Makes a key with which a client's own server gets tokens for embedding. It is printed this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose it is, and what it is called."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True, help="Of the server that keeps it.")

    def handle(self, *args: Any, tenant: str, name: str, **options: Any) -> None:
        """The key alone on standard output, so that it can be piped to where it is kept."""
        form = KeyForm({"name": name})
        if not form.is_valid():
            raise CommandError(" ".join(map(str, form.errors["name"])))
        with all_tenants(reason="a person at the server makes an embed key"):
            owner = tenant_named(tenant)
            issued = keys.make(tenant=owner, name=form.cleaned_data["name"], made_by=_("at the server"))
        self.stderr.write(_("Keep it on %(name)s's server: it is not shown again.") % {"name": owner.name})
        self.stdout.write(issued.token.value)
