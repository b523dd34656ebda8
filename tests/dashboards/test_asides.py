"""A reader neither waits for a note nor fails with it."""

import sqlite3
import time

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.tenancy import all_tenants
from dashboards.asides import aside
from dashboards.models import View
from tests import factories


def patience() -> int:
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA busy_timeout").fetchone()[0]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's patience")
def test_the_patience_of_before_comes_back(db):
    before = patience()
    with aside():
        assert 0 < patience() < before
        raise OperationalError("database is locked")
    assert patience() == before > 10_000


def test_other_errors_are_not_swallowed(db):
    with pytest.raises(ValueError, match="mine"), aside():
        raise ValueError("mine")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite locks the whole database")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_page_is_read_while_another_process_writes():
    tenant = factories.TenantFactory(slug="acme")
    factories.ViewFactory(tenant=tenant, slug="site")
    browser = Client()
    browser.force_login(factories.person("alice@acme.example", "owner", tenant))
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    try:
        response = browser.get("/clients/acme/views/site/")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert (response.status_code, time.monotonic() - began < 5) == (200, True)
    with all_tenants(reason="a test looks"):
        assert View.objects.get().last_opened_at is None
