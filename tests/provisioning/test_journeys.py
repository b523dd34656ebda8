"""From "I want Analytics" to a live view: the ways in, and each way that it can stop, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from accounts.tenancy import all_tenants
from dashboards.models import View
from provisioning import flows
from provisioning.models import AccountTicket, Credential, IssuedToken
from provisioning.requests import terms
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import DETAILS, NINA, Journey, leads_to, travelling

pytestmark = pytest.mark.django_db
MADE = ("POST", "/v1beta/properties")


@pytest.fixture
def robot(google: Google) -> Credential:
    """The agency's service account, which new properties are shared with."""
    with all_tenants(reason="a test's set-up"):
        return flows.add_service_account(key=google.key("310000001"))


@pytest.fixture
def journey(google: Google, cast: Cast, robot: Credential) -> Iterator[Journey]:
    with travelling(google, cast.alice) as found:
        yield found


def view_of(journey: Journey) -> View:
    with all_tenants(reason="a test looks"):
        return View.objects.select_related("agency_credential", "tenant_credential", "dashboard").get(
            pk=journey.row().view_id
        )


def creations(google: Google) -> dict[str, int]:
    """How often each kind of thing was made at Google, as far as Google answered yes."""
    made: dict[str, int] = {}
    for each in google.requests():
        kind = each["path"].rpartition("/")[2].rpartition(":")[2]
        if each["method"] == "POST" and each["status"] == 200 and kind in KINDS:
            made[kind] = made.get(kind, 0) + 1
    return made


KINDS = {"provisionAccountTicket", "properties", "dataStreams", "accessBindings"}
ONE_OF_EACH = {"provisionAccountTicket": 1, "properties": 1, "dataStreams": 1, "accessBindings": 1}


def test_details_before_consent_lead_to_a_live_view(journey: Journey, google: Google, robot: Credential):
    journey.whole()
    row, view = journey.row(), view_of(journey)
    assert journey.heading() == "Your Analytics is ready."
    assert (row.state, row.website) == ("live", "https://bluebell-bakery.example")
    assert (view.name, view.time_zone, view.currency) == ("The shop", "Europe/London", "GBP")
    assert (view.property_id, view.dashboard.slug) == (row.property_id, "overview")
    assert view.agency_credential == robot
    assert creations(google) == ONE_OF_EACH
    assert journey.history() == [
        ("started", "started"),
        ("details", ""),
        ("authorised", ""),
        ("ticketed", ""),
        ("accepted", ""),
        ("property", ""),
        ("stream", ""),
        ("shared", ""),
        ("live", ""),
    ]


def test_details_after_consent_lead_there_too(journey: Journey):
    journey.start("details_last")
    answer = journey.consent(leads_to(journey.do("authorise")))
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/details/"
    journey.back(journey.terms(journey.tell()))
    assert journey.row().state == "live"


def test_known_details_are_shown_for_correction(journey: Journey):
    journey.start(query="?account_name=Bluebell&website=bluebell.example&time_zone=Europe/Rome")
    page = journey.client.get(f"/provisioning/{journey.pk}/details/").content.decode()
    assert 'value="Bluebell"' in page
    assert 'value="bluebell.example"' in page
    assert '<option value="Europe/Rome" selected>' in page


def test_complete_details_skip_the_form(journey: Journey):
    query = "&".join(f"{name}={value}" for name, value in DETAILS.items())
    journey.start(query=f"?{query}&skip_form")
    to_terms = leads_to(journey.consent(leads_to(journey.do("authorise"))))
    journey.back(journey.terms(to_terms))
    assert (journey.row().state, journey.row().account_name) == ("live", "Bluebell Bakery")


def test_without_service_account_the_grant_feeds_the_view(google: Google, cast: Cast):
    with travelling(google, cast.alice) as journey:
        journey.whole()
        assert journey.row().state == "live"
        assert view_of(journey).tenant_credential == journey.row().grant


def test_one_consent_asks_what_the_way_needs(journey: Journey):
    journey.start()
    asked = journey.tell()
    assert "analytics.edit" in asked
    assert "analytics.manage.users" in asked
    assert "analytics.provision" not in asked
    journey.start("existing")
    asked = leads_to(journey.do("authorise"))
    assert ("analytics.readonly" in asked, "analytics.edit" in asked) == (True, False)


# What goes wrong at Google's consent


def test_denied_consent_is_said_and_can_be_given_after_all(journey: Journey):
    journey.start()
    journey.consent(journey.tell(), deny=True)
    assert (journey.row().state, journey.heading()) == ("denied", "You did not allow it at Google.")
    journey.back(journey.terms(leads_to(journey.consent(leads_to(journey.do("authorise"))))))
    assert journey.row().state == "live"


def test_a_consent_without_any_permission_leaves_no_token_behind(journey: Journey, google: Google):
    journey.start()
    every = ["analytics.edit", "analytics.manage.users", "analytics.readonly"]
    journey.consent(journey.tell(), refuse=every)
    assert (journey.row().state, journey.row().reason, journey.row().grant) == (
        "denied",
        "scopes_missing",
        None,
    )
    (revoked,) = google.requests("/revoke")
    assert (revoked["status"], IssuedToken.objects.count()) == (200, 0)


