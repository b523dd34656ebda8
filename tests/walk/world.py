"""Two clients with a row of every kind of table, and a mark in every text of them.

The mark has markup in it: a page that shows it raw shows it as an element, or as attributes.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from accounts.models import AuditEntry, Membership, Tenant, User
from accounts.tenancy import all_tenants
from dashboards.embed import keys, sharing
from dashboards.models import Dashboard, EmbedAgreement, EmbedCutoff, Snapshot, Summary, View, Widget
from provisioning.models import (
    AccountTicket,
    Arrival,
    Consent,
    Credential,
    PropertyAssignment,
    ProvisioningRequest,
    ReachableProperty,
    RequestEvent,
)
from tests import factories

OWN_APPS = {"accounts", "provisioning", "dashboards", "portal"}

# Texts that the product reads rather than shows, or that lead to a row: a mark there would be no row at all.
READ = {
    "slug", "state", "reason", "way", "protocol", "kind", "role", "purpose", "code", "standing", "area",
    "email", "time_zone", "currency", "country", "industry", "filter", "period", "order_by", "group",
    "digest", "prefix", "fingerprint", "session_digest", "code_digest", "password", "origin", "error_code",
    "last_error_code", "hit_error", "staff_told", "property_id", "account_id", "stream_id", "profile_id",
    "measurement_id", "web_property_id", "ua_view_id", "subject", "client_id", "scopes", "private_key_id",
    "sealed_secret", "sealed_access_token", "sealed_verifier", "sealed_tokens", "tenant_slug", "website",
    "search_text", "shared_with", "ticket_id",
}  # fmt: skip


@dataclass
class Client:
    """A client, its mark, and a row of each model, by the model's label."""

    tenant: Tenant
    mark: str
    tokens: dict[str, str] = field(default_factory=dict)
    rows: dict[str, models.Model] = field(default_factory=dict)

    def row(self, model: type[models.Model]) -> Any:
        """Its row of this model."""
        return self.rows[model._meta.label]


def word(mark: str) -> str:
    """What of a mark is the same however it is escaped."""
    return mark.partition('"')[0]


def owned_models() -> list[type[models.Model]]:
    """Every model of ours whose rows may be a client's."""
    found = [each for each in apps.get_models() if each._meta.app_label in OWN_APPS and not each._meta.proxy]
    return [each for each in found if any(f.name == "tenant" for f in each._meta.concrete_fields)]


def populate(tenant: Tenant, view: View, owner: User, mark: str, number: str) -> Client:
    """A row of every model for this client, each text marked; `number` is its Google property."""
    made = Client(tenant, mark)
    with all_tenants(reason="a test's set-up"):
        _connections(tenant, owner, number)
        _boards(tenant, view, number)
        _requests(tenant, owner, number)
        _hand_outs(made, view, owner)
        for model in owned_models():
            _mark_rows(model, tenant, mark)
        Tenant.objects.filter(pk=tenant.pk).update(name=_said(mark, "tenant", 150))
        User.objects.filter(pk=owner.pk).update(name=_said(mark, "person", 150))
        _record(tenant, mark)
        made.rows = {each._meta.label: _first(each, tenant) for each in owned_models()}
    return made


def _connections(tenant: Tenant, owner: User, number: str) -> None:
    grant = factories.CredentialFactory(
        tenant=tenant, kind="grant", subject=f"s{number}", client_id="web", consented_by=owner, state="works"
    )
    factories.CredentialFactory(tenant=tenant)
    agencys = factories.CredentialFactory()
    ReachableProperty.objects.create(
        tenant=tenant, credential=grant, property_id=number, time_zone="Europe/Rome", currency="EUR"
    )
    PropertyAssignment.objects.create(tenant=tenant, credential=agencys, property_id=number)


def _boards(tenant: Tenant, view: View, number: str) -> None:
    board = Dashboard.objects.create(tenant=tenant, slug="own")
    for position, kind in enumerate(("table", "line")):
        Widget.objects.create(
            tenant=tenant, dashboard=board, kind=kind, metrics=["sessions"], position=position,
            dimensions=["country"] if kind == "table" else ["date"],
        )  # fmt: skip
    View.objects.filter(pk=view.pk).update(
        dashboard=board, property_id=number, ua_view_id=number, origins=["https://shop.example"],
        slug=f"site-of-{tenant.slug}",
    )  # fmt: skip
    Snapshot.objects.create(tenant=tenant, view=view, fingerprint=number)
    Summary.objects.get_or_create(tenant=tenant, view=view)
    EmbedCutoff.objects.create(tenant=tenant, valid_from=timezone.now() - datetime.timedelta(days=1))


