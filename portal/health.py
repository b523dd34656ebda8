"""Whether this process lives, and whether it is ready to serve: for load balancers and the demo."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import public
from provisioning import crypto


@public("load balancers ask; it says nothing about the data")
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"alive": True})


@public("load balancers ask; it says nothing about the data")
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers, every migration is applied, and the encryption keys work; else 503."""
    checks = {"database": _database(), "migrations": _migrations(), "keys": _keys()}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _keys() -> bool:
    try:
        where = crypto.Place("health", "probe", "0")
        return crypto.KeyRing(settings.PORTAL_ENCRYPTION_KEYS).round_trips(where)
    except (crypto.SealError, ImproperlyConfigured):
        return False
