"""What names a client's rows in a request, and the same request with another client's named instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import Membership, Tenant
from dashboards.models import View
from provisioning.models import Credential
from tests.walk.pages import Form, Page, Pairs, questions
from tests.walk.world import Client, owned_models

NONSENSE = "nonsense"
# Named by no form's own value: what a field or parameter of this name would take, were it read.
NAMED = {
    "tenant": "tenant", "tenant_id": "tenant", "client": "slug", "owner": "tenant", "view": "dashboards.View",
    "view_id": "dashboards.View", "views": "dashboards.View", "view_slug": "view_slug",
    "dashboard": "dashboards.Dashboard", "more_dashboards": "dashboards.Dashboard",
    "check_with": "dashboards.View", "widget": "dashboards.Widget", "widgets": "dashboards.Widget",
    "credential": "provisioning.Credential", "agency_credential": "provisioning.Credential",
    "tenant_credential": "provisioning.Credential", "service_account": "provisioning.Credential",
    "grant": "provisioning.Credential", "request": "provisioning.ProvisioningRequest",
    "request_id": "provisioning.ProvisioningRequest", "membership": "accounts.Membership",
    "shown_to": "accounts.Membership", "invitation": "accounts.Invitation", "user": "person",
    "key": "dashboards.EmbedKey", "link": "dashboards.ShareLink", "id": "dashboards.View",
    "pk": "dashboards.View",
    "ids": "embed", "_selected_action": "dashboards.View", "property": "number", "property_id": "number",
    "arrival": "provisioning.Arrival", "consent": "provisioning.Consent",
}  # fmt: skip


class Swap:
    """From what names `mine` to what names `theirs`."""

    def __init__(self, mine: Client, theirs: Client) -> None:
        self.mine, self.theirs = mine, theirs

    @cached_property
    def own(self) -> dict[str, str]:
        """Whatever names a row of one's own, and what of the other's stands for it."""
        found = {}
        for model in owned_models():
            stand_in = str(self.theirs.row(model).pk)
            for pk in model._base_manager.filter(tenant=self.mine.tenant).values_list("pk", flat=True):
                found[str(pk)] = stand_in
        named = self.names_of(self.theirs)
        found.update({value: named[name] for name, value in self.names_of(self.mine).items()})
        del found[self.names_of(self.mine)["person"]]  # a number that may mean anything
        return {value: other for value, other in found.items() if value != other}

    def names_of(self, client: Client) -> dict[str, str]:
        """What a client's rows are called, by what `NAMED` calls that."""
        view, grant = client.row(View), client.row(Credential)
        member = Membership._base_manager.filter(tenant=client.tenant, role="owner")[0]
        by_label = {label: str(row.pk) for label, row in client.rows.items()}
        return by_label | {
            "tenant": str(client.tenant.pk), "slug": client.tenant.slug, "view_slug": view.slug,
            "embed": str(view.embed_id), "number": view.property_id, "person": str(member.user_id),
            "address": member.user.email, "grant_address": grant.email,
        }  # fmt: skip

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.own, key=len, reverse=True)
        return re.compile("|".join(rf"(?<![\w-]){re.escape(each)}(?![\w-])" for each in longest_first))

    def of(self, value: str) -> str:
        """The value with the other's named instead; itself where it names nothing."""
        return self._pattern.sub(lambda match: self.own[match[0]], value)

    @cached_property
    def theirs_keys(self) -> list[str]:
        """The primary keys of all that is the other's."""
        found = [
            str(pk)
            for model in owned_models()
            for pk in model._base_manager.filter(tenant=self.theirs.tenant).values_list("pk", flat=True)
        ]
        return [*found, str(self.theirs.tenant.pk)]

    def own_fields(self, form: Form) -> Pairs:
        """What one would send oneself: what stands there, and one's own where a row is to be picked."""
        sent = list(form.fields)
        for name, about in form.models.items():
            if not any(given == name and value for given, value in sent):
                sent = [pair for pair in sent if pair[0] != name] + [(name, self._picked(about, self.mine))]
        for name, values in form.choices.items():
            if not any(given == name and value for given, value in sent):
                named = [value for value in values if self.of(value) != value]
                sent = [pair for pair in sent if pair[0] != name or not named] + [
                    (name, v) for v in named[:1]
                ]
        return sent

    def fields(self, form: Form, own: Pairs) -> Iterator[tuple[str, Pairs]]:
        """The same with one field after the other naming the other's; then with all of these naming nothing
        that there could be; then with all it might read.
        """
        nonsense = list(own)
        for place, (name, value) in enumerate(own):
            other = self._picked(form.models[name], self.theirs) if name in form.models else self.of(value)
            if other != value:
                nonsense[place] = (name, NONSENSE)
                yield name, [*own[:place], (name, other), *own[place + 1 :]]
        yield NONSENSE, nonsense
        yield "…", own + self.extra(form)

    def extra(self, form: Form | None = None) -> Pairs:
        """Everything that has a name here, the other's."""
        named = self.names_of(self.theirs)
        taken = {name for name, _ in form.fields} if form else set()
        return [(name, named[kind]) for name, kind in NAMED.items() if name not in taken]

    def _picked(self, about: str, client: Client) -> str:
        app, model, column = about.split(".")
        field: Any = apps.get_model(app, model)._meta.get_field(column)
        target: type[models.Model] = field.related_model
        if target is Tenant:
            return str(client.tenant.pk)
        found = client.rows.get(target._meta.concrete_model._meta.label)
        return str(found.pk) if found else self.names_of(client)["person"]

    def questions(self, page: Page) -> Iterator[tuple[str, Pairs, Pairs]]:
        """A page's links that name one's own: path, parameters, and those that name the other's."""
        for path, asked in questions(page):
            others = [(name, self.of(value)) for name, value in asked]
            if others != asked:
                yield path, asked, others
