"""Every address of the resolver × every kind of person × every verb: no 500, nothing of another client's.

`WALK_TABLE=walk.txt .venv/bin/pytest tests/walk/test_every_address.py` writes down what was answered.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.walk.addresses import Address, every_address
from tests.walk.conftest import PEOPLE, Walk
from tests.walk.markup import raw
from tests.walk.table import Table
from tests.walk.world import word

VERBS = ("get", "head", "post", "put", "patch", "delete", "options")
TAKEN = {"get", "post"}  # by any address at all; the others are refused before anything is looked up
ADDRESSES = every_address()
# Who holds one of these tokens sees what it opens: that is what it is for.
OPENED_BY_A_TOKEN = ("share/<", "invitations/<", "provisioning/invite/<")


def seen(answer: Any, mark: str) -> bool:
    """Whether a page, a file or an address led to shows a mark, as it stands or escaped."""
    text = word(mark).encode()
    return text in answer.body or text in answer.get("Location", "").encode()


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """What was answered; in the file that `WALK_TABLE` names, where it does."""
    found = Table()
    yield found
    if name := os.environ.get("WALK_TABLE"):
        found.write(Path(name))


def faults_of(walk: Walk, address: Address, person: str, verb: str, table: Table) -> list[str]:
    """What is wrong with an address's answers, for what is one's own and for what is another's."""
    found = []
    hidden = walk.forbidden(person)
    both = address.is_somebodys and verb in TAKEN
    for whose in (walk.mine, walk.theirs)[: 2 if both else 1]:
        answer = walk.ask(person, verb, address.of(whose))
        table.add(address.route, person, verb, answer.status_code)
        said = f"{verb.upper()} {address.of(whose)} as {person}"
        if answer.status_code >= 500:
            found.append(f"{said}: {answer.status_code}")
        if hidden and seen(answer, hidden.mark) and not _opened(address, whose, hidden):
            found.append(f"{said}: shows what is not theirs")
        if raw(answer):
            found.append(f"{said}: shows markup as it came")
    return found


def _opened(address: Address, whose: Any, hidden: Any) -> bool:
    return whose is hidden and address.route.startswith(OPENED_BY_A_TOKEN)


@pytest.mark.parametrize("person", PEOPLE)
def test_no_answer_breaks_or_shows_what_is_not_ones_own(person, walk: Walk, table: Table):
    faults = [
        fault
        for address in ADDRESSES
        for verb in VERBS
        for fault in faults_of(walk, address, person, verb, table)
    ]
    assert faults == []


@pytest.mark.parametrize(("person", "names"), [
    ("owner", {"dashboards:views", "dashboards:dashboard", "accounts:record", "accounts:record_csv",
               "accounts:people", "embed:keys", "outside:sharing", "google:grants", "provisioning:request"}),
    ("staff", {"dashboards:home", "admin:dashboards_view_change", "admin:accounts_tenant_changelist",
               "admin:provisioning_provisioningrequest_change", "admin:accounts_auditentry_csv",
               "admin:dashboards_view_history"}),
])  # fmt: skip
def test_the_mark_is_found_where_it_is_ones_own(person, names, walk: Walk):
    own = [each for each in ADDRESSES if each.name in names]
    shown = {each.name for each in own if seen(walk.ask(person, "get", each.of(walk.mine)), walk.mine.mark)}
    assert shown == names
