"""Finding a few among many views: which they are is read once, from what is short, and then they alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts.models import Tenant
from dashboards.models import View

MOST = 300
"""Views that a search gives: nobody reads more, and every row of the result costs."""


def matching(rows: QuerySet[View], text: str) -> QuerySet[View]:
    """The views in whose name, address, property or client each word stands; at most MOST of them.

    All that is searched of a view is one column, in lower case, and of the clients there are fewer: that is
    a tenth of what a search of the joined columns takes, on either database, and takes no extension.
    """
    words = text.replace("\0", " ").split()
    if not words:
        return rows
    found = rows
    for word in words:
        clients = Tenant.objects.filter(Q(name__icontains=word) | Q(slug__icontains=word)).order_by()
        stands_in = Q(search_text__contains=Lower(Value(word)))
        if clients.exists():
            stands_in |= Q(tenant__in=clients.values("pk"))
        found = found.filter(stands_in)
    found = found.order_by("search_text")  # by the index, which holds all that is searched
    return rows.filter(pk__in=list(found.values_list("pk", flat=True)[:MOST]))


class IdsFirst(Paginator[Any]):
    """A page's ids first: the order is then an index's own, and no row is joined that is not shown."""

    def page(self, number: int | str) -> Page[Any]:
        """As Django's."""
        page = super().page(number)
        rows: Any = page.object_list
        every: Any = self.object_list
        ids = list(rows.values_list("pk", flat=True))
        found = {row.pk: row for row in every.order_by().filter(pk__in=ids)}
        page.object_list = [found[each] for each in ids if each in found]
        return page


class OneOrder(ChangeList):
    """Sorted by the column that was clicked on, and not by the usual order behind it: an index ends there.
    A single page is read as one of many is.
    """

    def get_results(self, request: HttpRequest) -> None:
        """As Django's."""
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """As Django's."""
        chosen = ORDER_VAR in self.params
        return list(super().get_ordering(request, queryset.order_by() if chosen else queryset))


class FewFirst(admin.ChoicesFieldListFilter):
    """Where a choice leaves few rows these alone are sorted; where it leaves many, all are walked in order
    until a page is full.
    """

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """As Django's."""
        rows: Any = super().queryset(request, queryset)
        if not self.lookup_val:
            return rows
        few = list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
        if len(few) <= MOST:
            return rows.filter(pk__in=few)
        # No index answers iexact, and so none leads a database to sort all that the choice leaves.
        return queryset.filter(**{f"{self.field_path}__iexact": self.lookup_val[-1]})
