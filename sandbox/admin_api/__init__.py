"""The Analytics Admin API v1beta, and of v1alpha what the other lacks.

https://developers.google.com/analytics/devguides/config/admin/v1/rest
"""

from __future__ import annotations

from sandbox.admin_api import accounts, bindings, key_events, properties, settings, streams, tickets
from sandbox.admin_api.base import Route
from sandbox.world import World


def routes(world: World) -> list[Route]:
    """(method, path, handler); groups of the path are the handler's further arguments."""
    parts = (tickets, accounts, properties, streams, key_events, settings, bindings)
    return [route for part in parts for route in part.routes(world)]
