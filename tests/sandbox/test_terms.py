"""Tickets for accounts, and the terms page on which they are answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from sandbox.server import SandboxServer
from tests.sandbox.writing import BACK, MARCO, NINA, Owner, Reader, carried, title

TICKETS = "/v1beta/accounts:provisionAccountTicket"
AGREEMENT = "Google Analytics Terms of Service Agreement"
ASKED = {"account": {"displayName": "Bluebell", "regionCode": "GB"}, "redirectUri": BACK}


@pytest.fixture
def nina(sandbox: SandboxServer) -> Iterator[Owner]:
    owner = Owner(sandbox)
    yield owner
    owner.session.close()


@pytest.fixture
def browser(sandbox: SandboxServer) -> Iterator[Reader]:
    """Nina is signed in."""
    reader = Reader(sandbox, NINA)
    yield reader
    reader.session.close()


def accounts(owner: Owner) -> list[str]:
    listed = owner.get("/v1beta/accountSummaries").json().get("accountSummaries", [])
    return [one["displayName"] for one in listed]


@pytest.mark.parametrize("version", ["v1beta", "v1alpha"])
def test_ticket_is_given_for_an_account(nina: Owner, version: str) -> None:
    answer = nina.post(f"/{version}/accounts:provisionAccountTicket", ASKED)
    assert (answer.status_code, list(answer.json())) == (200, ["accountTicketId"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": {}},
        {"account": {"displayName": "  "}},
        {"account": {"displayName": "𝒜" * 51}},
        {"account": {"displayName": "Bluebell", "regionCode": "UK"}},
        {"redirectUri": ""},
        {"redirectUri": BACK + "/"},
        {"redirectUri": "https://elsewhere.example/"},
        {"nothing": 1},
    ],
)
def test_wrong_tickets_are_refused(nina: Owner, wrong: dict[str, Any]) -> None:
    assert nina.told("POST", TICKETS, ASKED | wrong) == (400, "INVALID_ARGUMENT")


def test_fifty_letters_of_two_units_are_a_name(nina: Owner) -> None:
    assert nina.post(TICKETS, ASKED | {"account": {"displayName": "𝒜" * 50}}).status_code == 200


def test_ticket_needs_the_right_to_edit(robots: Any) -> None:
    assert robots().post(TICKETS, ASKED).json()["error"]["status"] == "PERMISSION_DENIED"


def test_accepting_makes_the_account_and_leads_back(nina: Owner, browser: Reader) -> None:
    ticket = nina.ticket()
    assert title(browser.page(ticket)) == AGREEMENT
    answer = browser.answer(ticket)
    number = carried(answer)["accountId"]
    assert answer.headers["Location"] == f"{BACK}?accountTicketId={ticket}&accountId={number}"
    account = nina.get(f"/v1beta/accounts/{number}").json()
    made = datetime.fromisoformat(account.pop("createTime"))
    assert account.pop("updateTime")[:10] == f"{made:%Y-%m-%d}"
    assert account == {"name": f"accounts/{number}", "displayName": "Bluebell", "regionCode": "GB"}
    assert abs(made.timestamp() - nina.server.world.clock.time()) < 60
    assert accounts(nina) == ["Bluebell"]


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("decline", "user_cancel"),
        ("limit", "max_accounts_reached"),
        ("backend_error", "backend_error"),
        ("unknown_error", "something_unheard_of"),
    ],
)
def test_errors_lead_back_with_the_ticket(nina: Owner, browser: Reader, how: str, error: str) -> None:
    ticket = nina.ticket()
    assert carried(browser.answer(ticket, how)) == {"accountTicketId": ticket, "error": error}
    assert accounts(nina) == []


def test_walking_away_makes_the_account_and_leads_nowhere(nina: Owner, browser: Reader) -> None:
    answer = browser.answer(nina.ticket(), "walk_away")
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert accounts(nina) == ["Bluebell"]


def test_limit_without_a_way_back_leaves_the_ticket_open(nina: Owner, browser: Reader) -> None:
    ticket = nina.ticket()
    answer = browser.answer(ticket, "limit_page")
    assert (title(answer.text), "Location" in answer.headers) == (
        "You have reached the maximum number of accounts",
        False,
    )
    assert title(browser.page(ticket)) == AGREEMENT


def test_ticket_is_answered_once(nina: Owner, browser: Reader) -> None:
    ticket = nina.ticket()
    browser.answer(ticket)
    assert carried(browser.answer(ticket)) == {}
    assert title(browser.page(ticket)) == "These terms were answered already"
    assert accounts(nina) == ["Bluebell"]


def test_tickets_expire(nina: Owner, browser: Reader) -> None:
    ticket = nina.ticket()
    nina.control("POST", "clock", {"advance_s": 15 * 60 - 5})
    assert title(browser.page(ticket)) == AGREEMENT
    nina.control("POST", "clock", {"advance_s": 6})
    assert title(browser.page(ticket)) == "This request has expired"
    assert carried(browser.answer(ticket)) == {}


def test_life_of_tickets_by_order(nina: Owner, browser: Reader) -> None:
    nina.control("POST", "terms", {"ticket_life_s": 0})
    assert title(browser.page(nina.ticket())) == "This request has expired"


def test_unknown_ticket_and_unknown_answer(nina: Owner, browser: Reader) -> None:
    assert title(browser.page("nothing")) == "Something went wrong"
    assert browser.answer(nina.ticket(), "perhaps").status_code == 400


def test_only_its_owner_sees_a_ticket(sandbox: SandboxServer, nina: Owner) -> None:
    marco = Reader(sandbox, MARCO)
    ticket = nina.ticket()
    assert title(marco.page(ticket)) == "You do not have access to this request"
    assert carried(marco.answer(ticket)) == {}
    marco.session.close()


def test_nobody_signed_in_is_asked_to_sign_in(sandbox: SandboxServer, nina: Owner) -> None:
    nobody = Reader(sandbox)
    ticket = nina.ticket()
    assert title(nobody.page(ticket, NINA)) == "Sign in"
    onward = nobody.sign_in(NINA, ticket)
    assert onward == (
        "/analytics/web/?provisioningSignup=false&authuser=nina%40bluebell-bakery.example"
        f"#/termsofservice/{ticket}"
    )
    assert title(nobody.page(ticket, NINA)) == AGREEMENT
    nobody.session.close()


@pytest.mark.parametrize(
    ("authuser", "sees"),
    [("", False), ("0", False), ("1", True), (NINA, True), (MARCO, False), ("2", False)],
)
def test_authuser_chooses_among_the_signed_in(
    sandbox: SandboxServer, nina: Owner, authuser: str, sees: bool
) -> None:
    both = Reader(sandbox, MARCO, NINA)
    assert (title(both.page(nina.ticket(), authuser)) == AGREEMENT) is sees
    both.session.close()


def test_what_was_asked_is_shown_as_text(nina: Owner, browser: Reader) -> None:
    assert "Bell &lt;b&gt; &amp; Co" in browser.page(nina.ticket("Bell <b> & Co"))


@pytest.mark.parametrize("redirects", [True, False])
def test_limit_of_accounts(sandbox: SandboxServer, redirects: bool) -> None:
    sandbox.world.people.add("full@bluebell.example", account_limit=1)
    full, reader = Owner(sandbox, "full@bluebell.example"), Reader(sandbox, "full@bluebell.example")
    full.control("POST", "terms", {"limit_redirects": redirects})
    full.account("First")
    found = carried(reader.answer(full.ticket()))
    assert found.get("error") == ("max_accounts_reached" if redirects else None)
    assert accounts(full) == ["First"]
    for one in (full, reader):
        one.session.close()


def test_an_address_that_nobody_has_becomes_a_person(sandbox: SandboxServer) -> None:
    reader = Reader(sandbox)
    answer = reader._post("sign-in", {"email": ROBOTS, "ticket": "x"})
    assert (answer.status_code, reader.sign_in("new@bluebell.example") != "") == (400, True)
    reader.session.close()


ROBOTS = "robot@demo.iam.gserviceaccount.com"


def test_reset_forgets_accounts_and_tickets(nina: Owner, browser: Reader) -> None:
    ticket = nina.ticket()
    browser.answer(ticket)
    nina.server.world.reset()
    assert title(browser.page(ticket)) == "Something went wrong"
    assert nina.server.world.access.accounts(NINA) == []
