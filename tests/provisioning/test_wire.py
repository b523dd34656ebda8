"""What a customer's way sends is what Google's own discovery documents allow, with both protocols."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.tenancy import all_tenants
from provisioning import flows
from tests import discovery
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import travelling

pytestmark = pytest.mark.django_db
APIS = ("analyticsadmin.v1beta", "analyticsadmin.v1alpha", "analyticsdata.v1beta", "analytics.v3")


def calls(google: Google) -> set[str]:
    """The methods asked for, each request held against Google's documents. OAuth and pages are in none."""
    apis = [each for each in google.requests() if each["path"].startswith(("/v1", "/analytics/v3"))]
    return {_method(each) for each in apis}


def _method(call: dict[str, Any]) -> str:
    for api in APIS:
        try:
            method, params = discovery.match(api, call["method"], call["path"].removeprefix("/analytics/v3"))
        except discovery.NotGoogles:
            continue
        discovery.check_request(api, method, call["body"] or None, params | call["query"])
        return method
    raise AssertionError(f"no method of Google's: {call['method']} {call['path']}")


def test_ga4(google: Google, cast: Cast):
    with all_tenants(reason="a test's set-up"):
        flows.add_service_account(key=google.key("310000001"))
    google.control("DELETE", "requests")
    with travelling(google, cast.alice) as journey:
        journey.whole()
        assert journey.row().state == "live"
    assert calls(google) == {
        "analyticsadmin.accountSummaries.list",
        "analyticsadmin.accounts.provisionAccountTicket",
        "analyticsadmin.properties.list",
        "analyticsadmin.properties.create",
        "analyticsadmin.properties.dataStreams.list",
        "analyticsadmin.properties.dataStreams.create",
        "analyticsadmin.properties.accessBindings.list",
        "analyticsadmin.properties.accessBindings.create",
    }


def test_v3(google: Google, cast: Cast, settings: Any):
    settings.PROVISIONING_API = "v3"
    google.client(provisioning_v3=True)
    with travelling(google, cast.alice) as journey:
        journey.whole()
        assert journey.row().state == "accepted"
    assert calls(google) == {
        "analyticsadmin.accountSummaries.list",  # has this person GA4 already?
        "analytics.management.accountSummaries.list",
        "analytics.provisioning.createAccountTicket",
    }
    (ticket,) = google.requests("createAccountTicket")
    assert ticket["body"] == {
        "account": {"name": "Bluebell Bakery"},
        "webproperty": {"name": "Bluebell shop", "websiteUrl": "https://bluebell-bakery.example"},
        "profile": {"name": "The shop", "timezone": "Europe/London"},
        "redirectUri": "http://testserver/provisioning/tos/callback",
    }
