"""Which views a person finds in a list, in which order: read from the summaries alone, a page at a time.

What a list costs does not grow with its rows: what it sorts by stands, indexed, in the summary itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property

from accounts.access import assigned_tenant_ids, tenants_of
from accounts.models import Membership, Tenant, User
from accounts.tenancy import all_tenants, tenant_scope
from dashboards.models import Summary, View

Standing = Summary.Standing

PAGE = 50

# By change means visits gained or lost, the losers first: percentages would put small sites on top.
SORTS = {
    "need": ("standing", "moved", "id"),
    "change": ("moved", "id"),
    "visits": ("-visits", "id"),
    "name": ("view__tenant__name", "view__name", "id"),
}
DEFAULT_SORT = "need"


@contextmanager
def reach(user: User) -> Iterator[QuerySet[Summary]]:
    """The summaries of the views this person may see, to be read inside: the tenants are in scope there.
    Those of paused clients are left out: nothing is read of them, and nobody needs to do anything.
    """
    if user.is_superuser:
        with all_tenants(reason="the agency owner's list of all views"):
            paused = list(Tenant.objects.exclude(paused_at=None).order_by().values_list("pk", flat=True))
            yield Summary.objects.exclude(tenant__in=paused) if paused else Summary.objects.all()
        return
    with tenant_scope({tenant.pk for tenant in tenants_of(user) if not tenant.is_paused}):
        yield _of(user)


def _of(user: User) -> QuerySet[Summary]:
    """All views of the tenants in scope, which are the person's; where they came as a viewer of chosen views,
    those alone.
    """
    rows = Summary.objects.all()
    memberships = Membership.objects.filter(user=user)
    partly = {each.tenant_id: each for each in memberships if not each.sees_every_view}
    if partly and user.is_staff:
        partly = {key: partly[key] for key in partly.keys() - assigned_tenant_ids(user)}
    if not partly:
        return rows
    chosen = View.objects.chosen_for(list(partly.values())).values("pk")
    return rows.filter(~Q(tenant__in=list(partly)) | Q(view__in=chosen))


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list. Nonsense in it asks for nothing."""

    text: str = ""
    sort: str = DEFAULT_SORT
    page: int = 1

    @classmethod
    def read(cls, params: Any) -> Asked:
        """From `q`, `sort` and `page`."""
        sort, page = params.get("sort", ""), params.get("page", "")
        return cls(
            text=params.get("q", "").replace("\0", "").strip()[:100],
            sort=sort if sort in SORTS else DEFAULT_SORT,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )


class Listing:
    """The rows that `asked` finds among `rows`, and how all of `rows` stand."""

    def __init__(self, rows: QuerySet[Summary], asked: Asked) -> None:
        self.rows = rows
        self.asked = asked

    @cached_property
    def standings(self) -> Counter[int]:
        """How many views stand how."""
        found = self.rows.order_by().values_list("standing").annotate(count=Count("pk"))
        return Counter(dict(found))

    @property
    def total(self) -> int:
        """How many views there are."""
        return sum(self.standings.values())

    @cached_property
    def clients(self) -> int:
        """How many clients they are of."""
        counted: int = self.rows.order_by().aggregate(count=Count("tenant_id", distinct=True))["count"]
        return counted

    @cached_property
    def found(self) -> int:
        """How many views match what was searched for."""
        return self._matching().count() if self.asked.text else self.total

    @property
    def pages(self) -> int:
        """On how many pages they stand; at least one."""
        return max(1, -(-self.found // PAGE))

    @property
    def page(self) -> int:
        """The page that is shown: the last one for whoever asks for more."""
        return min(max(self.asked.page, 1), self.pages)

    def shown(self) -> list[Summary]:
        """The rows of this page, each with its view and client."""
        start = (self.page - 1) * PAGE
        # The ids first: they stand in the index that sorts, so that a late page reads no more rows than one.
        order = self._matching().order_by(*SORTS[self.asked.sort]).values_list("pk", flat=True)
        ids = list(order[start : start + PAGE]) if self.found else []
        rows = self.rows.select_related("view__tenant").only(*_COLUMNS).in_bulk(ids)
        return [rows[each] for each in ids]

    def single(self) -> View | None:
        """The only view there is; None where there are none or several."""
        if self.total != 1:
            return None
        return self.rows.select_related("view__tenant").get().view

    def _matching(self) -> QuerySet[Summary]:
        text = self.asked.text
        if not text:
            return self.rows
        tenants = Tenant.objects.filter(name__icontains=text).order_by().values("pk")
        views = View.objects.filter(name__icontains=text).order_by().values("pk")
        return self.rows.filter(Q(tenant__in=tenants) | Q(view__in=views))


_COLUMNS = (
    "standing", "visits", "visits_before", "moved", "daily", "until", "last_data_on", "error_code",
    "tenant_id", "view__name", "view__slug", "view__property_name", "view__time_zone", "view__last_opened_at",
    "view__created_at", "view__tenant_id", "view__tenant__name", "view__tenant__slug",
)  # fmt: skip
