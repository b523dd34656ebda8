"""Credentials and how they come to be."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvisioningConfig(AppConfig):
    """What data is fetched with."""

    name = "provisioning"
    verbose_name = _("Google credentials")

    def ready(self) -> None:
        """Registers the checks of the settings; tells people when a connection of theirs ends."""
        from provisioning import checks, grant_mails, second_factors  # noqa: F401
        from provisioning.outbox import flows  # noqa: F401
        from provisioning.requests import mails  # noqa: F401
        from provisioning.signals import ended

        ended.connect(grant_mails.watch, dispatch_uid="provisioning")
