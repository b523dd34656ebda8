"""Makes views of properties for the app below, which knows nothing of views (see provisioning.hooks)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Tenant
from accounts.races import looks_again
from dashboards.bulk import naming
from dashboards.bulk.loading import OVERVIEW
from dashboards.models import Dashboard, Snapshot, View
from provisioning.hooks import Made
from provisioning.models import Credential


class Views:
    """The ViewMaker."""

    @looks_again
    @transaction.atomic
    def make(
        self,
        *,
        tenant: Tenant,
        credential: Credential,
        property_id: str,
        name: str,
        time_zone: str,
        currency: str,
    ) -> Made:
        """The tenant's unfiltered view of this property; the one that is there if it is."""
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        mine = View.objects.filter(tenant=tenant, property_id=property_id, filter="")
        view = mine.order_by("created_at").first() or View.objects.create(
            tenant=tenant,
            slug=_free_slug(tenant, name),
            name=name,
            property_id=property_id,
            time_zone=time_zone,
            currency=currency,
            dashboard=_overview(),
            **_column(credential),
        )
        return _made(view)

    def find(self, *, tenant: Tenant, view_id: uuid.UUID) -> Made | None:
        """The view with this id, unless it was removed."""
        view = View.objects.filter(tenant=tenant, pk=view_id).select_related("tenant").first()
        return _made(view) if view else None

    def usual_zone(self, *, tenant: Tenant) -> str:
        """Of its newest view; empty where it has none."""
        zones = View.objects.filter(tenant=tenant).order_by("-created_at")
        return str(zones.values_list("time_zone", flat=True).first() or "")

    def fed_by(self, *, credential: Credential) -> list[str]:
        """The names of the views in scope that go dark without this credential."""
        return [f"{view.tenant.name} › {view.name}" for view in _fed_by(credential).select_related("tenant")]

    def fed_by_each(self, *, credentials: Sequence[Credential]) -> dict[uuid.UUID, list[str]]:
        """The names of the views that go dark without each of a tenant's own credentials."""
        found: dict[uuid.UUID, list[str]] = {each.pk: [] for each in credentials}
        views = View.objects.filter(tenant_credential__in=found).order_by("name")
        for credential, name in views.values_list("tenant_credential", "name"):
            found[credential].append(name)
        return found

    def properties_fed_by(self, *, credential: Credential) -> list[str]:
        """The numbers of the properties that this credential reads for views in scope."""
        return sorted(set(_fed_by(credential).values_list("property_id", flat=True)))

    @transaction.atomic
    def feed(self, *, tenant: Tenant, property_id: str, old: Credential, new: Credential) -> None:
        """From now on the tenant's views of this property that `old` feeds are fed by `new`."""
        for view in _fed_by(old).filter(tenant=tenant, property_id=property_id):
            view.agency_credential = view.tenant_credential = None
            for column, credential in _column(new).items():
                setattr(view, column, credential)
            view.save(update_fields=["agency_credential", "tenant_credential"])

    def ask_anew(self, *, tenant: Tenant, view_id: uuid.UUID) -> None:
        """What is kept of the view's figures counts as old from now on."""
        Snapshot.objects.filter(tenant=tenant, view_id=view_id).update(fresh_until=timezone.now())


def _overview() -> Dashboard:
    """The agency's Overview, or whatever it has instead."""
    shared = Dashboard.objects.filter(tenant=None)
    found: Dashboard = shared.filter(slug=OVERVIEW).first() or shared.earliest("slug")
    return found


def _fed_by(credential: Credential) -> QuerySet[View]:
    column = "agency_credential" if credential.tenant_id is None else "tenant_credential"
    return View.objects.filter(**{column: credential}).order_by("tenant__name", "name")


def _column(credential: Credential) -> dict[str, Credential]:
    return {"agency_credential" if credential.tenant_id is None else "tenant_credential": credential}


def _free_slug(tenant: Tenant, name: str) -> str:
    taken = set(View.objects.filter(tenant=tenant).values_list("slug", flat=True))
    return naming.free(naming.address_of(name, otherwise="view"), taken)


def _made(view: View) -> Made:
    return Made(view.pk, view.name, reverse("dashboards:dashboard", args=[view.tenant.slug, view.slug]))
