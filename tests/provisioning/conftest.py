"""Fixtures: a request that went all the way, and what it made at Google."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounts.tenancy import all_tenants
from provisioning import flows
from provisioning.models import Credential
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import Journey, travelling


@pytest.fixture
def robot(google: Google) -> Credential:
    """The agency's service account, which new properties are shared with."""
    with all_tenants(reason="a test's set-up"):
        return flows.add_service_account(key=google.key("310000001"))


@pytest.fixture
def live(google: Google, cast: Cast, robot: Credential) -> Iterator[Journey]:
    """alice's way, done."""
    with travelling(google, cast.alice) as journey:
        journey.whole()
        assert journey.row().state == "live"
        yield journey
