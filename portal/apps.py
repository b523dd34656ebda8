"""The project itself as an app: its commands and the table of its cache."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the project's own app."""

    name = "portal"
