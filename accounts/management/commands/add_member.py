"""Adds a person without the mail round trip."""

import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts import flows
from accounts.management.lookup import tenant_named
from accounts.models import Tenant, User
from accounts.tenancy import all_tenants


class Command(BaseCommand):
    """`add_member EMAIL --role ROLE`: a client's owner or viewer, agency staff, or the agency's owner."""

    help = "Adds a person in a role, or gives the role to one who is there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, where and as what."""
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=flows.ROLES)
        parser.add_argument("--tenant", metavar="SLUG", help="The client's address; staff may have several.")
        parser.add_argument("--name", default="", help="The person's name, for a new person.")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="Read the password from standard input's first line.",
        )

    def handle(
        self,
        *args: Any,
        email: str,
        role: str,
        tenant: str | None,
        name: str,
        password_stdin: bool,
        **options: Any,
    ) -> None:
        """Checks everything first, so that an error leaves nothing behind."""
        _check_email(email)
        password = _password(User(email=email, name=name)) if password_stdin else None
        known = User.objects.filter(email__iexact=email).first()
        had_password = known is not None and known.has_usable_password()
        with all_tenants(reason="a person at the server adds a member"):
            client = tenant_named(tenant) if tenant else None
            try:
                person = flows.add_person(email=email, role=role, tenant=client, password=password, name=name)
            except flows.RoleError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(_what_happened(person, role, client, is_new=known is None))
        self.stdout.write(_about_the_password(person, given=password is not None, had=had_password))


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(_("“%(email)s” is not an e-mail address.") % {"email": email}) from error


def _password(person: User) -> str:
    """Standard input's first line, if it will do for this person."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError(_("No password came on standard input."))
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password


def _what_happened(person: User, role: str, tenant: Tenant | None, *, is_new: bool) -> str:
    words = {"email": person.email, "role": role, "tenant": tenant}
    if tenant is None and is_new:
        return _("Added %(email)s as %(role)s.") % words
    if tenant is None:
        return _("%(email)s was there already and is %(role)s now.") % words
    if is_new:
        return _("Added %(email)s as %(role)s, for %(tenant)s.") % words
    return _("%(email)s was there already and is %(role)s now, for %(tenant)s.") % words


def _about_the_password(person: User, *, given: bool, had: bool) -> str:
    if had:
        return _("The password stays as it was.")
    if given:
        return _("The password is set.")
    return _("There is no password yet: the person sets one by “Forgot your password?” on the sign-in page.")
