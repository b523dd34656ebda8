"""The client's page of connected Google accounts: what it shows, renewal, the end, the service account."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from urllib.parse import quote_plus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.tenancy import all_tenants
from dashboards.models import View
from google_api import errors, scopes
from provisioning import credentials, flows, grants
from provisioning.models import Consent, Credential, IssuedToken, PropertyAssignment
from tests import factories
from tests.conftest import Cast
from tests.consenting import Visitor, parameters
from tests.google import ROBOT, Google
from tests.provisioning.granting import granted
from tests.provisioning.journey import leads_to

LENA = "lena@harbour-books.example"
OTTO = "otto@harbour-books.example"
SHOP, BLOG = "330000001", "330000002"


class Page:
    """A person with a browser, on the client's page of Google accounts."""

    def __init__(self, google: Google, visitor: Visitor, user: User) -> None:
        self.google, self.visitor = google, visitor
        self.client = Client()
        self.client.force_login(user)

    def text(self, name: str = "google:grants", *args) -> str:
        answer = self.client.get(reverse(name, args=["acme", *args]))
        return re.sub(r"\s+", " ", html.unescape(answer.content.decode()))

    def post(self, name: str, *args, **form):
        return self.client.post(reverse(name, args=["acme", *args]), form)

    def back(self, answer, email: str = LENA, **more):
        """By way of Google's consent; what the portal answers then, redirects followed."""
        at = self.visitor.consent(leads_to(answer), email, **more)
        return self.client.get(reverse("provisioning:consented"), parameters(at), follow=True)


@pytest.fixture
def page(cast: Cast, google: Google) -> Iterator[Page]:
    google.person(LENA, SHOP, BLOG)
    google.person(OTTO, SHOP)
    with google.visitor() as visitor:
        yield Page(google, visitor, cast.alice)


@pytest.fixture
def grant(page: Page, cast: Cast) -> Credential:
    """Lena's, who lets the portal read; it feeds one view."""
    page.back(page.post("google:connect"))
    found = the_grant(LENA)
    factories.ViewFactory(
        tenant=cast.tenant, name="The shop", property_id=SHOP, agency_credential=None, tenant_credential=found
    )
    return found


@pytest.fixture
def robot(google: Google, grant: Credential) -> Credential:
    """The agency's service account, which may read nothing yet."""
    with all_tenants(reason="a test's set-up"):
        return flows.add_service_account(key=google.key())


def the_grant(email: str) -> Credential:
    with all_tenants(reason="a test looks"):
        return Credential.objects.select_related("tenant").get(email=email, kind="grant")


def feeder(property_id: str = SHOP) -> tuple[str | None, str | None]:
    """What feeds the view of this property: the client's own, the agency's."""
    with all_tenants(reason="a test looks"):
        view = View.objects.select_related("tenant_credential", "agency_credential").get(
            property_id=property_id
        )
    return tuple(each and each.email for each in (view.tenant_credential, view.agency_credential))


def words(answer) -> str:
    return html.unescape(answer.content.decode())


def test_the_page_says_whose_for_what_since_when_and_what_depends(page, grant):
    text = page.text()
    assert re.findall(r'<h2 id="[^"]+">(\S+) ', text) == [LENA]
    assert "See and download your Google Analytics data" in text
    assert "alice@acme.example" in text
    assert "<dt>Feeds</dt><dd>The shop</dd>" in text
    assert page.text().count("<section") == 1


def test_without_any_the_page_says_so(page):
    assert "No Google account is connected." in page.text()


def test_another_client_sees_nothing_of_it_and_cannot_touch_it(page, grant, cast):
    page.client.force_login(cast.charlie)
    rival = page.client.get("/clients/rival/google/")
    assert (rival.status_code, LENA in words(rival)) == (200, False)
    stolen = page.client.post(f"/clients/rival/google/{grant.pk}/disconnect/")
    assert (stolen.status_code, the_grant(LENA).state) == (404, "works")


# Renewal


