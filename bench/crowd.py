"""Many clients with their people, views and snapshots; runs inside an installation: `manage.py shell -c`."""

from typing import Any

from django.db import models

from accounts.models import Membership, Tenant, User
from accounts.tenancy import all_tenants
from dashboards.models import Dashboard, Snapshot, View
from provisioning.models import Credential

AT_ONCE = 2000
SNAPSHOTS = 4


def add(*, tenants: int, views: int) -> None:
    """So many clients more, each with a viewer, and so many views each, on the agency's credential."""
    with all_tenants(reason="a measurement's set-up"):
        board = Dashboard.objects.get(slug="overview", tenant=None)
        robot = Credential.objects.filter(tenant=None).first()
        clients = _store([Tenant(slug=f"client-{at}", name=f"Client {at}") for at in range(tenants)])
        people = _store([User(email=f"person-{at}@client.example", password="!") for at in range(tenants)])
        _store([Membership(tenant=one, user=who) for one, who in zip(clients, people, strict=True)])
        pages = _store(
            [
                _view(client, at, number * views + at, board, robot)
                for number, client in enumerate(clients)
                for at in range(views)
            ]
        )
        _store(
            [
                Snapshot(tenant=page.tenant, view=page, fingerprint=f"{at:064x}")
                for page in pages
                for at in range(SNAPSHOTS)
            ]
        )


def _view(tenant: Tenant, at: int, number: int, dashboard: Dashboard, credential: Credential | None) -> View:
    return View(
        tenant=tenant,
        slug=f"view-{at}",
        name=f"View {at} of {tenant.name}",
        property_id=str(310000100 + number),
        time_zone="Europe/Rome",
        currency="EUR",
        dashboard=dashboard,
        agency_credential=credential,
    )


def _store(rows: list[Any]) -> list[Any]:
    if rows:
        model: type[models.Model] = type(rows[0])
        model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
    return rows
