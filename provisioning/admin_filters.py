"""Narrowing the admin's lists by client without listing ten thousand of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Tenant

MOST = 200
"""Clients that a part of a name may mean; a longer part means fewer."""


class ClientFilter(admin.SimpleListFilter):
    """A box for a client's address, or a part of the name. Rows that belong to no client are left out."""

    title = _("client")
    parameter_name = "client"
    template = "admin/client_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[Any]:
        """None: what is typed decides."""
        return []

    def has_output(self) -> bool:
        """It is there though it lists nothing."""
        return True

    def value(self) -> str | None:
        """What was typed."""
        typed = super().value()
        return typed.replace("\0", "").strip()[:150] if typed else None

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model] | None:
        """The rows of the clients meant: an address means one, anything else whoever's name holds it."""
        typed = self.value()
        if not typed:
            return None
        exact = list(Tenant.objects.filter(slug=typed).values_list("pk", flat=True))
        named = Tenant.objects.filter(Q(name__icontains=typed) | Q(slug__startswith=typed))
        meant = exact or list(named.order_by("slug").values_list("pk", flat=True)[:MOST])
        return queryset.filter(tenant__in=meant)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """What the template needs: the other filters of the list, to be kept."""
        kept = {
            name: value
            for name, values in changelist.filter_params.items()
            for value in values[-1:]
            if name != self.parameter_name
        }
        if changelist.query:
            kept["q"] = changelist.query
        kept.pop(PAGE_VAR, None)
        yield {"kept": kept, "typed": self.value() or ""}