def test_an_ended_grant_is_renewed_in_place_by_one_consent(page, grant, google):
    google.control("POST", "revoke", {"email": LENA})
    with all_tenants(reason="a test's set-up"):
        credentials.forget_access_token(grant)
        with pytest.raises(errors.GrantEnded):
            credentials.access_token(grant)
    text = page.text()
    assert ("ended</span>" in text, "Connect again" in text) == (True, True)
    assert "Access was removed in the Google account's settings." in text
    done = page.back(page.post("google:renew", grant.pk))
    assert f"{LENA} is connected." in words(done)
    assert (the_grant(LENA).pk, the_grant(LENA).state) == (grant.pk, "works")
    with all_tenants(reason="a test looks"):
        assert credentials.access_token(the_grant(LENA))


def test_renewal_asks_for_what_was_granted_and_names_the_account(page, grant):
    address = html.unescape(leads_to(page.post("google:renew", grant.pk)))
    asked = parameters(address)
    assert asked["login_hint"] == LENA
    assert set(asked["scope"].split()) == {scopes.ANALYTICS_READONLY, scopes.OPENID, scopes.EMAIL}


def test_another_google_account_overwrites_nothing(page, grant, google):
    with all_tenants(reason="a test looks"):
        before = Credential.objects.filter(kind="grant").values("pk", "sealed_secret", "email").get()
    with google.visitor() as other:
        page.visitor = other
        done = page.back(page.post("google:renew", grant.pk), OTTO)
    text = words(done)
    assert "That is another Google account." in text
    assert f"you came back as {OTTO}" in text
    with all_tenants(reason="a test looks"):
        assert Credential.objects.filter(kind="grant").values("pk", "sealed_secret", "email").get() == before


def test_the_other_account_is_kept_as_its_own_if_asked(page, grant, google):
    with google.visitor() as other:
        page.visitor = other
        page.back(page.post("google:renew", grant.pk), OTTO)
        page.back(page.post("google:connect", email=OTTO), OTTO)
    assert {the_grant(each).state for each in (LENA, OTTO)} == {"works"}


def test_tokens_of_the_other_account_do_not_stay_alive(page, grant, google):
    with google.visitor() as other:
        page.visitor = other
        page.back(page.post("google:renew", grant.pk), OTTO)
    subjects = set(IssuedToken.objects.values_list("subject", flat=True))
    assert subjects == {grant.subject}
    assert len(google.requests("/revoke")) == 1


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ({"deny": True}, "You did not allow it at Google, so nothing has changed."),
        (
            {"refuse": ["analytics.readonly"]},
            "At Google the box for seeing your Analytics data was left empty. Tick it, and try again.",
        ),
    ],
)
def test_what_is_denied_changes_nothing_and_is_said(page, refusal, said):
    done = page.back(page.post("google:connect"), **refusal)
    assert said in words(done)
    with all_tenants(reason="a test looks"):
        assert Credential.objects.filter(kind="grant").count() == 0


def test_a_return_counts_once_and_leads_back_when_reloaded(page):
    at = page.visitor.consent(leads_to(page.post("google:connect")), LENA)
    first = page.client.get(reverse("provisioning:consented"), parameters(at))
    again = page.client.get(reverse("provisioning:consented"), parameters(at))
    assert [each.headers["Location"] for each in (first, again)] == ["/clients/acme/google/"] * 2
    with all_tenants(reason="a test looks"):
        assert Consent.objects.exclude(used_at=None).count() == 1
    assert IssuedToken.objects.count() == 1


def test_whoever_lost_the_right_meanwhile_gets_nothing(page, cast):
    at = page.visitor.consent(leads_to(page.post("google:connect")), LENA)
    with all_tenants(reason="a test's set-up"):
        Membership.objects.filter(user=cast.alice).delete()
    answer = page.client.get(reverse("provisioning:consented"), parameters(at))
    assert answer.status_code == 400
    with all_tenants(reason="a test looks"):
        assert Credential.objects.filter(kind="grant").count() == 0


