"""A customer with Google Analytics chooses properties, and each becomes a view fed by the grant."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from django.urls import reverse

from accounts.tenancy import all_tenants, tenant_scope
from dashboards.models import View
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests import existing
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import NINA, Journey, leads_to, travelling

LENA = "lena@harbour-books.example"
MANY = [str(number) for number in range(320000001, 320000121)]


@pytest.fixture
def journey(cast: Cast, google: Google) -> Iterator[Journey]:
    google.person(LENA, "330000001", "330000002", "330000003")
    with travelling(google, cast.alice, LENA) as journey:
        yield journey


def arrived(journey: Journey, **more) -> Journey:
    """On the page of properties, which was looked at."""
    returned(journey, **more)
    journey.client.get(f"/provisioning/{journey.pk}/properties/")
    return journey


def returned(journey: Journey, **more) -> Journey:
    """Back from Google's consent."""
    journey.start("existing")
    answer = journey.consent(leads_to(journey.do("authorise")), **more)
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/properties/"
    return journey


def page(journey: Journey, query: str = "") -> str:
    answer = journey.client.get(f"/provisioning/{journey.pk}/properties/{query}")
    return html.unescape(answer.content.decode())


def shown(text: str) -> list[str]:
    return re.findall(r'name="shown" value="(\d+)"', text)


def ticked(text: str) -> list[str]:
    return re.findall(r'value="(\d+)" checked', text)


def views(cast: Cast) -> list[tuple[str, str]]:
    """Number and feeder of the views that came to be."""
    with all_tenants(reason="a test looks"):
        rows = View.objects.filter(tenant=cast.tenant, tenant_credential__isnull=False)
        return sorted((row.property_id, row.tenant_credential.email) for row in rows)


def headline(text: str) -> str:
    return re.search(r"<h1>(.*?)</h1>", text).group(1)  # type: ignore[union-attr]


def test_one_property_leads_to_its_dashboard(journey, cast):
    arrived(journey)
    assert shown(page(journey)) == ["330000001", "330000002", "330000003"]
    answer = journey.do("use", {"shown": "330000002", "property": "330000002"})
    assert views(cast) == [("330000002", LENA)]
    with all_tenants(reason="a test looks"):
        view = View.objects.get(property_id="330000002")
    address = reverse("dashboards:dashboard", args=["acme", view.slug])
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
    assert (journey.row().state, journey.row().view_id) == ("live", view.pk)


def test_only_reading_is_asked_for(journey, google):
    journey.start("existing")
    address = leads_to(journey.do("authorise"))
    assert re.findall(r"analytics\.[a-z.]+", html.unescape(address)) == ["analytics.readonly"]


def test_several_lead_to_the_clients_list_and_are_all_kept(journey, cast):
    arrived(journey)
    answer = journey.do("use", {"shown": ["330000001", "330000003"], "property": ["330000001", "330000003"]})
    assert answer.headers["Location"] == "/clients/acme/"
    assert views(cast) == [("330000001", LENA), ("330000003", LENA)]
    assert journey.row().chosen_properties == ["330000001", "330000003"]
    assert journey.history()[-1] == ("live", "")


def test_twice_makes_nothing_twice(journey, cast):
    arrived(journey)
    form = {"shown": "330000001", "property": "330000001"}
    journey.do("use", form)
    again = journey.do("use", form)
    assert again.headers["Location"] == f"/provisioning/{journey.pk}/"
    assert views(cast) == [("330000001", LENA)]


def test_cut_off_in_the_middle_leaves_nothing_half_done(journey, cast, monkeypatch):
    arrived(journey)
    real, calls = existing._view_of, []

    def dies(request, found):
        calls.append(found)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(request, found)

    monkeypatch.setattr(existing, "_view_of", dies)
    both = {"shown": ["330000001", "330000002"], "property": ["330000001", "330000002"]}
    with pytest.raises(KeyboardInterrupt):
        journey.do("use", both)
    assert (views(cast), journey.row().view_id) == ([], None)
    assert ticked(page(journey)) == ["330000001", "330000002"]
    monkeypatch.undo()
    assert journey.client.post(reverse("provisioning:use", args=[journey.pk]), both).status_code == 302


def test_a_view_that_is_there_stays_and_one_whose_feeder_ended_is_fed_anew(journey, cast):
    arrived(journey)
    old = factories.CredentialFactory(tenant=cast.tenant, kind="grant", subject="1", state="refused")
    dark = factories.ViewFactory(
        tenant=cast.tenant, property_id="330000001", agency_credential=None, tenant_credential=old
    )
    well = factories.ViewFactory(tenant=cast.tenant, property_id="330000002")
    both = {"shown": ["330000001", "330000002"], "property": ["330000001", "330000002"]}
    journey.do("use", both)
    assert views(cast) == [("330000001", LENA)]
    with all_tenants(reason="a test looks"):
        assert View.objects.filter(tenant=cast.tenant).count() == 3  # with the cast's own
        dark.refresh_from_db()
        well.refresh_from_db()
    assert (dark.tenant_credential_id == old.pk, well.tenant_credential_id) == (False, None)


def test_nothing_ticked_is_said(journey, cast):
    arrived(journey)
    answer = journey.do("use", {"shown": "330000001"})
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/properties/"
    assert "Tick at least one property first." in page(journey)
    assert views(cast) == []


def test_what_the_grant_cannot_read_is_not_taken(journey, cast):
    arrived(journey)
    journey.do("use", {"shown": "310000001", "property": "310000001"})
    assert (views(cast), journey.row().chosen_properties) == ([], [])


