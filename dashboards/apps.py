"""Views, dashboards, their pages and what they are drawn from."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """What a client looks at."""

    name = "dashboards"
    verbose_name = _("Views and dashboards")
