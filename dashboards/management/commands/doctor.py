"""Says which link of a chain is broken: of a view, a Google account, a service account, a request."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.management.lookup import tenant_named
from accounts.models import Tenant
from accounts.tenancy import all_tenants, tenant_scope
from dashboards import doctor
from dashboards.models import View
from provisioning.doctor import Step, credential, recorded, request
from provisioning.doctor.printed import Printed
from provisioning.doctor.recorded import Recorded
from provisioning.doctor.sight import Shown, all_of
from provisioning.management.quiet import quiet_calls
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests import history


class Command(BaseCommand):
    """`doctor TENANT/VIEW`, or one of the options that name something else."""

    help = "Walks a chain from the stored secret to the report, live, and says which link is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        """The view as in its address, or what else is examined."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("view", metavar="TENANT/VIEW", nargs="?")
        what.add_argument("--grant", metavar="ID", help="a Google account that somebody connected")
        what.add_argument("--request", metavar="ID", help="a provisioning request")
        what.add_argument("--service-account", metavar="EMAIL", help="every key of this service account")
        parser.add_argument("--exchanges", action="store_true", help="also what was said to Google, masked")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with an error that says what to mend first."""
        self._shows_exchanges = options["exchanges"]
        with all_tenants(reason="a person at the server asks the doctor"), quiet_calls(options["verbosity"]):
            if options["grant"]:
                self._grant(_found(Credential.objects.filter(kind=Credential.Kind.GRANT), options["grant"]))
            elif options["request"]:
                rows = ProvisioningRequest.objects.select_related("tenant", "grant")
                self._request(_found(rows, options["request"]))
            elif options["service_account"]:
                self._service_account(options["service_account"])
            else:
                self._view(options["view"])

    def _view(self, named: str) -> None:
        slug, _slash, view_slug = named.partition("/")
        tenant = tenant_named(slug)
        with tenant_scope({tenant.pk}):
            self._tell(doctor.examine(_view_named(tenant, view_slug)))

    def _grant(self, grant: Credential) -> None:
        self._tell_records(recorded.of_grant(grant))
        self._tell(credential.examine(grant))

    def _service_account(self, email: str) -> None:
        rows = Credential.objects.filter(kind=Credential.Kind.SERVICE_ACCOUNT, email=email)
        found = list(rows.select_related("tenant").order_by("tenant__slug"))
        if not found:
            raise CommandError(_("There is no service account %(email)s here.") % {"email": email})
        steps: list[Step] = []
        for each in found:
            if len(found) > 1:
                self.stdout.write(f"{each.tenant or _('the agency')}:")
            steps += credential.examine(each)
        self._tell(steps)

    def _request(self, found: ProvisioningRequest) -> None:
        for event in found.events.all():
            self.stdout.write(f"{event.at:%Y-%m-%d %H:%M} {history.in_words(event)} {event.detail}".rstrip())
        self._tell_records(recorded.of_request(found))
        self._tell(request.examine(found))

    def _tell(self, steps: list[Step]) -> None:
        shown = all_of(steps)
        for each in shown.steps:
            self._tell_step(each)
        if shown.broken:
            raise CommandError(f"{shown.broken.link}: {_told(shown.broken)}")

    def _tell_step(self, each: Shown) -> None:
        self.stdout.write(f"{each.sign} {each.step.link}: {_told(each.step)}")
        for remark in each.step.remarks:
            self.stdout.write(f"    {remark}")
        self._tell_exchanges(each.exchanges)

    def _tell_exchanges(self, listed: Iterable[Printed]) -> None:
        for each in listed if self._shows_exchanges else ():
            self.stdout.write(_indented(f"{each.question}\n\n{each.answer}\n"))

    def _tell_records(self, records: list[Recorded]) -> None:
        for each in records:
            self.stdout.write(f"{each.consent.created_at:%Y-%m-%d %H:%M} {each.words}")
            if self._shows_exchanges:
                self.stdout.write(_indented(f"{each.address}\n\n{each.returned}\n"))
            self._tell_exchanges(each.exchanged)


def _found(rows: Any, named: str) -> Any:
    try:
        row = rows.filter(pk=uuid.UUID(named)).first()
    except ValueError:
        row = None
    if row is None:
        raise CommandError(_("There is none with the id %(id)s.") % {"id": named})
    return row


def _view_named(tenant: Tenant, slug: str) -> View:
    view: View | None = View.objects.filter(tenant=tenant).for_page().filter(slug=slug).first()
    if view is None:
        raise CommandError(
            _("%(tenant)s has no view with the address “%(slug)s”.") % {"tenant": tenant, "slug": slug}
        )
    return view


def _told(step: Step) -> str:
    return f"{step.words} ({step.detail})" if step.detail else step.words


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
