"""The properties that a customer chooses from: searched, grouped by account, page by page. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from provisioning.models import ReachableProperty

PAGE_ROWS = 50
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Row:
    """One property, and whether it is ticked."""

    property_id: str
    name: str
    is_ticked: bool


@dataclass(frozen=True)
class Page:
    """One page of those that match `search`. `accounts` are names with their rows; one may go on overleaf."""

    accounts: list[tuple[str, list[Row]]]
    search: str
    number: int
    last: int
    found: int
    total: int
    chosen: int

    @property
    def earlier(self) -> int:
        """The number of the page before; 0 where there is none."""
        return self.number - 1

    @property
    def later(self) -> int:
        """The number of the page after; 0 where there is none."""
        return self.number + 1 if self.number < self.last else 0


def asked(params: Mapping[str, str]) -> tuple[str, int]:
    """Search and page of an address or a form; what makes no sense asks nothing."""
    page = params.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return params.get("q", "").strip()[:LONGEST_SEARCH], max(1, number)


def matching(rows: Sequence[ReachableProperty], search: str) -> list[ReachableProperty]:
    """Those whose property, account or number contains it, in any case of letters."""
    wanted = search.casefold()
    return [row for row in rows if wanted in f"{row.name}\n{row.account_name}\n{row.property_id}".casefold()]


def page_of(rows: Sequence[ReachableProperty], chosen: Collection[str], search: str, number: int) -> Page:
    """The page with this number, or the last where there are fewer."""
    found = matching(rows, search)
    last = max(1, -(-len(found) // PAGE_ROWS))
    number = min(number, last)
    shown = found[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    ticked = set(chosen)
    return Page(
        accounts=[
            (name, [Row(each.property_id, each.name, each.property_id in ticked) for each in inside])
            for name, inside in groupby(shown, key=lambda each: each.account_name)
        ],
        search=search,
        number=number,
        last=last,
        found=len(found),
        total=len(rows),
        chosen=sum(1 for row in rows if row.property_id in ticked),
    )
