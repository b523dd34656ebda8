"""The sandbox's terms page in a browser: the ticket is read from behind the `#`."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.oauth.clients import WEB_ID
from sandbox.server import SandboxServer, make_server

NINA = "nina@bluebell-bakery.example"
HASHES = {
    "admin": "#/termsofservice/{}",
    "v3": "#management/TermsOfService/?api.accountTicketId={}",
    "v3 of old": "#management/TermsOfService/&api.accountTicketId={}",
}


class _Portal(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!DOCTYPE html><title>Portal</title><h1>Back at the portal</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


def _serving(server: ThreadingHTTPServer) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    return thread


@pytest.fixture(scope="module")
def google() -> Iterator[SandboxServer]:
    """A sandbox whose client belongs to a portal that says hello."""
    portal = ThreadingHTTPServer(("127.0.0.1", 0), _Portal)
    sandbox = make_server(portal=f"http://127.0.0.1:{portal.server_address[1]}")
    threads = [(server, _serving(server)) for server in (portal, sandbox)]
    yield sandbox
    for server, thread in threads:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def page(browser: Browser, google: SandboxServer) -> Iterator[Page]:
    google.world.reset()
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def ticket(google: SandboxServer) -> str:
    world = google.world
    asked = {"account": {"displayName": "Bluebell", "regionCode": "GB"}}
    back = f"{world.portal}/provisioning/tos/callback"
    return world.tickets.add(NINA, WEB_ID, "admin", asked, back, world.clock.time())


def open_terms(page: Page, google: SandboxServer, number: str, form: str = "admin") -> None:
    """Opens Google's address for a ticket, and signs in as Nina."""
    hash_part = HASHES[form].format(number)
    page.goto(f"{google.url}/analytics/web/?provisioningSignup=false&authuser={NINA}{hash_part}")
    expect(page.get_by_label("E-mail address")).to_have_value(NINA)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Google Analytics Terms of Service Agreement")


@pytest.mark.parametrize("form", HASHES)
def test_ticket_is_found_in_each_form_of_the_address(page: Page, google: SandboxServer, form: str) -> None:
    number = ticket(google)
    open_terms(page, google, number, form)
    page.goto(f"{google.url}/analytics/web/?provisioningSignup=false{HASHES[form].format(number)}")
    page.get_by_role("button", name="I Accept").click()
    expect(page.get_by_role("heading")).to_have_text("Back at the portal")
    account = google.world.access.accounts(NINA)
    assert page.url.endswith(f"/tos/callback?accountTicketId={number}&accountId={account[0]}")


def test_two_clicks_make_one_account_and_lead_back(page: Page, google: SandboxServer) -> None:
    open_terms(page, google, ticket(google))
    page.get_by_role("button", name="I Accept").dblclick()
    expect(page.get_by_role("heading")).to_have_text("Back at the portal")
    assert len(google.world.access.accounts(NINA)) == 1


def test_going_back_finds_the_terms_answered(page: Page, google: SandboxServer) -> None:
    open_terms(page, google, ticket(google))
    page.get_by_role("button", name="I Do Not Accept").click()
    expect(page.get_by_role("heading")).to_have_text("Back at the portal")
    page.go_back()
    expect(page.get_by_role("heading")).to_have_text("These terms were answered already")


def test_other_endings_are_at_hand(page: Page, google: SandboxServer) -> None:
    open_terms(page, google, ticket(google))
    page.get_by_text("In the sandbox it can also end like this").click()
    page.get_by_role("button", name="Too many accounts, and no way back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "You have reached the maximum number of accounts"
    )
    page.go_back()
    expect(page.get_by_role("button", name="I Accept")).to_be_visible()
