"""What a client's server asks for when a visitor comes, and the token that it gets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Subquery

from accounts import tracing
from accounts.models import Tenant
from accounts.prepared import Prepared, Value
from accounts.recalled import Recalled
from accounts.tenancy import all_tenants, tenant_scope
from accounts.tokens import digest_of
from dashboards.embed import keys, origins, tokens
from dashboards.embed.errors import V3Error, bad_parameter, bad_request, forbidden
from dashboards.embed.tokens import LONGEST_SECONDS, SHORTEST_SECONDS
from dashboards.models import EmbedKey, View

MOST_VIEWS = 20
LONGEST_BODY = 16 * 1024
_LONGEST_NAME = 50  # of a slug, and more than a UUID has
_COLUMNS = ("pk", "tenant", "slug", "embed_id", "origins")
_OF_CLIENTS = tuple(f"tenant__{field.name}" for field in Tenant._meta.concrete_fields)


@dataclass(frozen=True)
class Wanted:
    """A token for these views, by slug, UUID or number, on this site, for so many seconds."""

    views: tuple[str, ...]
    origin: str
    ttl: int


@dataclass(frozen=True)
class Shown:
    """The key that a server shows, with its tenant, and of that tenant the views that its request may mean.
    All are read and never changed: other requests hold the same.
    """

    key: EmbedKey
    views: tuple[View, ...]


def read(body: bytes) -> Wanted:
    """What a request's JSON asks for. Raises V3Error, 400, with the parameter that is wrong."""
    try:
        asked = json.loads(body) if len(body) <= LONGEST_BODY else None
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise bad_request('Send JSON such as {"view": "shop", "origin": "https://shop.example"}.')
    return Wanted(_views(asked.get("view")), _origin(asked.get("origin")), _ttl(asked.get("ttl")))


def shown(secret: str, wanted: Wanted) -> Shown | None:
    """What a request speaks of, by one query where it was so before. None without a key that counts."""
    digest = digest_of(secret)
    named = _values(wanted.views)
    return _shown.get((digest, *named), lambda: _looked_up(secret, named))


def issue(*, found: Shown, wanted: Wanted) -> tuple[str, int]:
    """A token, and for how many seconds it is good. Raises V3Error.

    Another client's views are refused in the words for what is not there.
    """
    key = found.key
    tracing.is_about(key.tenant.slug)
    if key.tenant.is_paused:
        raise forbidden("These pages are paused. The agency can open them.")
    with tenant_scope({key.tenant_id}):
        views = [_found(name, found.views) for name in wanted.views]
        for name, view in zip(wanted.views, views, strict=True):
            if wanted.origin not in view.origins:
                raise forbidden(
                    f"{wanted.origin} is not among the sites that may embed {name}. List it there."
                )
        keys.note_used(key=key)
    return tokens.issue(key=key, views=views, origin=wanted.origin, ttl=wanted.ttl)


def _looked_up(secret: str, named: Sequence[Value]) -> Shown | None:
    key = keys.find(secret)
    if key is None:
        return None
    with tenant_scope({key.tenant_id}):
        views = View.objects.filter(_meant(named), tenant=key.tenant)
        return Shown(key, tuple(views.only(*_COLUMNS)))


def _rows(digest: str, *named: Value) -> QuerySet[Any]:
    """All that `_looked_up` reads of the key and the views, of which one at least must be there."""
    with all_tenants(reason="finding the client of an embed key, and its views that a server names"):
        key = keys.living(digest).order_by()
        views: QuerySet[View] = View.objects.filter(_meant(named), tenant=Subquery(key.values("tenant")))
        return (
            views.order_by("pk")
            .annotate(key=Subquery(key.values("pk")), used=Subquery(key.values("last_used_at")))
            .values_list(*_COLUMNS, *_OF_CLIENTS, "key", "used")
        )


_shown: Recalled[Shown | None] = Recalled(Prepared(_rows))


def _values(names: Sequence[str]) -> list[Value]:
    """Each name as whatever it could be: a slug, an id, a number."""
    ids = [uuid.UUID(name) for name in names if _is_uuid(name)]
    numbers = [int(name.removeprefix("ga:")) for name in names if _is_number(name)]
    return [*names, *ids, *numbers]


def _meant(named: Sequence[Value]) -> Q:
    slugs, ids, numbers = (
        [each for each in named if isinstance(each, kind)] for kind in (str, uuid.UUID, int)
    )
    return Q(slug__in=slugs) | Q(pk__in=ids) | Q(embed_id__in=numbers)


def _found(name: str, views: Sequence[View]) -> View:
    for view in views:
        if name in (view.slug, str(view.pk), f"ga:{view.embed_id}", str(view.embed_id)):
            return view
    raise V3Error(404, "notFound", "There is no such view.", location="view")


def _is_uuid(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False


def _is_number(name: str) -> bool:
    digits = name.removeprefix("ga:")
    return digits.isascii() and digits.isdigit() and len(digits) < 19


def _views(asked: Any) -> tuple[str, ...]:
    names = asked if isinstance(asked, list) else [asked]
    if not all(isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME for name in names):
        raise bad_parameter("view", "Name a view by its address, its id or its number.")
    if not 0 < len(names) <= MOST_VIEWS:
        raise bad_parameter("view", f"Name one view or up to {MOST_VIEWS}.")
    return tuple(dict.fromkeys(name.lower() for name in names))


def _origin(asked: Any) -> str:
    try:
        return origins.normal(asked if isinstance(asked, str) else "")
    except origins.OriginError as error:
        raise bad_parameter("origin", str(error)) from None


def _ttl(asked: Any) -> int:
    if asked is None:
        return LONGEST_SECONDS
    if (
        not isinstance(asked, int)
        or isinstance(asked, bool)
        or not SHORTEST_SECONDS <= asked <= LONGEST_SECONDS
    ):
        raise bad_parameter("ttl", f"ttl is a number of seconds, {SHORTEST_SECONDS} to {LONGEST_SECONDS}.")
    return asked
