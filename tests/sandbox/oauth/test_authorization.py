"""What a program may ask for, and which of Google's pages meets what it may not."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.consenting import Blocked, parameters
from tests.sandbox.oauth.program import CALLBACK, EDIT, MARCO, READONLY, Program

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Instagram 300.0"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)


def blocked(program: Program, **asked: Any) -> tuple[Any, ...]:
    with pytest.raises(Blocked) as caught:
        program.consent(**asked)
    return caught.value.args


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ({"client_id": None}, (400, "invalid_request")),
        ({"client_id": "stranger"}, (401, "invalid_client")),
        ({"redirect_uri": None}, (400, "invalid_request")),
        ({"redirect_uri": CALLBACK + "/"}, (400, "redirect_uri_mismatch")),
        ({"redirect_uri": CALLBACK.replace("http:", "https:")}, (400, "redirect_uri_mismatch")),
        ({"redirect_uri": CALLBACK.replace("callback", "Callback")}, (400, "redirect_uri_mismatch")),
        ({"redirect_uri": CALLBACK + "?next=1"}, (400, "redirect_uri_mismatch")),
        ({"redirect_uri": "http://127.0.0.1:5000/"}, (400, "redirect_uri_mismatch")),
        ({"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}, (400, "redirect_uri_mismatch")),
        ({"response_type": None}, (400, "invalid_request")),
        ({"response_type": "token"}, (400, "invalid_request")),
        ({"scope": None}, (400, "invalid_request")),
        ({"scope": f"{READONLY} analytics.readonly"}, (400, "invalid_scope")),
        ({"access_type": "always"}, (400, "invalid_request")),
        ({"prompt": "none consent"}, (400, "invalid_request")),
        ({"prompt": "Consent"}, (400, "invalid_request")),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, (400, "invalid_request")),
        ({"code_challenge_method": "S256"}, (400, "invalid_request")),
    ],
)
def test_a_wrong_request_ends_on_googles_own_page(
    program: Program, asked: dict[str, Any], page: tuple[int, str]
) -> None:
    assert blocked(program, **asked) == page


@pytest.mark.parametrize("status", ["deleted", "disabled"])
def test_a_client_that_is_no_more_has_a_page(program: Program, status: str) -> None:
    program.control("clients", status=status)
    assert blocked(program) == (401, f"{status}_client")


def test_what_the_request_carried_is_shown_harmless(program: Program) -> None:
    page = requests.get(program.address(redirect_uri="http://x/<script>"), timeout=10)
    assert (page.status_code, "<script>" in page.text, "&lt;script&gt;" in page.text) == (400, False, True)


@pytest.mark.parametrize("agent", [ANDROID, INSTAGRAM])
def test_a_browser_inside_an_app_is_refused(program: Program, agent: str) -> None:
    page = requests.get(program.address(), headers={"User-Agent": agent}, timeout=10)
    assert (page.status_code, "Error 403: disallowed_useragent" in page.text) == (403, True)


def test_a_phones_own_browser_is_welcome(program: Program) -> None:
    assert requests.get(program.address(), headers={"User-Agent": SAFARI}, timeout=10).status_code == 200


@pytest.mark.parametrize("path", ["/o/oauth2/auth", "/o/oauth2/v2/auth"])
def test_both_addresses_lead_to_consent(program: Program, path: str) -> None:
    assert parameters(program.consent(path=path))["state"] == "opaque"


def test_only_get_is_known(program: Program) -> None:
    assert requests.post(program.address(), timeout=10).status_code == 404


@pytest.mark.parametrize(
    "uri",
    ["http://127.0.0.1:1/", "http://127.0.0.1:65000/any/path", "http://localhost:8085", "http://[::1]:9/"],
)
def test_a_desktop_program_returns_to_any_loopback_port(desktop: Program, uri: str) -> None:
    assert desktop.consent(redirect_uri=uri).startswith(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1/\r\nX: y",
    ],
)
def test_a_desktop_program_returns_nowhere_else(desktop: Program, uri: str) -> None:
    assert blocked(desktop, redirect_uri=uri) == (400, "redirect_uri_mismatch")


@pytest.mark.parametrize(
    "outcome", ["admin_policy_enforced", "org_internal", "rate_limit_exceeded", "access_denied"]
)
def test_a_refusal_may_be_ordered_for_one_person_once(program: Program, outcome: str) -> None:
    program.control("consent", outcome=outcome, email=MARCO)
    assert parameters(program.consent("somebody@else.example"))["state"] == "opaque"
    status = 400 if outcome == "admin_policy_enforced" else 403
    assert blocked(program, email=MARCO) == (status, outcome)
    assert parameters(program.consent(MARCO))["state"] == "opaque"


def test_a_project_in_testing_lets_only_its_testers_in(program: Program) -> None:
    program.control("clients", testing=True, test_users=[MARCO])
    assert blocked(program, email="somebody@else.example") == (403, "access_denied")
    assert parameters(program.consent(MARCO))["scope"] == READONLY


def test_an_internal_project_lets_only_its_organization_in(program: Program) -> None:
    program.control("clients", organization="northlight.example")
    assert blocked(program, email=MARCO) == (403, "org_internal")
    back = parameters(program.consent("agency@northlight.example", scope=f"{READONLY} {EDIT}"))
    assert back["hd"] == "northlight.example"
