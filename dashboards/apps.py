"""Views, dashboards, their pages and what they are drawn from."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """What a client looks at."""

    name = "dashboards"
    verbose_name = _("Views and dashboards")

    def ready(self) -> None:
        """Asks again at once, after a credential was seen to, what had failed; notices changed dashboards;
        makes views of the properties that customers bring."""
        from dashboards import from_properties, offers
        from provisioning import hooks
        from provisioning.signals import mended

        offers.watch()
        hooks.register(from_properties.Views())
        mended.connect(_forgive, dispatch_uid="dashboards")


def _forgive(credential: Any, **about: Any) -> None:
    from dashboards import snapshots  # models are not there yet when this file is read

    snapshots.forgive_all(credential)
