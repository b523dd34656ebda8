"""Settings that Google would stumble over, found by `manage.py check` before a customer does."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from provisioning.base_address import BARE_IP, trouble_with

CLIENT_SUFFIX = ".apps.googleusercontent.com"


@register()
def google_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All of them; nothing where Google is not set up."""
    return [*_base_url(), *_client_ids(), *_protocol()]


def _base_url() -> list[CheckMessage]:
    trouble = trouble_with(settings.BASE_URL) if settings.GOOGLE_CLIENT_ID else ""
    if not trouble:
        return []
    number = "E002" if trouble == BARE_IP else "E001"
    hint = "Or leave GOOGLE_CLIENT_ID empty: the portal then sends nobody to Google."
    return [Error(f"BASE_URL: {trouble}", hint=hint, id=f"provisioning.{number}")]


def _client_ids() -> list[CheckMessage]:
    web, desktop = settings.GOOGLE_CLIENT_ID, settings.GOOGLE_DESKTOP_CLIENT_ID
    named = {"GOOGLE_CLIENT_ID": web, "GOOGLE_DESKTOP_CLIENT_ID": desktop}
    found: list[CheckMessage] = [
        Warning(
            f"{name} does not end with {CLIENT_SUFFIX}, as every client ID of Google's does.",
            hint="Copy the client ID, not the name or the secret, from the Google Cloud console.",
            id="provisioning.W002",
        )
        for name, value in named.items()
        if value and not value.endswith(CLIENT_SUFFIX)
    ]
    if web and web == desktop:
        found.append(
            Warning(
                "GOOGLE_DESKTOP_CLIENT_ID is the web client again.",
                hint="A loopback redirect on any port needs a client of the kind “Desktop app”.",
                id="provisioning.W003",
            )
        )
    return found


def _protocol() -> list[CheckMessage]:
    if settings.PROVISIONING_API != "v3":
        return []
    return [
        Warning(
            "PROVISIONING_API=v3 makes accounts of Universal Analytics: no GA4 property, no live figures.",
            hint="Set PROVISIONING_API=admin, unless Google invited your project to the old Provisioning API "
            "and you need its account, web property and profile.",
            id="provisioning.W001",
        )
    ]
