"""A person's way through Google's consent: who are you, do you trust this app, what may it do.

Every page's address carries the whole request (and `authuser`, once somebody was chosen), so that any of them
can be reloaded, opened in a second tab, or left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from sandbox.oauth.authorization import Authorization, parse
from sandbox.oauth.codes import Code
from sandbox.oauth.id_tokens import ISSUER
from sandbox.oauth.scopes import SIGN_IN, joined
from sandbox.pages import consent as consent_page
from sandbox.pages import sign_in
from sandbox.pages.blocked import Blocked
from sandbox.pages.layout import see_other
from sandbox.people import Person, is_address
from sandbox.wire import Request, Response
from sandbox.world import World


@dataclass(frozen=True)
class Chosen:
    """A request and the person it is put to. `number` is `authuser`."""

    asked: Authorization
    person: Person
    number: int


class ConsentPages:
    def __init__(self, world: World) -> None:
        self.world = world

    # Who

    def enter(self, request: Request) -> Response:
        """GET /o/oauth2/v2/auth. Raises Blocked for what Google does not put before anybody."""
        asked = parse(self.world.clients, request)
        people = self.world.browsers.people(request)
        if "none" in asked.prompts:
            return self._silently(asked, people)
        if asked.login_hint:
            number = _hinted(people, asked.login_hint)
            return see_other(asked.page("identifier")) if number is None else self._on(asked, people, number)
        if not people:
            return see_other(asked.page("identifier"))
        if len(people) > 1 or "select_account" in asked.prompts or self._wanted(asked, people[0]):
            return see_other(asked.page("chooser"))
        return self._on(asked, people, 0)

    def _silently(self, asked: Authorization, people: list[Person]) -> Response:
        """`prompt=none`: an answer without any page."""
        number = _hinted(people, asked.login_hint) if asked.login_hint else (0 if people else None)
        if number is None:
            return see_other(asked.answered(error="login_required"))
        if (len(people) > 1 and not asked.login_hint) or self._wanted(asked, people[number]):
            return see_other(asked.answered(error="interaction_required"))
        return self._on(asked, people, number)

    def chooser(self, request: Request) -> Response:
        asked = parse(self.world.clients, request)
        people = self.world.browsers.people(request)
        return sign_in.chooser(asked, people) if people else see_other(asked.page("identifier"))

    def identifier(self, request: Request) -> Response:
        asked = parse(self.world.clients, request)
        return sign_in.identifier(asked, self.world.people.shipped(), self._hinted_address(asked.login_hint))

    def _hinted_address(self, hint: str) -> str:
        person = self.world.people.of_subject(hint)
        return person.email if person else hint

    def choose(self, request: Request) -> Response:
        """POST of the chooser: `authuser`, or `email` (and `name`) to sign in with."""
        asked = parse(self.world.clients, request)
        form = _form(request)
        email = form.get("email", [""])[0].strip()
        if not email:
            person = self.world.browsers.chosen(request, form.get("authuser", [""])[0])
            if person is None:
                return see_other(asked.page("identifier"))
        else:
            if not is_address(email) or self.world.state.is_gone(email.lower()):
                words = "Couldn’t find your Google Account."
                return sign_in.identifier(asked, self.world.people.shipped(), email, words)
            person = self.world.people.find(email) or self._newcomer(email, form.get("name", [""])[0].strip())
        number, headers = self.world.browsers.sign_in(request, person)
        return self._next(Chosen(asked, person, number), headers)

    def _newcomer(self, email: str, name: str) -> Person:
        return self.world.people.add(email, name=name) if name else self.world.people.add(email)

    # What

    def _on(self, asked: Authorization, people: list[Person], number: int) -> Response:
        return self._next(Chosen(asked, people[number], number), {})

    def _next(self, chosen: Chosen, headers: dict[str, str]) -> Response:
        """The next page for this person, or back to the program where there is nothing to ask."""
        self._check_allowed(chosen)
        wanted = self._wanted(chosen.asked, chosen.person)
        if wanted is None:
            return self._finish(chosen, chosen.asked.scopes, asked_now=False, headers=headers)
        doubtful = not chosen.asked.client.verified and not wanted <= SIGN_IN
        name = "warning" if doubtful else "consent"
        return see_other(chosen.asked.page(name, authuser=str(chosen.number)), headers)

    def _check_allowed(self, chosen: Chosen) -> None:
        """Raises Blocked where the person may not use this program at all."""
        client, person = chosen.asked.client, chosen.person
        ordered = self.world.verdicts.take(person.email)
        if ordered:
            raise Blocked(ordered, client.name)
        if client.organization and person.hosted_domain != client.organization:
            raise Blocked("org_internal", client.name)
        if client.testing and client.test_users and person.email not in client.test_users:
            raise Blocked("access_denied", client.name)

    def _wanted(self, asked: Authorization, person: Person) -> frozenset[str] | None:
        """The scopes that have to be put to the person; None where there is nothing to ask."""
        granted = self.world.consents.scopes(person.email, asked.client.project)
        if "consent" in asked.prompts:
            return asked.scopes
        missing = asked.scopes - granted
        away = asked.offline and not self.world.consents.is_offline(person.email, asked.client.id)
        return missing or (asked.scopes if away else None)

    def warning(self, request: Request) -> Response:
        chosen = self._chosen(request)
        onward = chosen.asked.page("consent", authuser=str(chosen.number))
        return consent_page.unverified(chosen.asked, chosen.person, onward)

    def consent(self, request: Request) -> Response:
        chosen = self._chosen(request)
        asked, person = chosen.asked, chosen.person
        here = asked.page("consent", authuser=str(chosen.number))
        granted = self.world.consents.scopes(person.email, asked.client.project)
        wanted = self._wanted(asked, person)
        return consent_page.consent(
            asked, person, here, wanted=asked.scopes if wanted is None else wanted, granted=granted
        )

    def _chosen(self, request: Request) -> Chosen:
        """Whoever `authuser` says, if still signed in here. Raises Blocked otherwise."""
        asked = parse(self.world.clients, request)
        person = self.world.browsers.chosen(request, request.query.get("authuser", ""))
        if person is None:
            raise Blocked.bad_request("Nobody of that number is signed in in this browser", asked.client.name)
        return Chosen(asked, person, self.world.browsers.people(request).index(person))

    def decide(self, request: Request) -> Response:
        """POST of the consent page: `scope`, once for each that was ticked."""
        chosen = self._chosen(request)
        self._check_allowed(chosen)
        asked, person = chosen.asked, chosen.person
        wanted = self._wanted(asked, person) or asked.scopes
        ticked = wanted & frozenset(_form(request).get("scope", []))
        allowed = ticked | (wanted & SIGN_IN) | (asked.scopes - wanted)
        if not allowed:
            return see_other(asked.answered(error="access_denied"))
        return self._finish(chosen, allowed, asked_now=True, headers={})

    def _finish(
        self, chosen: Chosen, allowed: frozenset[str], *, asked_now: bool, headers: dict[str, str]
    ) -> Response:
        asked, person, client = chosen.asked, chosen.person, chosen.asked.client
        self.world.consents.allow(person.email, client.project, allowed)
        if asked.offline and asked_now:
            self.world.consents.allow_offline(person.email, client.id)
        scopes = allowed
        if asked.include_granted:
            scopes = self.world.consents.scopes(person.email, client.project)
        code = Code(
            client_id=client.id,
            redirect_uri=asked.redirect_uri,
            email=person.email,
            scopes=joined(scopes),
            refreshable=asked.offline and (asked_now or client.kind == "desktop"),
            nonce=asked.nonce,
            challenge=asked.challenge,
            challenge_method=asked.challenge_method,
        )
        fields = {"iss": ISSUER, "code": self.world.codes.issue(code, self.world.clock.time())}
        fields |= {"scope": joined(scopes), "authuser": str(chosen.number)}
        fields |= {"hd": person.hosted_domain} if person.hosted_domain else {}
        fields |= {"prompt": "consent" if asked_now else "none"}
        return see_other(asked.answered(**fields), headers)


def _hinted(people: list[Person], hint: str) -> int | None:
    """The number of the signed-in person whom `login_hint` means, by address or by subject."""
    hint = hint.strip().lower()
    numbers = (number for number, one in enumerate(people) if hint in (one.email, one.subject))
    return next(numbers, None)


def _form(request: Request) -> dict[str, list[str]]:
    return parse_qs(request.body.decode("utf-8", "replace"))


def routes(world: World) -> list[tuple[str, str, Callable[..., Response]]]:
    """(method, path, handler)."""
    pages = ConsentPages(world)
    return [
        ("GET", r"/o/oauth2(?:/v2)?/auth", pages.enter),
        ("GET", "/signin/oauth/chooser", pages.chooser),
        ("POST", "/signin/oauth/chooser", pages.choose),
        ("GET", "/signin/oauth/identifier", pages.identifier),
        ("GET", "/signin/oauth/warning", pages.warning),
        ("GET", "/signin/oauth/consent", pages.consent),
        ("POST", "/signin/oauth/consent", pages.decide),
    ]
