"""A person's way through the consent: who is asked what, and what the program hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.server import SandboxServer
from tests.consenting import Visitor, parameters
from tests.sandbox.oauth.program import (
    AGENCY,
    CALLBACK,
    EDIT,
    EMAIL_SCOPE,
    MARCO,
    NINA,
    PROFILE_SCOPE,
    READONLY,
    USERS,
    Program,
)

ALL = f"openid email profile {READONLY} {EDIT}"


@pytest.fixture
def visitor(program: Program) -> Iterator[Visitor]:
    visitor = program.visitor()
    yield visitor
    visitor.close()


def page(at: str) -> str:
    return urlsplit(at).path.rpartition("/")[2]


def offered(visitor: Visitor, at: str) -> list[str]:
    """The scopes that have a box on a consent page."""
    return re.findall(r'type="checkbox" name="scope" value="([^"]+)"', visitor.session.get(at).text)


def test_success_carries_what_googles_does(program: Program) -> None:
    back = program.consent(AGENCY)
    fields = parameters(back)
    assert (back.partition("?")[0], fields.pop("code")[:3]) == (CALLBACK, "4/0")
    assert fields == {
        "state": "opaque",
        "iss": "https://accounts.google.com",
        "scope": READONLY,
        "authuser": "0",
        "hd": "northlight.example",
        "prompt": "consent",
    }


def test_denial_carries_error_and_state_alone(program: Program) -> None:
    assert parameters(program.consent(deny=True)) == {"error": "access_denied", "state": "opaque"}


def test_no_state_none_back(program: Program) -> None:
    assert parameters(program.consent(deny=True, state=None)) == {"error": "access_denied"}


def test_a_new_browser_is_asked_for_an_address(program: Program, visitor: Visitor) -> None:
    assert page(visitor.session.get(program.address()).url) == "identifier"


def test_the_signed_in_are_offered_and_another_account(program: Program, visitor: Visitor) -> None:
    visitor.consent(program.address(), MARCO)
    chooser = visitor.session.get(program.address(prompt="select_account")).text
    assert ("Marco Porto" in chooser, "Use another account" in chooser, "Nina" in chooser) == (
        True,
        True,
        False,
    )


def test_several_signed_in_people_are_told_apart_by_authuser(program: Program, visitor: Visitor) -> None:
    visitor.consent(program.address(), MARCO)
    assert parameters(visitor.consent(program.address(login_hint=NINA), NINA))["authuser"] == "1"
    assert (
        page(visitor.session.get(program.address(), allow_redirects=False).headers["Location"]) == "chooser"
    )


def test_a_hint_preselects_who_is_signed_in(program: Program, visitor: Visitor) -> None:
    visitor.consent(program.address(), MARCO)
    visitor.consent(program.address(login_hint=NINA), NINA)
    back = visitor.consent(program.address(login_hint=MARCO), "nobody")
    assert parameters(back)["authuser"] == "0"


def test_a_hint_of_somebody_else_fills_in_the_address(program: Program, visitor: Visitor) -> None:
    visitor.consent(program.address(), MARCO)
    entered = visitor.session.get(program.address(login_hint="new@shop.example"))
    assert (page(entered.url), 'value="new@shop.example"' in entered.text) == ("identifier", True)


@pytest.mark.parametrize("email", ["robot@demo.iam.gserviceaccount.com", "not an address", "a@b"])
def test_who_cannot_sign_in_is_told(program: Program, visitor: Visitor, email: str) -> None:
    at = program.address().replace("/o/oauth2/v2/auth", "/signin/oauth/chooser")
    answer = visitor.session.post(at, data={"email": email})
    assert (answer.status_code, "Couldn’t find your Google Account" in answer.text) == (400, True)


def test_an_address_nobody_has_becomes_a_new_person(program: Program, visitor: Visitor) -> None:
    at = program.address(scope=ALL).replace("/o/oauth2/v2/auth", "/signin/oauth/chooser")
    consent = visitor.session.post(at, data={"email": "Una@New.example", "name": "Una Nuova"})
    assert ("Una Nuova" in consent.text, "una@new.example" in consent.text) == (True, True)


def test_one_scope_has_no_box_and_several_have_one_each(program: Program, visitor: Visitor) -> None:
    one = visitor.arrive(program.address(scope=f"openid email {READONLY}"), MARCO)
    assert offered(visitor, one) == []
    several = visitor.arrive(
        program.address(scope=f"openid email {READONLY} {EDIT} {USERS}", login_hint=MARCO)
    )
    assert offered(visitor, several) == [EDIT, USERS, READONLY]


def test_boxes_come_empty(program: Program, visitor: Visitor) -> None:
    at = visitor.arrive(program.address(scope=ALL), MARCO)
    assert " checked" not in visitor.session.get(at).text


def test_an_unticked_scope_is_not_granted_and_all_the_same_it_is_success(program: Program) -> None:
    back = parameters(program.consent(scope=ALL, refuse=("analytics.edit",)))
    assert set(back["scope"].split()) == {READONLY, "openid", EMAIL_SCOPE, PROFILE_SCOPE}


def test_with_every_box_empty_signing_in_is_left(program: Program) -> None:
    back = parameters(program.consent(scope=ALL, refuse=(READONLY, EDIT)))
    assert set(back["scope"].split()) == {"openid", EMAIL_SCOPE, PROFILE_SCOPE}


def test_nothing_ticked_and_nobody_to_sign_in_is_a_denial(program: Program) -> None:
    back = parameters(program.consent(scope=f"{READONLY} {EDIT}", refuse=(READONLY, EDIT)))
    assert back == {"error": "access_denied", "state": "opaque"}


def test_only_what_was_asked_can_be_ticked(program: Program, visitor: Visitor) -> None:
    at = visitor.arrive(program.address(), MARCO)
    answer = visitor.session.post(at, data={"scope": [READONLY, EDIT]}, allow_redirects=False)
    assert parameters(answer.headers["Location"])["scope"] == READONLY


def test_a_second_time_nothing_is_asked(program: Program, visitor: Visitor) -> None:
    visitor.consent(program.address(), MARCO)
    again = parameters(visitor.arrive(program.address()))
    assert (again["scope"], again["prompt"]) == (READONLY, "none")


def test_consent_is_asked_again_when_the_program_wants_it(program: Program, visitor: Visitor) -> None:
    visitor.consent(program.address(), MARCO)
    assert page(visitor.arrive(program.address(prompt="consent"), MARCO)) == "consent"


def test_only_the_missing_scope_is_put_to_the_person(program: Program, visitor: Visitor) -> None:
    visitor.consent(program.address(), MARCO)
    at = visitor.arrive(program.address(scope=f"{READONLY} {EDIT}"), MARCO)
    text = visitor.session.get(at).text
    assert (EDIT in text, f'value="{READONLY}"' in text) == (True, False)
    back = parameters(visitor.consent(program.address(scope=f"{READONLY} {EDIT}"), MARCO))
    assert set(back["scope"].split()) == {READONLY, EDIT}


@pytest.mark.parametrize(
    ("included", "scopes"), [("true", {READONLY, EDIT}), ("false", {EDIT}), (None, {EDIT})]
)
def test_earlier_scopes_ride_along_where_asked(
    program: Program, included: str | None, scopes: set[str]
) -> None:
    program.consent(MARCO)
    back = parameters(program.consent(MARCO, scope=EDIT, include_granted_scopes=included))
    assert set(back["scope"].split()) == scopes


def test_aliases_come_back_in_full(program: Program) -> None:
    back = parameters(program.consent(scope="email profile", access_type="online"))
    assert set(back["scope"].split()) == {"openid", EMAIL_SCOPE, PROFILE_SCOPE}


def test_an_unverified_program_is_warned_of(program: Program, visitor: Visitor) -> None:
    program.control("clients", verified=False)
    at = visitor.arrive(program.address(), MARCO)
    text = visitor.session.get(at).text
    assert (page(at), "Google hasn’t verified this app" in text, "(unsafe)" in text) == (
        "warning",
        True,
        True,
    )


def test_signing_in_alone_needs_no_verification(program: Program, visitor: Visitor) -> None:
    program.control("clients", verified=False)
    assert page(visitor.arrive(program.address(scope="openid email"), MARCO)) == "consent"


def test_without_pages_a_stranger_and_an_unasked_are_errors(program: Program, visitor: Visitor) -> None:
    silent = program.address(prompt="none")
    assert parameters(visitor.arrive(silent)) == {"state": "opaque", "error": "login_required"}
    visitor.arrive(program.address(), MARCO)
    assert parameters(visitor.arrive(silent)) == {"state": "opaque", "error": "interaction_required"}
    visitor.consent(program.address(), MARCO)
    assert parameters(visitor.arrive(silent))["prompt"] == "none"


@pytest.mark.parametrize("authuser", ["0", "-1", "²", "9" * 5000, "nobody@else.example", "x"])
def test_a_consent_page_of_nobody_is_refused(program: Program, visitor: Visitor, authuser: str) -> None:
    at = program.address(authuser=authuser).replace("/o/oauth2/v2/auth", "/signin/oauth/consent")
    assert visitor.session.get(at).status_code == 400
    assert visitor.session.post(at, data={"scope": READONLY}).status_code == 400


def test_pages_cannot_be_framed(program: Program) -> None:
    assert requests.get(program.address(), timeout=10).headers["X-Frame-Options"] == "DENY"


def test_a_reset_forgets_consents_and_new_people(sandbox: SandboxServer, program: Program) -> None:
    program.consent("new@person.example")
    program.control("reset")
    found = [sandbox.world.people.find(email) is not None for email in ("new@person.example", MARCO)]
    assert found == [False, True]
    assert sandbox.world.consents.scopes("new@person.example", "belvedere-demo") == frozenset()
