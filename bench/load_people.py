"""Two hundred people and what they may see; runs inside an installation: `manage.py shell -c`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password

from accounts.asking_again import SHOWN_AT
from accounts.models import Membership, StaffAssignment, Tenant, User
from accounts.sessions import signed
from accounts.tenancy import all_tenants
from bench import crowd
from dashboards.embed import keys
from dashboards.models import View

VIEWS_OF_EACH = 2
ASSIGNED = 8
ROLES = ("client",) * 16 + ("staff",) * 2 + ("owner",) + ("page",)  # of twenty, one after another
SITE = "https://shop.example"


def make(*, people: int, tenants: int, password: str) -> None:
    """So many people of all roles, signed in; prints who they are, in JSON."""
    crowd.add(tenants=tenants, views=VIEWS_OF_EACH)
    hashed = make_password(password)
    with all_tenants(reason="a measurement's set-up"):
        View.objects.update(origins=[SITE])
        clients = list(Tenant.objects.filter(slug__startswith="client-").order_by("slug"))
        print(json.dumps(list(_all(people, clients, hashed))))


def _all(people: int, clients: list[Tenant], hashed: str) -> Iterator[dict[str, Any]]:
    for number in range(people):
        role, client = ROLES[number % len(ROLES)], clients[number % len(clients)]
        if role == "page":
            yield _page(number, client)
            continue
        who = User.objects.create(
            email=f"reader-{number}@load.example",
            password=hashed,
            is_staff=role != "client",
            is_superuser=role == "owner",
        )
        EmailAddress.objects.create(user=who, email=who.email, verified=True, primary=True)
        seen = _given(who, role, number, client, clients)
        yield _person(number, role, seen) | {"email": who.email, "cookies": _signed_in(who)}


def _given(who: User, role: str, number: int, client: Tenant, clients: list[Tenant]) -> list[Tenant]:
    """What somebody may see; every fourth of a client's people owns it."""
    if role == "client":
        member = Membership.Role.VIEWER if number % 4 else Membership.Role.OWNER
        Membership.objects.create(tenant=client, user=who, role=member)
        return [client]
    if role == "staff":
        assigned = [clients[(number + step) % len(clients)] for step in range(ASSIGNED)]
        StaffAssignment.objects.bulk_create(StaffAssignment(tenant=each, user=who) for each in assigned)
        return assigned
    return clients


def _person(number: int, role: str, seen: list[Tenant]) -> dict[str, Any]:
    views = View.objects.filter(tenant__in=seen).order_by("tenant__slug", "slug")
    pages = [f"/clients/{tenant}/views/{view}/" for tenant, view in views.values_list("tenant__slug", "slug")]
    return {"number": number, "role": role, "pages": pages}


def _page(number: int, client: Tenant) -> dict[str, Any]:
    key = keys.make(tenant=client, name=f"site {number}", made_by="bench").token.value
    view = View.objects.filter(tenant=client).order_by("slug")[0]
    return {"number": number, "role": "page", "key": key, "view": view.slug, "ids": f"ga:{view.embed_id}"}


def _signed_in(who: User) -> dict[str, str]:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(who.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = who.get_session_auth_hash()
    session[SHOWN_AT] = time.time()
    session.create()
    return {settings.SESSION_COOKIE_NAME: signed(session.session_key)}
