"""Every address of the resolver × every kind of person × every verb: no 500, nothing of another client's."""

from typing import Any

import pytest

from tests.walk.addresses import Address, every_address
from tests.walk.conftest import PEOPLE, Walk

VERBS = ("get", "head", "post", "put", "patch", "delete", "options")
TAKEN = {"get", "post"}  # by any address at all; the others are refused before anything is looked up
ADDRESSES = every_address()
# Who holds one of these tokens sees what it opens: that is what it is for.
OPENED_BY_A_TOKEN = ("share/<", "invitations/<", "provisioning/invite/<")


def seen(answer: Any, mark: str) -> bool:
    """Whether a page, a file or an address led to shows a mark, as it stands or escaped."""
    word = mark.partition("<")[0].encode()
    return word in answer.body or word in answer.get("Location", "").encode()


def raw(answer: Any) -> bool:
    """Whether an HTML page has a mark's markup as an element."""
    return answer.get("Content-Type", "").startswith("text/html") and b"<zq-" in answer.body


def faults_of(walk: Walk, address: Address, person: str, verb: str) -> list[str]:
    """What is wrong with an address's answers, for what is one's own and for what is another's."""
    found = []
    hidden = walk.forbidden(person)
    both = address.is_somebodys and verb in TAKEN
    for whose in (walk.mine, walk.theirs)[: 2 if both else 1]:
        answer = walk.ask(person, verb, address.of(whose))
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
def test_no_answer_breaks_or_shows_what_is_not_ones_own(person, walk: Walk):
    faults = [
        fault for address in ADDRESSES for verb in VERBS for fault in faults_of(walk, address, person, verb)
    ]
    assert faults == []


@pytest.mark.parametrize(("person", "names"), [
    ("owner", {"dashboards:views", "dashboards:dashboard", "accounts:record", "accounts:record_csv",
               "accounts:people", "embed:keys", "outside:sharing", "google:grants", "provisioning:request"}),
    ("staff", {"dashboards:home", "admin:dashboards_view_change", "admin:accounts_tenant_changelist",
               "admin:provisioning_provisioningrequest_change", "admin:accounts_auditentry_csv"}),
])  # fmt: skip
def test_the_mark_is_found_where_it_is_ones_own(person, names, walk: Walk):
    own = [each for each in ADDRESSES if each.name in names]
    shown = {each.name for each in own if seen(walk.ask(person, "get", each.of(walk.mine)), walk.mine.mark)}
    assert shown == names