def test_somebody_elses_return_is_stray(page, cast):
    at = page.visitor.consent(leads_to(page.post("google:connect")), LENA)
    other = Client()
    other.force_login(cast.dana)
    assert other.get(reverse("provisioning:consented"), parameters(at)).status_code == 400


def test_the_agencys_owner_connects_one_of_the_agencys_own_and_staff_cannot(page, cast):
    page.client.force_login(cast.dana)
    assert page.client.post("/admin/provisioning/grant/connect/").status_code == 403
    page.client.force_login(cast.olivia)
    done = page.back(page.client.post("/admin/provisioning/grant/connect/"))
    assert done.redirect_chain[-1][0] == "/admin/provisioning/grant/"
    assert the_grant(LENA).tenant is None


# The end


def test_disconnecting_says_first_which_views_go_dark(page, grant, google):
    text = page.text("google:disconnect", grant.pk)
    assert "One view goes dark" in text
    assert "<li>The shop</li>" in text
    assert "The permission ends at Google too." in text
    assert google.requests("/revoke") == []


def test_disconnecting_ends_it_here_and_at_google_and_leaves_its_views_dark(page, grant, google):
    answer = page.post("google:disconnect", grant.pk)
    assert answer.headers["Location"] == "/clients/acme/google/"
    text = page.text()
    assert f"{LENA} is disconnected, here and at Google." in text
    left = the_grant(LENA)
    assert (left.state, left.sealed_secret, left.sealed_access_token) == ("refused", "", "")
    assert left.last_error_code == "grant_disconnected"
    assert feeder() == (LENA, None)
    assert len(google.requests("/revoke")) == 1
    assert IssuedToken.objects.count() == 0


def test_what_was_disconnected_is_connected_again_in_place(page, grant):
    page.post("google:disconnect", grant.pk)
    page.back(page.post("google:renew", grant.pk))
    assert (the_grant(LENA).pk, the_grant(LENA).state, feeder()) == (grant.pk, "works", (LENA, None))


def test_one_that_nothing_depends_on_is_gone(page, grant):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(property_id=SHOP).delete()
    page.post("google:disconnect", grant.pk)
    with all_tenants(reason="a test looks"):
        assert Credential.objects.filter(kind="grant").count() == 0


def test_another_clients_grant_of_the_same_person_stays_and_is_not_named(page, grant, google, cast):
    with all_tenants(reason="a test's set-up"):
        factories.CredentialFactory(
            tenant=cast.other, kind="grant", subject=grant.subject, email=LENA + ".x", sealed_secret="x"
        )
    text = page.text("google:disconnect", grant.pk)
    assert "this Google account is still used from here elsewhere" in text
    assert "Rival" not in text
    page.post("google:disconnect", grant.pk)
    assert google.requests("/revoke") == []
    assert "At Google the permission stays" in page.text()


def test_when_google_cannot_be_asked_nothing_ends(page, grant, google):
    google.fail("/revoke", status=503)
    answer = page.post("google:disconnect", grant.pk)
    assert answer.headers["Location"].endswith("/disconnect/")
    assert the_grant(LENA).state == "works"


def test_the_end_of_testing_is_shown(page, grant):
    with all_tenants(reason="a test's set-up"):
        Credential.objects.filter(pk=grant.pk).update(
            secret_expires_at=timezone.now() + datetime.timedelta(5)
        )
    assert "the app is in Testing at Google, where every permission ends after 7 days" in page.text()


def test_the_page_warns_from_80_percent_of_googles_limit(page, grant):
    mine = {"subject": grant.subject, "client_id": grant.client_id}
    IssuedToken.objects.bulk_create(IssuedToken(**mine) for _ in range(78))
    assert (grants.tokens_alive(grant), "that Google keeps" in page.text()) == (79, False)
    IssuedToken.objects.create(**mine)
    assert "80 of the 100 that Google keeps for one Google account." in page.text()


# The service account instead


