"""What may be set of a property that was made here: read from Google, changed there, any number of times."""

from __future__ import annotations

import pytest

from accounts.tenancy import tenant_scope
from google_api import errors
from provisioning.models import Credential
from provisioning.requests import settings
from tests.google import Google
from tests.provisioning.journey import Journey
from tests.provisioning.living import codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_row(live: Journey):
    """The request, inside its tenant's scope."""
    row = live.row()
    with tenant_scope({row.tenant_id}):
        yield row


def stands(row) -> tuple[object, ...]:
    """How the three stand at Google."""
    found = settings.read(row)
    retention, measurement = found.retention.value, found.measurement.value
    assert retention
    assert measurement
    return retention.event, retention.user, measurement.stream_enabled, found.key_events.value


def test_a_new_property_stands_as_google_makes_it(request_row):
    assert stands(request_row) == ("TWO_MONTHS", "TWO_MONTHS", True, ("purchase",))


def test_each_is_changed_for_itself_and_twice_is_once(request_row, google: Google):
    for _ in range(2):
        settings.keep_for(request=request_row, retention="FOURTEEN_MONTHS", who="alice")
        settings.measure(request=request_row, is_on=False, who="alice")
    assert stands(request_row) == ("FOURTEEN_MONTHS", "FOURTEEN_MONTHS", False, ("purchase",))


def test_turning_measurement_off_leaves_its_parts_as_they_are(request_row):
    before = settings.read(request_row).measurement.value
    settings.measure(request=request_row, is_on=False, who="alice")
    settings.measure(request=request_row, is_on=True, who="alice")
    assert settings.read(request_row).measurement.value == before


def test_only_key_events_that_are_none_yet_are_made(request_row, google: Google):
    wanted = ["purchase", "sign_up", "book_table", "sign_up"]
    assert settings.count_as_results(request=request_row, names=wanted, who="alice") == [
        "sign_up", "book_table",
    ]  # fmt: skip
    assert settings.count_as_results(request=request_row, names=wanted, who="alice") == []
    assert stands(request_row)[3] == ("book_table", "purchase", "sign_up")


def test_what_was_made_before_a_failure_is_in_the_history(request_row, live: Journey, google: Google):
    google.fail("keyEvents$", status=503, method="POST", count=9)
    with pytest.raises(errors.ServerError):
        settings.count_as_results(request=request_row, names=["sign_up"], who="alice")
    google.recover()
    assert "settings_changed" not in codes(live)
    settings.count_as_results(request=request_row, names=["sign_up"], who="alice")
    assert codes(live)[-1] == "settings_changed"


def test_a_part_that_cannot_be_read_spoils_no_other(request_row, google: Google):
    google.fail("enhancedMeasurementSettings", status=403, count=9)
    found = settings.read(request_row)
    assert (found.measurement.value, found.measurement.error is not None) == (None, True)
    assert (found.retention.error, found.key_events.error) == (None, None)


def test_a_silent_google_is_waited_for_once(request_row, google: Google, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def silent(row, question):
        asked.append("once")
        raise errors.Unreachable("no answer")

    monkeypatch.setattr(settings, "ask", silent)
    found = settings.read(request_row)
    assert asked == ["once"]
    assert {type(each.error) for each in (found.retention, found.measurement, found.key_events)} == {
        errors.Unreachable
    }


def test_changing_needs_a_grant_that_works_and_may_edit(request_row):
    assert settings.may_change(request_row) is True
    request_row.grant.state = Credential.State.REFUSED
    assert settings.may_change(request_row) is False
    request_row.grant.state = Credential.State.WORKS
    request_row.grant.scopes = "https://www.googleapis.com/auth/analytics.readonly"
    assert settings.may_change(request_row) is False
    request_row.grant = None
    assert settings.may_change(request_row) is False


@pytest.mark.parametrize("name", ["purchase", " book_table ", "A1"])
def test_names_that_google_takes(name: str):
    assert settings.event_name_of(name) == name.strip()


@pytest.mark.parametrize("name", ["", "1st", "a b", "ga_x", "Google_x", "firebase_x", "_x", "x" * 41, "é"])
def test_names_that_google_refuses(name: str):
    with pytest.raises(ValueError, match="not the name of an event"):
        settings.event_name_of(name)
