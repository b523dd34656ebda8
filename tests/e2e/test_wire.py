"""What the portal sends is what Google's own discovery documents allow."""

from collections import Counter
from typing import Any

from tests import discovery
from tests.e2e.conftest import Visitor
from tests.installation import Installation

APIS = ("analyticsadmin.v1beta", "analyticsdata.v1beta")


def _check(call: dict[str, Any]) -> str:
    """The id of the method that Google's documents know the call by, after holding it against them."""
    for api in APIS:
        try:
            method, params = discovery.match(api, call["method"], call["path"])
        except discovery.NotGoogles:
            continue
        discovery.check_request(api, method, call["body"] or None, params | call["query"])
        return method
    raise AssertionError(f"no method of Google's: {call['method']} {call['path']}")


def test_every_call_is_one_that_google_documents(site: Installation, olivia: Visitor):
    site.forget_requests()
    site.manage("add_service_account", str(site.folder / "key.json"))
    site.manage("doctor", "osteria/site")
    for query in (
        "period=today",
        "period=month",
        "period=90d&compare=year",
        "filter=country==Italy,country=~^F",
    ):
        olivia.complete_data(f"/clients/osteria/views/site/data.json?{query}")
        olivia.complete_data(f"/clients/marlow/views/shop/data.json?{query}")
    calls = [call for call in site.requests() if call["path"] != "/token"]
    assert set(Counter(_check(call) for call in calls)) == {
        "analyticsadmin.accountSummaries.list",
        "analyticsadmin.properties.list",
        "analyticsadmin.properties.get",
        "analyticsdata.properties.runReport",
        "analyticsdata.properties.batchRunReports",
        "analyticsdata.properties.checkCompatibility",
    }
