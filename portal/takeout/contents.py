"""What is in the archive: for each file the columns by name, so that no new column is given out by a slip.

Secrets, sealed or hashed, and tickets are in none. Everything runs inside the tenant's scope.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Invitation, Membership, Tenant
from accounts.spreadsheets import safe
from dashboards.models import Dashboard, EmbedKey, ShareLink, View, Widget
from provisioning.models import Credential, ProvisioningRequest, RequestEvent

AT_ONCE = 500

VIEWS = (
    "slug", "name", "property_id", "property_name", "account_name", "time_zone", "currency", "filter",
    "dashboard__slug", "tenant_credential__email", "ua_view_id", "ua_map", "embed_id", "origins", "state",
    "last_success_at", "created_at",
)  # fmt: skip
PEOPLE = ("user__email", "user__name", "role", "all_views", "created_at")
SHOWN = ("view__slug", "membership__user__email")
INVITATIONS = (
    "email", "role", "all_views", "invited_by", "created_at", "expires_at", "accepted_at", "withdrawn_at",
)  # fmt: skip
CREDENTIALS = (
    "kind", "name", "email", "scopes", "consented_by__email", "consented_at", "state", "last_success_at",
    "last_error_code", "last_error_at", "created_at",
)  # fmt: skip
EMBED_KEYS = ("name", "prefix", "made_by", "created_at", "last_used_at", "revoked_at")
LINKS = (
    "view__slug", "name", "prefix", "period", "widgets", "expires_at", "revoked_at", "opened",
    "last_opened_at", "made_by", "created_at",
)  # fmt: skip
REQUESTS = (
    "id", "way", "protocol", "state", "reason", "reason_detail", "user__email", "email", "prepared_by",
    "account_name", "property_name", "website", "view_name", "time_zone", "currency", "country", "industry",
    "account_id", "property_id", "stream_id", "measurement_id", "web_property_id", "profile_id",
    "shared_with", "first_hit_at", "created_at", "changed_at",
)  # fmt: skip
EVENTS = ("at", "state", "code", "detail", "who")
RECORD = ("at", "kind", "who", "on_behalf_of", "target", "ip", "agent", "details")
DASHBOARD = ("slug", "name", "position")
WIDGET = (
    "position", "title", "kind", "metrics", "dimensions", "order_by", "descending", "limit", "group",
)  # fmt: skip

Pieces = Iterator[str]


def files(tenant: Tenant) -> Iterator[tuple[str, Pieces]]:
    """Names in the archive, and each one's text piece by piece."""

    def own(model: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.filter(tenant=tenant).order_by("pk")
        return rows

    yield "README.txt", iter([_about(tenant)])
    yield "client.json", iter([_json(_client(tenant))])
    yield "views.csv", _csv(own(View), VIEWS)
    yield "dashboards.json", _list(_used_by(tenant), DASHBOARD, _with_widgets)
    yield "people.csv", _csv(own(Membership), PEOPLE)
    chosen: Any = View.shown_to.through
    shown = chosen.objects.filter(view__tenant=tenant).order_by("pk")
    yield "chosen_views.csv", _csv(shown, SHOWN)
    yield "invitations.csv", _csv(own(Invitation), INVITATIONS)
    yield "google_accounts.csv", _csv(own(Credential), CREDENTIALS)
    yield "requests.json", _list(own(ProvisioningRequest), REQUESTS, _with_history)
    yield "embed_keys.csv", _csv(own(EmbedKey), EMBED_KEYS)
    yield "links.csv", _csv(own(ShareLink), LINKS)
    yield "record.csv", _csv(AuditEntry.objects.filter(tenant_id=tenant.pk).order_by("at", "pk"), RECORD)


def _about(tenant: Tenant) -> str:
    text = _(
        "What the portal keeps of %(client)s: its views, dashboards, people, Google accounts, requests, "
        "links, and the record of what happened. Tables are UTF-8; times are in UTC. Keys, tokens and "
        "passwords are not among it. The figures are at Google, and each table of a dashboard "
        "can be exported by itself."
    )
    return text % {"client": tenant.name} + "\n"


def _client(tenant: Tenant) -> dict[str, Any]:
    return {"address": tenant.slug, "name": tenant.name, "since": tenant.created_at}


def _used_by(tenant: Tenant) -> QuerySet[Any]:
    """Its own dashboards, and the shared ones that its views offer."""
    views = View.objects.filter(tenant=tenant)
    offered = View.more_dashboards.through.objects.filter(view__tenant=tenant)
    chosen = Q(pk__in=views.values("dashboard")) | Q(pk__in=offered.values("dashboard"))
    return Dashboard.objects.filter(Q(tenant=tenant) | chosen).order_by("position", "pk")


def _with_widgets(row: dict[str, Any]) -> dict[str, Any]:
    widgets = Widget.objects.filter(dashboard=row.pop("pk")).order_by("position", "pk")
    return row | {"widgets": list(widgets.values(*WIDGET))}


def _with_history(row: dict[str, Any]) -> dict[str, Any]:
    events = RequestEvent.objects.filter(request=row.pop("pk")).order_by("at", "pk")
    return row | {"history": list(events.values(*EVENTS))}


class _Line:
    """What csv.writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: QuerySet[Any], columns: Iterable[str]) -> Pieces:
    columns = list(columns)
    writer: Any = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([name.replace("__", "_") for name in columns])
    for row in rows.values_list(*columns).iterator(chunk_size=AT_ONCE):
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, list | dict):
        return safe(_json(value, indent=None).strip()) if value else ""
    return safe(value) if isinstance(value, str) else value


def _list(
    rows: QuerySet[Any], columns: Iterable[str], whole: Callable[[dict[str, Any]], dict[str, Any]]
) -> Pieces:
    between = "[\n"
    for row in rows.values("pk", *columns).iterator(chunk_size=AT_ONCE):
        yield between + _json(whole(row)).rstrip()
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def _json(value: Any, indent: int | None = 1) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=False, default=_as_text) + "\n"


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)
