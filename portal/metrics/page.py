"""/metrics: all figures in Prometheus' text, for whoever has the token, or for this machine itself."""

from __future__ import annotations

import ipaddress
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from accounts.permissions import public
from accounts.tenancy import all_tenants
from portal.metrics import standing
from portal.metrics.gauges import Gauges
from portal.metrics.sharing import EveryProcess

# What a proxy adds: with one of these the request comes from further away than its address says.
OF_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@public("Prometheus asks; METRICS_TOKEN or the loopback opens it, and it names no client")
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures; for anybody else there is nothing here."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(exposed(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def exposed() -> bytes:
    """Counts of this machine's processes, and how the installation stands."""
    with all_tenants(reason="monitoring counts the rows of the installation"):
        found = standing.read()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(EveryProcess())
    registry.register(Gauges(found))
    return generate_latest(registry)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return _is_here(request) and not any(name in request.headers for name in OF_PROXIES)


def _is_here(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
