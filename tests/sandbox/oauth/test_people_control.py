"""The levers for people and clients, and what the journal keeps of a consent."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import requests

from sandbox.server import SandboxServer, make_server
from tests.consenting import parameters
from tests.sandbox.oauth.program import MARCO, READONLY, Program


def test_a_person_is_made_with_properties(program: Program) -> None:
    program.control(
        "people", email="Ada@Shop.example", name="Ada", properties=["properties/310000001", 310000002]
    )
    body = program.get("/v1beta/accountSummaries", program.tokens("ada@shop.example")["access_token"]).json()
    found = [prop["property"] for one in body["accountSummaries"] for prop in one["propertySummaries"]]
    assert found == ["properties/310000001", "properties/310000002"]


def test_a_person_keeps_what_is_not_named(sandbox: SandboxServer, program: Program) -> None:
    program.control("people", email=MARCO, account_limit=1)
    person = sandbox.world.people.find(MARCO)
    assert person is not None
    assert (person.name, person.account_limit) == ("Marco Porto", 1)
    program.control("reset")
    assert sandbox.world.people.find(MARCO) == replace(person, account_limit=100)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("people", {}),
        ("people", {"email": "nobody"}),
        ("people", {"email": "a@b.example", "age": 3}),
        ("people", {"email": "a@b.example", "name": 5}),
        ("people", {"email": "a@b.example", "properties": "1"}),
        ("people", {"email": "a@b.example", "properties": ["x"]}),
        ("clients", {"nonsense": 1}),
        ("clients", {"redirect_uris": 5}),
        ("clients", {"redirect_uris": [5]}),
        ("clients", {"verified": "yes"}),
        ("clients", {"kind": "phone"}),
        ("clients", {"status": "tired"}),
        ("consent", {"outcome": "boredom"}),
        ("consent", {}),
        ("consent", {"outcome": "org_internal", "count": []}),
    ],
)
def test_what_makes_no_sense_is_refused(program: Program, name: str, body: dict[str, object]) -> None:
    assert requests.post(f"{program.url}/_sandbox/{name}", json=body, timeout=10).status_code == 400


def test_another_client_can_be_registered(sandbox: SandboxServer, program: Program) -> None:
    other = Program(sandbox.url, ("other.apps.googleusercontent.com", "hush"), "https://other.example/back")
    program.control("clients", id=other.client_id, secret="hush", redirect_uris=[other.callback])
    assert other.tokens()["scope"] == READONLY


def test_a_reset_brings_the_client_back(program: Program) -> None:
    program.control("clients", redirect_uris=[], secret="changed")
    program.control("reset")
    assert program.tokens()["scope"] == READONLY


def test_a_portal_elsewhere_is_registered_there() -> None:
    server = make_server(portal="https://portal.example/", token_limit=7, testing=True)
    client = server.world.clients.find("belvedere-demo.apps.googleusercontent.com")
    server.server_close()
    assert client is not None
    assert (client.token_limit, client.testing) == (7, True)
    assert client.redirect_uris == (
        "https://portal.example/provisioning/oauth/callback",
        "https://portal.example/provisioning/tos/callback",
        "https://portal.example/accounts/google/login/callback/",
    )


def test_the_journal_holds_no_secret_of_a_consent(program: Program) -> None:
    code = parameters(program.consent(scope="openid email", code_challenge="v" * 50))["code"]
    _, body = program.exchange(code, code_verifier="v" * 50)
    program.refresh(body["refresh_token"])
    program.get("/v1/userinfo", body["access_token"])
    program.post("/revoke", token=body["refresh_token"])
    text = json.dumps(requests.get(f"{program.url}/_sandbox/requests", timeout=10).json())
    secrets = [code, requests.utils.quote(code, safe=""), *(str(body[key]) for key in body if "token" in key)]
    secrets = [secret for secret in secrets if secret not in ("Bearer",)] + [program.secret]
    assert [secret in text for secret in secrets] == [False] * len(secrets)


def test_the_journal_says_where_people_were_sent(program: Program) -> None:
    program.consent()
    found = requests.get(f"{program.url}/_sandbox/requests?path=consent", timeout=10).json()["requests"]
    fields = parameters(found[-1]["location"])
    assert (fields["code"][:7], fields["state"], fields["scope"]) == ("sha256:", "opaque", READONLY)