def test_the_service_account_takes_over_by_a_consent_of_which_no_token_is_kept(page, grant, robot, google):
    issued = IssuedToken.objects.count()
    answer = page.post("google:service_account", grant.pk)
    asked = parameters(html.unescape(leads_to(answer)))
    assert asked["access_type"] == "online"
    assert scopes.ANALYTICS_MANAGE_USERS in asked["scope"]
    done = page.back(answer)
    assert f"The agency's service account reads your figures now. You can disconnect {LENA}." in words(done)
    assert feeder() == (None, ROBOT)
    assert (IssuedToken.objects.count(), scopes.ANALYTICS_MANAGE_USERS in the_grant(LENA).granted) == (
        issued,
        False,
    )
    with all_tenants(reason="a test looks"):
        assert list(PropertyAssignment.objects.values_list("property_id", "tenant__slug")) == [(SHOP, "acme")]


def test_a_colleague_with_the_right_may_invite_it_and_twice_is_once(page, grant, robot, google):
    for _ in range(2):
        with google.visitor() as other:
            page.visitor = other
            page.back(page.post("google:service_account", grant.pk), OTTO)
    assert feeder() == (None, ROBOT)
    made = [each for each in google.requests("accessBindings") if each["method"] == "POST"]
    assert len(made) == 1
    assert (the_grant(LENA).state, Credential._base_manager.filter(email=OTTO).count()) == ("works", 0)


def test_somebody_who_may_not_invite_reads_why_and_nothing_moves(page, grant, robot, google):
    google.person("guest@harbour-books.example", SHOP, can_edit=False)
    with google.visitor() as other:
        page.visitor = other
        done = page.back(page.post("google:service_account", grant.pk), "guest@harbour-books.example")
    text = words(done)
    assert "The service account cannot read one property yet." in text
    assert ROBOT in text
    assert feeder() == (LENA, None)


def test_an_empty_box_is_named(page, grant, robot):
    done = page.back(page.post("google:service_account", grant.pk), refuse=["analytics.manage.users"])
    assert "At Google the box for managing users was left empty." in words(done)
    assert feeder() == (LENA, None)


def test_added_by_hand_it_takes_over_when_it_reads(page, grant, robot, google):
    assert "cannot read one property yet" in words(page.post("google:check", grant.pk))
    google.key(SHOP)  # grants it
    page.post("google:check", grant.pk)
    assert feeder() == (None, ROBOT)


def test_a_grant_that_may_manage_users_invites_without_another_consent(page, grant, robot):
    address = leads_to(page.post("google:renew", grant.pk))
    also = quote_plus(f" {scopes.ANALYTICS_MANAGE_USERS}")
    wider = html.unescape(address).replace("analytics.readonly", f"analytics.readonly{also}")
    at = page.visitor.consent(wider, LENA)
    page.client.get(reverse("provisioning:consented"), parameters(at))
    answer = page.post("google:service_account", grant.pk)
    assert answer.headers["Location"] == "/clients/acme/google/"
    assert feeder() == (None, ROBOT)


def test_without_a_service_account_there_is_no_such_page(page, grant):
    answer = page.client.get(reverse("google:service_account", args=["acme", grant.pk]))
    assert (answer.status_code, "service account" in page.text()) == (404, False)


def test_the_page_costs_no_more_with_many_accounts(cast: Cast, everything):
    robot = factories.CredentialFactory()
    credentials.record_success(robot)
    client, counts = Client(), []
    client.force_login(cast.alice)
    for number in range(12):
        grant = granted(f"person-{number}@acme.example", cast.tenant)
        view = factories.ViewFactory(tenant=cast.tenant, tenant_credential=grant, agency_credential=None)
        with CaptureQueriesContext(connection) as found:
            page = client.get(reverse("google:grants", args=["acme"])).content.decode()
        counts.append(len(found))
    offered = page.count("Use the service account")
    assert (counts[1], offered, page.count(view.name)) == (counts[-1], 12, 12)
