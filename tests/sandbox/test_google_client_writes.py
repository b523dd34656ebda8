"""Google's own Python client makes accounts, properties, streams and access at the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from googleapiclient.errors import HttpError

from sandbox.server import SandboxServer
from tests.sandbox.conftest import ROBOT
from tests.sandbox.test_google_client import build
from tests.sandbox.writing import BACK, NINA, PROPERTY, STREAM, Owner, Reader, carried


@pytest.fixture
def nina(sandbox: SandboxServer) -> Iterator[Owner]:
    owner = Owner(sandbox)
    yield owner
    owner.session.close()


@pytest.fixture
def beta(sandbox: SandboxServer, nina: Owner) -> Iterator[Any]:
    with build(sandbox, nina.token, "analyticsadmin.v1beta") as service:
        yield service


@pytest.fixture
def alpha(sandbox: SandboxServer, nina: Owner) -> Iterator[Any]:
    with build(sandbox, nina.token, "analyticsadmin.v1alpha") as service:
        yield service


@pytest.fixture
def v3(sandbox: SandboxServer, nina: Owner) -> Iterator[Any]:
    with build(sandbox, nina.token, "analytics.v3", "/analytics/v3/") as service:
        yield service


def accept(sandbox: SandboxServer, ticket: str) -> dict[str, str]:
    reader = Reader(sandbox, NINA)
    answer = carried(reader.answer(ticket))
    reader.session.close()
    return answer


def test_from_ticket_to_tag(sandbox: SandboxServer, beta: Any) -> None:
    asked = {"account": {"displayName": "Bluebell", "regionCode": "GB"}, "redirectUri": BACK}
    ticket = beta.accounts().provisionAccountTicket(body=asked).execute()["accountTicketId"]
    account = f"accounts/{accept(sandbox, ticket)['accountId']}"
    assert beta.accounts().get(name=account).execute()["displayName"] == "Bluebell"
    properties = beta.properties()
    made = properties.create(body=PROPERTY | {"parent": account}).execute()
    stream = properties.dataStreams().create(parent=made["name"], body=STREAM).execute()
    assert properties.dataStreams().list(parent=made["name"]).execute() == {"dataStreams": [stream]}
    changed = properties.patch(name=made["name"], updateMask="displayName", body={"displayName": "Shop"})
    assert changed.execute()["displayName"] == "Shop"


def test_options_of_a_property(nina: Owner, beta: Any, alpha: Any) -> None:
    name, properties = nina.property(), beta.properties()
    kept = properties.updateDataRetentionSettings(
        name=f"{name}/dataRetentionSettings",
        updateMask="eventDataRetention",
        body={"eventDataRetention": "FOURTEEN_MONTHS"},
    ).execute()
    assert kept == properties.getDataRetentionSettings(name=f"{name}/dataRetentionSettings").execute()
    event = {"eventName": "order", "countingMethod": "ONCE_PER_EVENT"}
    made = properties.keyEvents().create(parent=name, body=event).execute()
    assert properties.keyEvents().list(parent=name).execute()["keyEvents"][-1] == made
    stream = properties.dataStreams().create(parent=name, body=STREAM).execute()["name"]
    settings = f"{stream}/enhancedMeasurementSettings"
    streams = alpha.properties().dataStreams()
    switched = streams.updateEnhancedMeasurementSettings(
        name=settings, updateMask="streamEnabled", body={"streamEnabled": False}
    ).execute()
    assert switched == streams.getEnhancedMeasurementSettings(name=settings).execute()
    assert "streamEnabled" not in switched


def test_bindings(nina: Owner, alpha: Any, key: dict[str, str]) -> None:
    name, bindings = nina.property(), alpha.properties().accessBindings()
    body = {"user": ROBOT, "roles": ["predefinedRoles/viewer"]}
    made = bindings.create(parent=name, body=body).execute()
    assert bindings.list(parent=name).execute() == {"accessBindings": [made]}
    with pytest.raises(HttpError) as raised:
        bindings.create(parent=name, body=body).execute()
    assert raised.value.status_code == 409
    assert bindings.delete(name=made["name"]).execute() == {}


def test_version_3(sandbox: SandboxServer, v3: Any) -> None:
    asked = {
        "account": {"name": "Bluebell"},
        "webproperty": {"name": "Shop", "websiteUrl": "https://shop.it"},
        "profile": {"name": "All visits", "timezone": "Europe/Rome"},
        "redirectUri": BACK,
    }
    ticket = v3.provisioning().createAccountTicket(body=asked).execute()
    back = accept(sandbox, ticket["id"])
    (summary,) = v3.management().accountSummaries().list().execute()["items"]
    assert (summary["id"], summary["webProperties"][0]["id"]) == (back["accountId"], back["webPropertyId"])
    with pytest.raises(HttpError) as raised:
        v3.provisioning().createAccountTree(body={}).execute()
    assert raised.value.status_code == 403
