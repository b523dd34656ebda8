"""Version 3: tickets that make a whole tree, and the summaries that list it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.oauth.clients import WEB_ID
from sandbox.server import SandboxServer
from tests.sandbox.conftest import READONLY
from tests.sandbox.writing import AUTH, BACK, MARCO, NINA, Owner, Reader, carried

TICKETS = "/analytics/v3/provisioning/createAccountTicket"
SUMMARIES = "/analytics/v3/management/accountSummaries"
ASKED = {
    "account": {"name": "Bluebell"},
    "webproperty": {"name": "Shop", "websiteUrl": "https://shop.it"},
    "profile": {"name": "All visits", "timezone": "Europe/Rome"},
    "redirectUri": BACK,
}


@pytest.fixture
def nina(sandbox: SandboxServer) -> Iterator[Owner]:
    owner = Owner(sandbox)
    yield owner
    owner.session.close()


@pytest.fixture
def browser(sandbox: SandboxServer) -> Iterator[Reader]:
    reader = Reader(sandbox, NINA)
    yield reader
    reader.session.close()


def refusal(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["error"]["errors"][0]["reason"])


def test_ticket_repeats_what_was_asked(nina: Owner) -> None:
    made = nina.made(TICKETS, ASKED)
    assert made.pop("id") != ""
    assert made == ASKED | {"kind": "analytics#accountTicket"}


def test_accepting_makes_the_tree(nina: Owner, browser: Reader) -> None:
    ticket = nina.made(TICKETS, ASKED)["id"]
    assert "Europe/Rome" in browser.page(ticket)
    back = carried(browser.answer(ticket))
    account, profile = back["accountId"], back["profileId"]
    assert back == {
        "accountTicketId": ticket,
        "accountId": account,
        "webPropertyId": f"UA-{account}-1",
        "profileId": profile,
    }
    (summary,) = nina.get(SUMMARIES).json()["items"]
    (web,) = summary["webProperties"]
    assert (summary["id"], summary["name"], web["id"], web["name"], web["websiteUrl"]) == (
        *(account, "Bluebell", f"UA-{account}-1", "Shop", "https://shop.it"),
    )
    assert [(one["id"], one["name"]) for one in web["profiles"]] == [(profile, "All visits")]


def test_declining_leads_back_with_the_ticket(nina: Owner, browser: Reader) -> None:
    ticket = nina.made(TICKETS, ASKED)["id"]
    assert carried(browser.answer(ticket, "decline")) == {"accountTicketId": ticket, "error": "user_cancel"}
    assert nina.get(SUMMARIES).json()["items"] == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"account": {}}, "required"),
        ({"webproperty": {"name": "Shop"}}, "required"),
        ({"profile": {"name": ""}}, "required"),
        ({"profile": {"name": "All", "timezone": "Rome"}}, "invalidParameter"),
        ({"redirectUri": ""}, "required"),
        ({"redirectUri": "http://localhost:8000/"}, "invalidParameter"),
    ],
)
def test_wrong_tickets_are_refused(nina: Owner, wrong: dict[str, Any], reason: str) -> None:
    assert refusal(nina.post(TICKETS, ASKED | wrong)) == (400, reason)


def test_unknown_field_is_refused(nina: Owner) -> None:
    assert nina.post(TICKETS, ASKED | {"currency": "EUR"}).status_code == 400


def test_project_that_was_not_admitted(sandbox: SandboxServer, nina: Owner) -> None:
    sandbox.world.clients.change(WEB_ID, {"provisioning_v3": False})
    assert refusal(nina.post(TICKETS, ASKED)) == (403, "accessNotConfigured")


def test_account_tree_is_for_partners(nina: Owner) -> None:
    answer = nina.post("/analytics/v3/provisioning/createAccountTree", {})
    assert refusal(answer) == (403, "insufficientPermissions")


@pytest.mark.parametrize(
    ("scope", "ticket", "summaries"),
    [(READONLY, 401, 200), (AUTH + "analytics.edit", 401, 200), (AUTH + "analytics.provision", 200, 401)],
)
def test_another_scope_is_401_here(sandbox: SandboxServer, scope: str, ticket: int, summaries: int) -> None:
    narrow = Owner(sandbox, NINA, (scope,))
    found = narrow.post(TICKETS, ASKED).status_code, narrow.get(SUMMARIES).status_code
    assert found == (ticket, summaries)
    narrow.session.close()


def test_no_or_bad_credential(sandbox: SandboxServer) -> None:
    url = sandbox.url + SUMMARIES
    assert refusal(requests.get(url, timeout=5)) == (401, "required")
    bad = {"Authorization": "Bearer ya29.nothing"}
    assert refusal(requests.get(url, headers=bad, timeout=5)) == (401, "authError")


def test_accounts_with_newer_properties_alone_show_none(sandbox: SandboxServer) -> None:
    marco = Owner(sandbox, MARCO)
    answer = marco.get(SUMMARIES).json()
    assert [("webProperties" in one, one["kind"]) for one in answer["items"]] == [
        (False, "analytics#accountSummary")
    ]
    assert (answer["totalResults"], answer["username"]) == (1, MARCO)
    marco.session.close()


def test_summaries_in_pages(nina: Owner) -> None:
    for name in ("a", "b", "c"):
        nina.account(name)
    page = nina.get(f"{SUMMARIES}?start-index=2&max-results=1").json()
    whole = nina.get(SUMMARIES).json()
    assert (page["items"], page["totalResults"]) == ([whole["items"][1]], 3)
    assert refusal(nina.get(f"{SUMMARIES}?start-index=0")) == (400, "invalidParameter")
