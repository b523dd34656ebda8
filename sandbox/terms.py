"""Answering an account ticket at the Terms of Service page: the account is made, or not, and the person sent
back to the app that asked for it.

https://developers.google.com/analytics/devguides/config/admin/v1/account-provisioning
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from sandbox.pages import terms as pages
from sandbox.pages.layout import see_other
from sandbox.pages.terms import Stop
from sandbox.people import Person, is_address
from sandbox.tickets import Ticket
from sandbox.wire import Request, Response
from sandbox.world import World

_ERRORS = {
    "decline": "user_cancel",
    "limit": "max_accounts_reached",
    "backend_error": "backend_error",
    "unknown_error": "something_unheard_of",
}
_ANSWERS = _ERRORS.keys() | {"accept", *pages.ENDINGS}
USUAL_ZONE = "America/Los_Angeles"


class Terms:
    def __init__(self, world: World) -> None:
        self.world = world

    def shell(self, request: Request) -> Response:
        return pages.shell()

    def show(self, request: Request) -> Response:
        ticket, person = self._open(
            request, request.query.get("ticket", ""), request.query.get("authuser", "")
        )
        client = self.world.clients.find(ticket.client_id)
        return pages.terms(ticket, person, client.name if client else "An app")

    def answer(self, request: Request) -> Response:
        form = _form(request)
        ticket, person = self._open(request, form.get("ticket", ""), form.get("authuser", ""))
        answer = form.get("answer", "")
        if answer not in _ANSWERS:
            raise Stop("Something went wrong", "This is no answer to these terms.", status=400)
        if answer in ("accept", "walk_away") and self._is_full(person):
            answer = "limit" if self.world.tickets.limit_redirects else "limit_page"
        if answer == "limit_page":
            raise _limit_reached()
        if not self.world.tickets.answer(ticket.id, answer):
            raise _used()
        if answer in _ERRORS:
            return _back(ticket, {"error": _ERRORS[answer]})
        ids = self._make(ticket, person)
        if answer == "walk_away":
            raise Stop("Your account was made", "In the sandbox, you have just closed this page.")
        return _back(ticket, ids)

    def sign_in(self, request: Request) -> Response:
        """Be somebody else in this browser, and see the page as that person."""
        form = _form(request)
        email = form.get("email", "").strip().lower()
        person = self.world.people.find(email)
        if person is None and is_address(email):
            person = self.world.people.add(email)
        if person is None:
            raise Stop("Couldn’t sign you in", "This is no e-mail address of a person.", status=400)
        _, headers = self.world.browsers.sign_in(request, person)
        where = f"?provisioningSignup=false&authuser={quote(person.email)}#/termsofservice/"
        return see_other(f"/analytics/web/{where}{quote(form.get('ticket', ''), safe='')}", headers)

    def _open(self, request: Request, ticket_id: str, authuser: str) -> tuple[Ticket, Person]:
        """The ticket, if it can still be answered, and by the person whom the address means."""
        ticket = self.world.tickets.find(ticket_id)
        if ticket is None:
            raise Stop("Something went wrong", "Google Analytics does not know this request.")
        people = self.world.browsers.people(request)
        person = self.world.browsers.chosen(request, authuser)
        if person is None:
            raise pages.signed_out(ticket_id, authuser, people)
        if person.email != ticket.email:
            raise pages.wrong_person(ticket_id, person, people)
        if ticket.outcome:
            raise _used()
        if ticket.expires <= self.world.clock.time():
            raise Stop("This request has expired", "Go back to the app that you came from, and begin again.")
        return ticket, person

    def _is_full(self, person: Person) -> bool:
        return len(self.world.access.accounts(person.email)) >= person.account_limit

    def _make(self, ticket: Ticket, person: Person) -> dict[str, str]:
        """The account and, with version 3, all that belongs to it; the ids as the way back carries them."""
        region = ticket.asked["account"].get("regionCode", "")
        account = self.world.created.add_account(ticket.account_name, region, self.world.clock.time())
        self.world.access.bind(f"accounts/{account.id}", person.email, frozenset({"admin"}))
        if ticket.kind != "v3":
            return {"accountId": account.id}
        web, profile = ticket.asked["webproperty"], ticket.asked["profile"]
        tree = self.world.trees.add(
            account.id, web["name"], web["websiteUrl"], profile["name"], profile.get("timezone") or USUAL_ZONE
        )
        return {"accountId": account.id, "webPropertyId": tree.web_property, "profileId": tree.profile}


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _back(ticket: Ticket, parameters: dict[str, str]) -> Response:
    """To where the app wants people, with the ticket first, on errors too."""
    parts = urlsplit(ticket.redirect_uri)
    query = urlencode([*parse_qsl(parts.query), ("accountTicketId", ticket.id), *parameters.items()])
    return see_other(urlunsplit((*parts[:3], query, parts.fragment)))


def _used() -> Stop:
    return Stop("These terms were answered already", "Go back to the app that you came from.")


def _limit_reached() -> Stop:
    return Stop(
        "You have reached the maximum number of accounts",
        "Delete an account that you no longer need in Google Analytics, and try again.",
    )


def routes(world: World) -> list[tuple[str, str, Callable[..., Response]]]:
    terms = Terms(world)
    return [
        ("GET", r"/analytics/web/", terms.shell),
        ("GET", r"/analytics/web/terms", terms.show),
        ("POST", r"/analytics/web/terms", terms.answer),
        ("POST", r"/analytics/web/sign-in", terms.sign_in),
    ]
