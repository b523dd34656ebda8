"""From a word on the command line to the object, or an error in words."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from accounts.models import Tenant


def tenant_named(slug: str) -> Tenant:
    """The client with this address. Raises CommandError. Runs in a scope of all tenants."""
    tenant: Tenant | None = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise CommandError(_("There is no client with the address “%(slug)s”.") % {"slug": slug})
    return tenant
