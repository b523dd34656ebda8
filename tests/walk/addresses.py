"""Every address of the resolver, filled with what one client owns."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Invitation, Membership, Tenant
from dashboards.models import EmbedKey, ShareLink, View, Widget
from provisioning.models import Arrival, Credential, ProvisioningRequest
from tests.walk.world import Client

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
ROWS = {
    "request_id": ProvisioningRequest,
    "arrival_id": Arrival,
    "membership": Membership,
    "invitation": Invitation,
    "key_id": EmbedKey,
    "key": EmbedKey,
    "link": ShareLink,
    "link_id": ShareLink,
    "grant": Credential,
    "credential": Credential,
    "widget": Widget,
}
TOKENS = {"share/": "share", "invitations/": "invitation", "provisioning/invite/": "prepared"}
FIXED = {"url": "nowhere", "uidb36": "1", "pk": "1", "colour": "1a73e8", "accent": "1a73e8", "digest": "d0"}


@dataclass(frozen=True)
class Address:
    """An address of the resolver: its name, and its path with places to fill."""

    name: str
    route: str

    @property
    def is_somebodys(self) -> bool:
        """Whether it leads to what a client owns."""
        return PARAMETER.search(self.route) is not None

    def of(self, client: Client) -> str:
        """The path, for what this client owns."""
        return self._filled([client] * len(PARAMETER.findall(self.route)))

    def mixed(self, mine: Client, theirs: Client) -> list[str]:
        """The paths that lead through what is mine and name what is theirs in one place or more."""
        count = len(PARAMETER.findall(self.route))
        both = itertools.product([mine, theirs], repeat=count)
        paths = [self._filled(list(each)) for each in both]
        return list(dict.fromkeys(path for path in paths if path not in {paths[0], paths[-1]}))

    def _filled(self, clients: list[Client]) -> str:
        whose = iter(clients)

        def value(match: re.Match[str]) -> str:
            return _value(match[1] or match[2], self.route, next(whose))

        return "/" + PARAMETER.sub(value, self.route).replace("^", "").rstrip("$")


def every_address() -> list[Address]:
    """In the resolver's order; Django's redirects from the admin's old addresses included."""
    return list(_below(get_resolver(), [], ""))


def _below(resolver: URLResolver, spaces: list[str], before: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(":".join([*spaces, entry.name or route]), route)
        else:
            yield from _below(entry, spaces + ([entry.namespace] if entry.namespace else []), route)


def _value(name: str, route: str, client: Client) -> str:
    if name == "object_id":
        return _admin_row(route, client)
    if name == "token":
        return next(client.tokens[kind] for start, kind in TOKENS.items() if route.startswith(start))
    if name == "tenant":
        return client.tenant.slug
    if name == "app_label":
        return "dashboards"
    if name == "view":
        return str(client.row(View).pk if "<uuid:view" in route else client.row(View).slug)
    if name in ROWS and "confirm-email" not in route:
        return str(client.row(ROWS[name]).pk)
    return FIXED.get(name, "none")


def _admin_row(route: str, client: Client) -> str:
    _, app, model = route.split("/")[:3]
    found = apps.get_model(app, model)
    if found is Tenant:
        return str(client.tenant.pk)
    if found._meta.proxy:
        found = found._meta.concrete_model
    row = client.rows.get(found._meta.label)
    return str(row.pk if row else found._base_manager.values_list("pk", flat=True).first() or 1)