def test_unticked_permission_is_named_and_asked_for_alone(journey: Journey):
    journey.start()
    journey.consent(journey.tell(), refuse=["analytics.edit"])
    assert (journey.row().state, journey.row().reason) == ("failed", "scopes_missing")
    page = journey.page()
    assert "Edit Google Analytics management entities" in page
    assert "Manage Google Analytics users by email address" not in page
    address = leads_to(journey.do("authorise"))
    assert ("analytics.edit" in address, "analytics.manage.users" in address) == (True, False)
    to_terms = leads_to(journey.consent(address))
    assert journey.row().grant.granted >= {
        "https://www.googleapis.com/auth/analytics.edit",
        "https://www.googleapis.com/auth/analytics.manage.users",
    }
    journey.back(journey.terms(to_terms))
    assert journey.row().state == "live"


def test_without_the_right_to_invite_the_grant_feeds_the_view(journey: Journey):
    journey.start()
    journey.consent(journey.tell(), refuse=["analytics.manage.users"])
    journey.do("skip_sharing")
    to_terms = leads_to(journey.do("terms"))
    journey.back(journey.terms(to_terms))
    assert journey.row().state == "live"
    assert view_of(journey).tenant_credential == journey.row().grant


# What goes wrong at Google's terms


@pytest.mark.parametrize(
    ("how", "state", "reason"),
    [
        ("decline", "denied", "terms_declined"),
        ("limit", "failed", "account_limit"),
        ("backend_error", "failed", "backend_error"),
        ("unknown_error", "failed", "unknown_terms_error"),
    ],
)
def test_each_end_of_the_terms_is_named_and_can_be_left(journey: Journey, how: str, state: str, reason: str):
    journey.start()
    journey.back(journey.terms(journey.until_terms(), how))
    assert (journey.row().state, journey.row().reason) == (state, reason)
    journey.back(journey.terms(leads_to(journey.do("terms"))))
    assert journey.row().state == "live"


def test_customer_who_walks_away_after_accepting_is_found(journey: Journey, google: Google):
    journey.start()
    assert journey.terms(journey.until_terms(), "walk_away") == ""
    journey.do("advance")
    assert journey.row().state == "live"
    assert creations(google) == ONE_OF_EACH


def test_going_to_the_terms_again_after_accepting_makes_no_second_account(journey: Journey, google: Google):
    journey.start()
    journey.terms(journey.until_terms(), "walk_away")
    journey.do("terms")
    assert journey.row().state == "live"
    assert creations(google) == ONE_OF_EACH


def test_late_return_of_an_older_ticket_counts(journey: Journey):
    journey.start()
    first = journey.until_terms()
    with all_tenants(reason="a test ages a ticket"):
        AccountTicket.objects.update(created_at=timezone.now() - terms.FRESH_FOR)
    second = leads_to(journey.do("terms"))
    assert first != second
    journey.back(journey.terms(first))
    assert journey.row().state == "live"


def test_account_of_somebody_else_in_the_address_is_not_believed(journey: Journey):
    journey.start()
    journey.until_terms()
    ticket = _last_ticket()
    journey.client.get("/provisioning/tos/callback", {"accountTicketId": ticket, "accountId": "1"})
    assert (journey.row().state, journey.row().account_id) == ("failed", "")


def test_return_without_ids_says_so(journey: Journey):
    journey.start()
    journey.until_terms()
    journey.client.get("/provisioning/tos/callback", {"accountTicketId": _last_ticket()})
    assert (journey.row().state, journey.row().reason) == ("failed", "missing_parameters")


def _last_ticket() -> str:
    with all_tenants(reason="a test looks"):
        return AccountTicket.objects.latest("created_at").ticket_id


# The old API


def test_v3_ends_with_the_three_ids_and_says_so(google: Google, cast: Cast, settings):
    settings.PROVISIONING_API = "v3"
    google.client(provisioning_v3=True)
    with travelling(google, cast.alice) as journey:
        journey.whole()
        row = journey.row()
        assert (row.state, row.view_id) == ("accepted", None)
        assert all([row.account_id, row.web_property_id.startswith("UA-"), row.profile_id])
        assert row.web_property_id in journey.page()


# Google failing


@pytest.mark.parametrize("path", ["/v1beta/properties$", "dataStreams$", "accessBindings$"])
def test_failed_step_is_taken_up_where_it_failed(journey: Journey, google: Google, path: str):
    journey.start()
    to_terms = journey.until_terms()
    google.fail(path, status=503, count=9)
    journey.back(journey.terms(to_terms))
    assert (journey.row().state, journey.row().reason) == ("failed", "server_error")
    google.recover()
    journey.do("advance")
    assert journey.row().state == "live"
    assert creations(google) == ONE_OF_EACH


def test_answer_lost_after_creating_creates_nothing_twice(journey: Journey, google: Google):
    journey.start()
    to_terms = journey.until_terms()
    google.fail("/v1beta/properties$", drop=True, count=1, method="POST")
    journey.back(journey.terms(to_terms))
    google.recover()
    journey.do("advance")
    assert journey.row().state == "live"


def test_nothing_typed_is_lost_when_google_is_down(journey: Journey, google: Google):
    journey.start()
    address = journey.tell()
    google.fail("/token", status=503, count=9)
    journey.consent(address)
    row = journey.row()
    assert (row.state, row.account_name, row.website) == (
        "failed",
        "Bluebell Bakery",
        "https://bluebell-bakery.example",
    )


def test_invalid_form_keeps_what_was_typed(journey: Journey):
    journey.start()
    journey.do("details", DETAILS | {"website": "not a website", "account_name": "Kept"})
    page = journey.client.get(f"/provisioning/{journey.pk}/details/").content.decode()
    assert 'value="Kept"' in page
    assert 'value="not a website"' in page


def test_starting_twice_begins_once(journey: Journey):
    assert journey.start().pk == journey.start().pk


def test_email_of_the_grant_is_the_google_accounts(journey: Journey):
    journey.whole()
    assert journey.row().grant.email == NINA
