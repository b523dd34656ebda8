"""Rows for tests. Each is made inside a scope of all tenants."""

import base64
from collections.abc import Mapping
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts import branding, flows, invitations, models
from accounts.invitations import Issued
from accounts.tenancy import all_tenants
from dashboards.models import Dashboard, View
from google_api.service_accounts import ServiceAccountKey
from provisioning import credentials
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests import preparing
from provisioning.requests.preparing import Issued as PreparedLink


class ScopedFactory(DjangoModelFactory):
    """Creates inside a scope of all tenants, as a test's set-up stands outside any."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy: str, params: Mapping[str, Any]) -> Any:
        with all_tenants(reason="a test's set-up"):
            return super()._generate(strategy, params)


class TenantFactory(ScopedFactory):
    class Meta:
        model = models.Tenant

    slug = factory.Sequence(lambda n: f"tenant-{n}")
    name = factory.LazyAttribute(lambda tenant: f"Client {tenant.slug}")


class CredentialFactory(ScopedFactory):
    """A credential with a key that Google never saw; `tenant=None` makes it the agency's."""

    class Meta:
        model = Credential

    tenant = None
    name = "robot"
    email = factory.Sequence(lambda n: f"robot-{n}@demo.iam.gserviceaccount.com")

    @factory.lazy_attribute
    def sealed_secret(self) -> str:
        return ""


class RequestFactory(ScopedFactory):
    """A provisioning request that has just begun."""

    class Meta:
        model = ProvisioningRequest

    tenant = factory.SubFactory(TenantFactory)
    way = "details_first"
    protocol = "admin"


class ViewFactory(ScopedFactory):
    class Meta:
        model = View

    tenant = factory.SubFactory(TenantFactory)
    slug = factory.Sequence(lambda n: f"view-{n}")
    name = "Whole site"
    property_id = "310000001"
    time_zone = "Europe/Rome"
    currency = "EUR"
    agency_credential = factory.SubFactory(CredentialFactory)

    @factory.lazy_attribute
    def dashboard(self) -> Dashboard:
        return Dashboard.objects.get(slug="overview", tenant=None)


def person(email: str, role: str, tenant: models.Tenant | None = None) -> models.User:
    """A person in a role, with the password `correct horse`."""
    with all_tenants(reason="a test's set-up"):
        return flows.add_person(email=email, role=role, tenant=tenant, password="correct horse battery")


def invited(email: str, tenant: models.Tenant, role: str = "viewer", **more: Any) -> Issued:
    """An invitation that waits for an answer, with its token; `more` goes to the verb."""
    with all_tenants(reason="a test's set-up"):
        return invitations.invite(
            tenant=tenant, email=email, role=role, invited_by="alice@acme.example", **more
        )


def prepared(email: str, tenant: models.Tenant, way: str = "details_first", **more: Any) -> PreparedLink:
    """A provisioning request that staff prepared for an address, with its link; `more` goes to the verb."""
    known = {"details": {}, "skips_form": False, "prepared_by": "dana@northlight.example"} | more
    with all_tenants(reason="a test's set-up"):
        return preparing.prepare(tenant=tenant, email=email, way=way, **known)


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def branded(accent: str = "#0044cc", logo: bytes = PIXEL) -> models.Branding:
    """The agency's look: a blue, and a logo of one pixel."""
    look = models.Branding(
        accent=accent, logo=logo, logo_type=branding.logo_type(logo), logo_digest=branding.digest_of(logo)
    )
    look.save()
    return look


def store_key(credential: Credential, key: ServiceAccountKey) -> Credential:
    """Gives a credential a key that a stand-in for Google knows."""
    with all_tenants(reason="a test's set-up"):
        credential.sealed_secret = credentials.seal_key(key, credential.pk)
        credential.email = key.email
        credential.save()
    return credential