def test_the_choice_survives_pages_and_search(journey, google, cast):
    google.person("many@harbour-books.example", *MANY)
    arrived(journey, email="many@harbour-books.example")
    first = shown(page(journey))
    pages = [len(shown(page(journey, f"?page={number}"))) for number in (1, 2, 3)]
    assert pages == [50, 50, 20]
    answer = journey.do("properties", {"shown": first, "property": first[:2], "page": "2"})
    assert answer.headers["Location"].endswith("/properties/?page=2")
    second = shown(page(journey, "?page=2"))
    assert set(first) & set(second) == set()
    answer = journey.do("properties", {"shown": second, "property": second[0], "page": "1", "q": first[1]})
    assert answer.headers["Location"].endswith(f"/properties/?q={first[1]}")
    found = page(journey, f"?q={first[1]}")
    assert (shown(found), ticked(found)) == ([first[1]], [first[1]])
    assert "3 ticked so far" in found
    journey.do("properties", {"shown": first[1], "q": first[1]})
    assert sorted(journey.row().chosen_properties) == sorted([first[0], second[0]])


def test_all_that_match_are_ticked_at_once(journey, google):
    google.person("many@harbour-books.example", *MANY)
    arrived(journey, email="many@harbour-books.example")
    journey.do("properties", {"q": "32000000", "all": "yes"})
    assert journey.row().chosen_properties == MANY[:9]
    journey.do("properties", {"q": "", "none": "yes"})
    assert journey.row().chosen_properties == []


def test_a_page_beyond_the_last_is_the_last(journey):
    arrived(journey)
    assert (
        shown(page(journey, "?page=99999")) == shown(page(journey, "?page=nonsense")) == shown(page(journey))
    )
    assert "Nothing contains “zzz”." in page(journey, "?q=zzz")


def test_could_not_be_listed_is_never_you_have_none(journey, google):
    google.fail("accountSummaries", status=503)
    returned(journey)
    text = page(journey)
    assert headline(text) == "Your properties could not be listed."
    assert "Google Analytics has a fault of its own at the moment." in text
    assert "There is no Analytics" not in text
    google.recover()
    answer = journey.do("list_again")
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/properties/"
    assert len(shown(page(journey))) == 3


def test_a_list_that_cannot_be_renewed_stays_and_says_so(journey, google):
    arrived(journey)
    page(journey)
    google.fail("accountSummaries", status=503)
    text = html.unescape(journey.do("list_again").content.decode())
    assert len(shown(text)) == 3
    assert "The list could not be brought up to date." in text


def test_a_refused_listing_leads_back_to_consent_by_hand_alone(journey, google):
    returned(journey)
    google.fail("accountSummaries", status=403, reason="SERVICE_DISABLED")
    text = page(journey)
    assert headline(text) == "Your properties could not be listed."
    assert headline(page(journey)) == "Your properties could not be listed."


def test_somebody_without_analytics_is_offered_an_account(journey, google):
    arrived(journey, email=NINA)
    assert headline(page(journey)) == "There is no Analytics in this Google account."
    answer = journey.do("create_instead")
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/details/"
    assert journey.row().way == "details_first"
    assert "analytics.edit" in journey.tell()


def test_another_google_account_brings_another_list(journey, google):
    arrived(journey, email=NINA)
    address = leads_to(journey.do("authorise", {"other_account": "yes"}))
    with google.visitor() as other:
        journey.back(other.consent(address, LENA))
    assert len(shown(page(journey))) == 3


def test_the_list_is_asked_for_once(journey, google):
    arrived(journey)
    asked = len(google.requests("accountSummaries"))
    page(journey)
    page(journey, "?page=1")
    assert len(google.requests("accountSummaries")) == asked == 1


# In the ways to a new account


def test_whoever_has_accounts_reads_so_once_before_a_new_one(journey, cast):
    journey.start()
    answer = journey.consent(journey.tell())
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/"
    assert "You have 2 Google Analytics accounts already." in journey.page()
    assert journey.row().accounts_found == 2
    assert "termsofservice" in leads_to(journey.do("terms"))
    assert "accounts already" not in journey.page()


def test_they_can_use_what_they_have_without_another_consent(journey, cast):
    journey.start("details_last")
    journey.consent(leads_to(journey.do("authorise")))
    answer = journey.do("use_existing")
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/properties/"
    page(journey)
    journey.do("use", {"shown": "330000001", "property": "330000001"})
    assert (journey.row().state, views(cast)) == ("live", [("330000001", LENA)])


def test_a_failure_to_list_neither_blocks_nor_claims_none(journey, google):
    journey.start()
    address = journey.tell()
    google.fail("accountSummaries", status=403, count=1)
    answer = journey.consent(address)
    assert "termsofservice" in leads_to(answer)
    assert journey.row().accounts_found is None


def test_after_the_ticket_it_is_too_late_to_change(journey):
    journey.start()
    journey.consent(journey.tell())
    journey.do("terms")
    journey.do("use_existing")
    assert journey.row().way == "details_first"


def test_another_request_of_the_client_has_no_page_of_properties(cast, client):
    wanted = factories.RequestFactory(tenant=cast.tenant, user=cast.alice)
    client.force_login(cast.alice)
    answer = client.get(reverse("provisioning:properties", args=[wanted.pk]))
    assert answer.headers["Location"] == f"/provisioning/{wanted.pk}/"
    with tenant_scope({cast.tenant.pk}):
        assert Credential.objects.filter(tenant=cast.tenant).count() == 0
        assert ProvisioningRequest.objects.get(pk=wanted.pk).chosen_properties == []
