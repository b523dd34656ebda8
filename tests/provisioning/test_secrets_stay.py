"""After whole journeys, good and bad, no token, code, verifier or secret stands anywhere but sealed."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.tenancy import all_tenants
from google_api import http, oauth
from provisioning import flows
from provisioning.models import Consent, Credential
from provisioning.sealed_sessions import SessionStore
from tests.conftest import Cast
from tests.consenting import parameters
from tests.google import CLIENT_SECRET, Google
from tests.provisioning.journey import Journey, leads_to, travelling

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every secret that passes through the portal, as it passes."""
    found = {CLIENT_SECRET}
    exchange, refresh, verifier, api = (
        oauth.exchange_code,
        oauth.refresh,
        oauth.new_verifier,
        http.Api.__init__,
    )

    def tokens(ask: Any) -> Any:
        def asked(*args: Any, **kwargs: Any) -> Any:
            found.update(filter(None, (kwargs.get("code"), kwargs.get("verifier"))))
            answer = ask(*args, **kwargs)
            found.update(filter(None, (answer.access_token, answer.refresh_token, answer.id_token)))
            return answer

        return asked

    def made() -> str:
        value = verifier()
        found.add(value)
        return value

    def opened(self: Any, base_url: str, token: str, *args: Any, **kwargs: Any) -> None:
        found.add(token)
        api(self, base_url, token, *args, **kwargs)

    monkeypatch.setattr(oauth, "exchange_code", tokens(exchange))
    monkeypatch.setattr(oauth, "refresh", tokens(refresh))
    monkeypatch.setattr(oauth, "new_verifier", made)
    monkeypatch.setattr(http.Api, "__init__", opened)
    return found


def everything_in_the_database() -> str:
    """Each row of each table as text, sessions opened."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [repr(row) for row in cursor.fetchall()]
    opened = [repr(SessionStore(each.session_key).load()) for each in Session.objects.all()]
    return "\n".join([*rows, *opened])


def pages_of_the_admin(cast: Cast) -> str:
    """Each list and each row of provisioning and of history, and what the doctor says of it, as the agency's
    owner sees it."""
    client = Client()
    client.force_login(cast.olivia)
    with all_tenants(reason="a test looks"):
        rows = [("credential", each.pk) for each in Credential.objects.filter(kind="service_account")]
        rows += [("grant", each.pk) for each in Credential.objects.filter(kind="grant")]
        rows += [("provisioningrequest", each.request_id) for each in Consent.objects.all()]
    addresses = [
        "/admin/",
        *(reverse(f"admin:provisioning_{model}_changelist") for model in {one for one, _ in rows}),
    ]
    for model, pk in rows:
        addresses.append(reverse(f"admin:provisioning_{model}_change", args=[pk]))
        addresses.append(reverse(f"admin:provisioning_{model}_history", args=[pk]))
    examined = [client.post(reverse(f"admin:provisioning_{model}_examine", args=[pk])) for model, pk in rows]
    shown = [*examined, *(client.get(address, follow=True) for address in addresses)]
    return "\n".join(answer.content.decode() for answer in shown)


def bad_and_good(journey: Journey) -> list[str]:
    """A journey on which nearly everything goes wrong once; the pages that the customer saw."""
    journey.start()
    pages = [journey.page()]
    back = parameters(journey.visitor.consent(journey.tell(), journey.email, refuse=["analytics.edit"]))
    for attempt in (back, back, back | {"state": "wrong"}, back | {"code": "4/wrong"}):
        pages.append(journey.client.get("/provisioning/oauth/callback", attempt).content.decode())
    journey.google.fail("/token", body="html", count=1)
    journey.consent(leads_to(journey.do("authorise")))
    pages.append(journey.page())
    to_terms = leads_to(journey.consent(leads_to(journey.do("authorise"))))
    journey.google.fail("/v1beta/properties$", status=500, count=9)
    journey.back(journey.terms(to_terms))
    pages.append(journey.page())
    journey.google.recover()
    journey.google.control("POST", "expire", {"email": journey.email})
    journey.do("advance")
    assert journey.row().state == "live"
    return [*pages, journey.page(), journey.do("doctor").content.decode()]


def test_nothing_secret_is_left_behind(
    google: Google, cast: Cast, seen: set[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    with all_tenants(reason="a test's set-up"):
        key = google.key("310000001")
        flows.add_service_account(key=key)
    with travelling(google, cast.alice) as journey:
        pages = bad_and_good(journey)
    with all_tenants(reason="a grant is refused, and says so"):
        google.control("POST", "revoke", {"email": journey.email})
    out = io.StringIO()
    call_command("dumpdata", stdout=out)
    places = {
        "pages": "\n".join(pages),
        "log": caplog.text,
        "database": everything_in_the_database(),
        "dumpdata": out.getvalue(),
        "admin": pages_of_the_admin(cast),
        "mails": "\n".join(str(each.message()) for each in mail.outbox),
    }
    secrets = seen | {key.private_key.splitlines()[1]}
    assert len(secrets) >= 8
    found = {(place, secret[:12]) for place, text in places.items() for secret in secrets if secret in text}
    assert found == set()
