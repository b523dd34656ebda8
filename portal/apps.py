"""The project itself as an app: its commands and the table of its cache."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the project's own app."""

    name = "portal"

    def ready(self) -> None:
        """Counts what the apps below tell of; sends the id of a request along with its tasks."""
        from dashboards.signals import served
        from google_api import watching
        from portal import traces
        from portal.metrics import counters

        watching.watch(counters.count_call)
        served.connect(counters.count_snapshots, dispatch_uid="metrics")
        traces.watch()