def _requests(tenant: Tenant, owner: User, number: str) -> None:
    link = factories.prepared(f"guest@{tenant.slug}.example", tenant)
    wanted = link.request
    ProvisioningRequest.objects.filter(pk=wanted.pk).update(user=owner)
    AccountTicket.objects.create(tenant=tenant, request=wanted, ticket_id=f"t{number}", subject=number)
    RequestEvent.objects.create(tenant=tenant, request=wanted, state=wanted.state)
    soon = timezone.now() + datetime.timedelta(hours=1)
    consent = Consent.objects.create(
        tenant=tenant, digest=number, user=owner, purpose="request", request=wanted, expires_at=soon
    )
    Arrival.objects.create(
        tenant=tenant,
        request=wanted,
        consent=consent,
        expires_at=soon,
        subject=number,
        is_email_verified=True,
    )


def _hand_outs(made: Client, view: View, owner: User) -> None:
    tenant = made.tenant
    made.tokens = {
        "key": keys.make(tenant=tenant, name="key", made_by="x").token.value,
        "share": sharing.make(view=view, made_by="x").token.value,
        "invitation": factories.invited(f"new@{tenant.slug}.example", tenant).token.value,
        "prepared": factories.prepared(f"other@{tenant.slug}.example", tenant).token.value,
    }
    EmbedAgreement.objects.create(
        tenant=tenant, user=owner, digest=tenant.slug, expires_at=timezone.now() + datetime.timedelta(hours=1)
    )


def _said(mark: str, column: str, room: int) -> str:
    return f"{mark}{column}"[:room]


def _texts(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    for each in model._meta.concrete_fields:
        if isinstance(each, models.CharField | models.TextField) and each.name not in READ:
            yield each


def _mark_rows(model: type[models.Model], tenant: Tenant, mark: str) -> None:
    values = {each.name: _said(mark, each.name, each.max_length or 500) for each in _texts(model)}
    if values:
        model._base_manager.filter(tenant=tenant).update(**values)


def _record(tenant: Tenant, mark: str) -> None:
    AuditEntry.objects.create(
        area="keys", kind="key_made", who=f"{mark}who", target=f"{mark}target", tenant_id=tenant.pk,
        tenant_slug=tenant.slug, tenant_name=f"{mark}client", agent=f"{mark}agent", details={"name": mark},
    )  # fmt: skip


def remembered(client: Client, staff: list[User]) -> None:
    """What staff did in the admin, for the history of each row."""
    LogEntry.objects.bulk_create(
        LogEntry(
            user=person, content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk),
            object_repr=f"{client.mark}row", action_flag=CHANGE, change_message=f"{client.mark}did",
        )
        for person in staff
        for row in (client.tenant, *client.rows.values())
    )  # fmt: skip


def _first(model: type[models.Model], tenant: Tenant) -> models.Model:
    found = model._base_manager.filter(tenant=tenant)
    if model is Credential:
        found = found.filter(kind="grant")
    row = found.order_by("pk").first()
    assert row is not None, f"tests/walk/world.py makes no row of {model._meta.label}"
    return row


def contents(tenant: Tenant) -> str:
    """All that a client owns, its people too, as text that changes when any of it does."""
    with all_tenants(reason="a test looks"):
        rows = {each._meta.label: _values(each, tenant=tenant) for each in owned_models()}
        for pairs in View._meta.local_many_to_many:
            rows[str(pairs)] = _values(pairs.remote_field.through, view__tenant=tenant)
        rows["tenant"] = _values(Tenant, pk=tenant.pk)
        people = Membership.objects.filter(tenant=tenant).values("user")
        rows["people"] = _values(User, pk__in=people)
        for model in (EmailAddress, SocialAccount, Authenticator):
            rows[model._meta.label] = _values(model, user__in=people)
    return json.dumps(rows, default=str, sort_keys=True)


def _values(model: type[models.Model], **which: Any) -> list[dict[str, Any]]:
    return list(model._base_manager.filter(**which).order_by("pk").values())
