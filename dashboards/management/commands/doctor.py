"""Says which link of a view's chain is broken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.management.lookup import tenant_named
from accounts.models import Tenant
from accounts.tenancy import all_tenants, tenant_scope
from dashboards import doctor
from dashboards.models import View
from provisioning.doctor import Found, Step
from provisioning.management.quiet import quiet_calls

SIGNS = {Found.WHOLE: "✓", Found.BROKEN: "✗", Found.UNTRIED: "–"}


class Command(BaseCommand):
    """`doctor TENANT/VIEW`."""

    help = "Walks one view's chain, from the stored key to each widget, and says which link is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        """The view, as in its address."""
        parser.add_argument("view", metavar="TENANT/VIEW")

    def handle(self, *args: Any, view: str, **options: Any) -> None:
        """Ends with an error that says what to mend first."""
        slug, _slash, view_slug = view.partition("/")
        with all_tenants(reason="a person at the server asks the doctor"):
            tenant = tenant_named(slug)
        with tenant_scope({tenant.pk}), quiet_calls(options["verbosity"]):
            steps = doctor.examine(_view_named(tenant, view_slug))
        for step in steps:
            self.stdout.write(f"{SIGNS[step.found]} {step.link}: {_told(step)}")
        if broken := doctor.first_broken(steps):
            raise CommandError(f"{broken.link}: {_told(broken)}")


def _view_named(tenant: Tenant, slug: str) -> View:
    view: View | None = View.objects.filter(tenant=tenant).for_page().filter(slug=slug).first()
    if view is None:
        raise CommandError(
            _("%(tenant)s has no view with the address “%(slug)s”.") % {"tenant": tenant, "slug": slug}
        )
    return view


def _told(step: Step) -> str:
    return f"{step.words} ({step.detail})" if step.detail else step.words
