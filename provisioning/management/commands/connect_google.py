"""Connects a Google account from the server's command line, by the installed application's flow."""

from __future__ import annotations

import hmac
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.management.lookup import tenant_named
from accounts.models import Tenant
from accounts.tenancy import all_tenants
from accounts.tokens import new_token
from google_api import errors, scopes
from google_api.errors import GoogleError
from provisioning import flows, grants, oauth_state
from provisioning.loopback import Loopback, Params
from provisioning.management.quiet import quiet_calls
from provisioning.models import Consent, Credential

READS = (scopes.ANALYTICS_READONLY, scopes.OPENID, scopes.EMAIL)


class Command(BaseCommand):
    """`connect_google --tenant SLUG`, or without for the agency's own."""

    help = "Connects a Google account: prints an address to open in a browser, on this machine or another."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose grant it becomes."""
        parser.add_argument(
            "--tenant", metavar="SLUG", help="The client that it is for; otherwise it is the agency's."
        )

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        """Sends a person to Google, waits, and keeps the grant; where that goes wrong, nothing but how."""
        _check_settings()
        with all_tenants(reason="a person at the server connects a Google account"):
            owner = tenant_named(tenant) if tenant else None
            try:
                with quiet_calls(options["verbosity"]):
                    self._tell(self._connect(owner))
            except GoogleError as error:
                raise CommandError(f"{_(error.user_message)} ({error.log_detail})") from error
            except grants.NothingToRead:
                told = _(
                    "The box for seeing Analytics data was left empty at Google. Tick it, and try again."
                )
                raise CommandError(told) from None
            except KeyboardInterrupt:
                raise CommandError(_("Stopped. Nothing was stored."), returncode=130) from None

    def _connect(self, tenant: Tenant | None) -> Credential:
        state = new_token()
        session: dict[str, Any] = {}  # this run is all the session there is
        with Loopback(lambda params: _is_ours(params, state.value), _words) as door:
            ask = oauth_state.Ask(Consent.Purpose.CONNECT, READS, tenant, loopback=door.redirect_uri)
            address = oauth_state.begin(ask=ask, session=session, user=None, state=state)
            self.stdout.write(_("Open this address in a browser, and allow it at Google:"))
            self.stdout.write(f"\n{address}\n")
            self.stdout.write(
                _(
                    "If the browser is on another machine, it ends on a page that cannot be opened: paste "
                    "that page's address here, and press Enter. Ctrl-C stops."
                )
            )
            self.stdout.flush()
            params = door.wait(_typed(), self._complain)
        try:
            consent = oauth_state.take(params=params, session=session, user=None)
        except oauth_state.StateError:
            raise CommandError(_("That took too long. Run the command again.")) from None
        tokens, person = grants.exchange(consent=consent, code=_code(params), loopback=ask.loopback)
        grant = grants.connect(
            tokens=tokens, person=person, tenant=tenant, user=None, client_id=ask.client_id
        )
        Consent.objects.filter(pk=consent.pk).update(credential=grant)  # for the doctor
        return grant

    def _complain(self) -> None:
        told = _(
            "That is not the address that Google sent the browser to just now. It begins with %(start)s."
        )
        self.stderr.write(told % {"start": "http://127.0.0.1:"})

    def _tell(self, grant: Credential) -> None:
        self.stdout.write(_("%(email)s is connected.") % {"email": grant.email})
        if error := flows.list_properties(credential=grant):
            self.stderr.write(_(error.user_message))
            return
        count = grant.properties.count()
        told = ngettext("It reads %(count)s property.", "It reads %(count)s properties.", count)
        self.stdout.write(told % {"count": count})


def _check_settings() -> None:
    """Raises CommandError."""
    for name in ("GOOGLE_DESKTOP_CLIENT_ID", "GOOGLE_DESKTOP_CLIENT_SECRET"):
        if not getattr(settings, name):
            told = _(
                "%(name)s is not set. Make an OAuth client of the kind “Desktop app” in the Google Cloud "
                "console, and put its ID and secret into the settings."
            )
            raise CommandError(told % {"name": name})


def _is_ours(params: Params, state: str) -> bool:
    given = params.get("state", "").encode()
    return hmac.compare_digest(given, state.encode()) and ("code" in params or "error" in params)


def _words(is_ours: bool) -> str:
    if is_ours:
        return _("Thank you. The rest is on the server's command line; you can close this page.")
    return _("This page belongs to another try. Open the address that the command line shows now.")


def _code(params: Params) -> str:
    """The code of a return. Raises CommandError, AdminPolicyEnforced."""
    if params.get("error") == "admin_policy_enforced":
        raise errors.AdminPolicyEnforced
    if "code" not in params:
        raise CommandError(_("It was not allowed at Google. Nothing was stored."))
    return params["code"]


def _typed() -> int | None:
    """Where the person types; none where there is no such thing, as under a service manager."""
    try:
        return sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return None
