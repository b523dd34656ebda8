"""Django's `dumpdata`, for rows of all tenants, without anything that opens a door."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.commands import dumpdata

from accounts.tenancy import all_tenants

SEALED = "sealed_"  # what begins so is a secret, encrypted though it is
# Whoever has a session's key is signed in; the others hold tokens, a client's secret, or second factors. What
# keys are known by is left out too: it is of this database's.
OPENS_A_DOOR = {
    "provisioning.keymark",
    "sessions.session",
    "socialaccount.socialtoken",
    "socialaccount.socialapp",
    "mfa.authenticator",
    "usersessions.usersession",
}


class Command(dumpdata.Command):
    """`dumpdata`. Sealed columns are left out, so that loaded credentials ask for their secret again."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        """As Django's."""
        installed = {model._meta.label_lower for model in apps.get_models()}
        options["exclude"] = [*(options["exclude"] or []), *(OPENS_A_DOOR & installed)]
        with all_tenants(reason="a person at the server dumps the data"), _without_secrets():
            super().handle(*app_labels, **options)


@contextmanager
def _without_secrets() -> Iterator[None]:
    """Inside, no serializer takes up a sealed column."""
    fields = [field for model in apps.get_models() for field in _sealed(model)]
    for field in fields:
        field.serialize = False
    try:
        yield
    finally:
        for field in fields:
            field.serialize = True


def _sealed(model: Any) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name.startswith(SEALED)]
