"""Who: users, tenants, memberships, and the scope that keeps tenants apart."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and the tenants they belong to."""

    name = "accounts"
    verbose_name = _("Clients and people")

    def ready(self) -> None:
        """Listens to what allauth tells."""
        from accounts import asking_again, invitation_mail, proofs, second_step  # noqa: F401  # models must be there first
        from accounts.audit import signals  # noqa: F401
