"""SQLite learns how its tables are filled, hourly; PostgreSQL knows by itself."""

from django.core.cache import cache
from django.db import connection

from portal import upkeep
from tests import factories


def _known() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'accounts_tenant'")
        return bool(cursor.fetchone()[0])


def test_statistics_are_refreshed_once_an_hour(db):
    cache.clear()
    factories.TenantFactory()
    first, second = upkeep.refresh_statistics(), upkeep.refresh_statistics()
    if connection.vendor == "sqlite":
        assert (first, second, _known()) == (1, 0, True)
    else:
        assert (first, second) == (0, 0)
