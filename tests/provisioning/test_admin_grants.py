"""Google accounts in the admin: who sees which, what their pages say, and how they end."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from google_api import scopes
from provisioning import grants
from provisioning.models import Consent, Credential, Grant, IssuedToken, ReachableProperty
from tests import factories
from tests.conftest import Cast
from tests.consenting import Visitor, parameters
from tests.google import Google
from tests.provisioning.granting import granted
from tests.provisioning.journey import leads_to

LIST = "/admin/provisioning/grant/"
SERVICE_ACCOUNTS = "/admin/provisioning/credential/"
PAGES = ("change", "disconnect", "renew", "list", "assign")
POSTED = {"renew", "list"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner(cast: Cast) -> Client:
    return signed_in(cast.olivia)


@pytest.fixture
def staff(cast: Cast) -> Client:
    return signed_in(cast.dana)


def url(page: str, grant: Credential) -> str:
    return reverse(f"admin:provisioning_grant_{page}", args=[grant.pk])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def messages_of(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def listed(answer) -> set[str]:
    return {row.email for row in answer.context["cl"].result_list}


# Who sees which


def test_staff_see_those_of_their_clients_and_the_owner_all(cast: Cast, owner: Client, staff: Client):
    granted("agency@northlight.example")
    granted("nina@acme.example", cast.tenant)
    granted("rita@rival.example", cast.other)
    mine = {"nina@acme.example"}
    assert listed(staff.get(LIST)) == mine
    assert listed(owner.get(LIST)) == mine | {"agency@northlight.example", "rita@rival.example"}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_anothers_answers_staff_as_what_is_not_there(cast: Cast, staff: Client, page: str):
    grants_out_of_reach = [granted("rita@rival.example", cast.other), granted("agency@northlight.example")]
    absent = Credential(id=uuid.uuid4())
    ask = staff.post if page in POSTED else staff.get
    found = {ask(url(page, each)).status_code for each in (*grants_out_of_reach, absent)}
    assert found == {404}


def test_strangers_sign_in_first_and_clients_are_refused(cast: Cast):
    grant = granted("nina@acme.example", cast.tenant)
    for address in (LIST, url("change", grant), url("disconnect", grant)):
        assert Client().get(address).status_code == 302
        assert signed_in(cast.alice).get(address, follow=True).status_code == 403


@pytest.mark.parametrize("page", ["renew", "list"])
def test_what_does_something_takes_a_post(cast: Cast, staff: Client, page: str):
    assert staff.get(url(page, granted("nina@acme.example", cast.tenant))).status_code == 405


def test_nobody_adds_or_deletes_one_by_hand(cast: Cast, owner: Client):
    grant = granted("nina@acme.example", cast.tenant)
    assert owner.get(f"{LIST}add/").status_code == 403
    assert owner.post(url("delete", grant), {"post": "yes"}).status_code == 403
    assert owner.post(url("change", grant), {"name": "other"}).status_code in (302, 403)
    assert Credential._base_manager.get(pk=grant.pk).name == "nina@acme.example"


def test_service_accounts_and_google_accounts_have_lists_of_their_own(cast: Cast, owner: Client, everything):
    grant = granted("nina@acme.example", cast.tenant)
    robots = {each.email for each in Credential.objects.filter(kind="service_account")}
    assert listed(owner.get(SERVICE_ACCOUNTS)) == robots
    assert listed(owner.get(LIST)) == {"nina@acme.example"}
    answer = owner.get(reverse("admin:provisioning_credential_change", args=[grant.pk]))
    assert (answer.status_code, answer.url) == (302, url("change", grant))
    keyed = owner.post(reverse("admin:provisioning_credential_key", args=[grant.pk]), {})
    assert keyed.status_code == 404


def test_the_list_asks_as_much_for_one_as_for_thirty(cast: Cast, owner: Client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert owner.get(LIST).status_code == 200
        return len(asked)

    granted("first@acme.example", cast.tenant)
    queries()
    one = queries()
    for number in range(30):
        granted(f"more-{number}@acme.example", cast.tenant)
    assert queries() == one


# What a page says


def test_its_page_says_whose_it_is_what_it_allows_and_what_hangs_on_it(cast: Cast, staff: Client):
    may = (scopes.ANALYTICS_READONLY, scopes.ANALYTICS_EDIT)
    grant = granted("nina@acme.example", cast.tenant, user=cast.alice, may=may)
    factories.ViewFactory(tenant=cast.tenant, name="Shop", agency_credential=None, tenant_credential=grant)
    page = text_of(staff.get(url("change", grant)))
    expected = [
        "nina@acme.example", "alice@acme.example", "See and download your Google Analytics data",
        "Edit Google Analytics management entities", "Acme › Shop", "Google named no end.",
        "1 of the 100 that Google keeps for one Google account",
    ]  # fmt: skip
    assert [words for words in expected if words not in page] == []
    assert "marked" not in staff.get(url("change", grant)).content.decode()


def test_an_end_that_google_names_is_said_with_what_it_means(cast: Cast, staff: Client):
    grant = granted("nina@acme.example", cast.tenant, ends=timezone.now() + timedelta(days=7))
    page = text_of(staff.get(url("change", grant)))
    assert re.search(r"This consent ends on [^<]+, because the app is in Testing\.", page)
    granted("nina@acme.example", cast.tenant, ends=datetime(2131, 5, 6, 7, 8, tzinfo=UTC))
    page = text_of(staff.get(url("change", grant)))
    assert "On May 6, 2131, 7:08 a.m.: access was given for a limited time." in page


def test_an_ended_one_names_the_likeliest_causes(cast: Cast, staff: Client, everything):
    grant = granted("nina@acme.example", cast.tenant)
    Credential.objects.filter(pk=grant.pk).update(state="refused", last_error_code="grant_revoked")
    page = staff.get(url("change", grant))
    causes = re.findall(r"<li>([^<]+)</li>", page.content.decode().partition("Last error")[2])
    assert "This consent was removed at Google, or has expired." in text_of(page)
    assert causes[0] == "Access was removed in the Google account&#x27;s settings."


@pytest.mark.parametrize(("issued", "warns"), [(79, False), (80, True), (120, True)])
def test_the_count_of_consents_warns_from_eighty_percent(cast: Cast, staff: Client, issued: int, warns: bool):
    grant = granted("nina@acme.example", cast.tenant)
    IssuedToken.objects.bulk_create(
        IssuedToken(subject=grant.subject, client_id=grant.client_id) for _ in range(issued - 1)
    )
    page = text_of(staff.get(url("change", grant)))
    assert f"{min(issued, grants.TOKEN_LIMIT)} of the 100" in page
    assert ("Each one more will soon end an older one." in page) is warns


# Renewing and connecting


def asked_at_google(answer) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(leads_to(answer)).query).items()}


def test_renewing_asks_google_for_what_was_granted_before(cast: Cast, staff: Client, everything):
    may = (scopes.ANALYTICS_READONLY, scopes.ANALYTICS_EDIT)
    grant = granted("nina@acme.example", cast.tenant, may=may)
    asked = asked_at_google(staff.post(url("renew", grant)))
    consent = Consent.objects.get()
    assert (consent.purpose, consent.credential_id, consent.tenant_id) == (
        "connect",
        grant.pk,
        cast.tenant.pk,
    )
    assert set(asked["scope"].split()) == {*may, scopes.OPENID, scopes.EMAIL}
    assert (asked["login_hint"], asked["access_type"]) == ("nina@acme.example", "offline")


def test_the_owner_connects_a_google_account_of_the_agencys_to_read(owner: Client, everything):
    asked = asked_at_google(owner.post(f"{LIST}connect/"))
    consent = Consent.objects.get()
    assert (consent.purpose, consent.tenant, consent.credential) == ("connect", None, None)
    assert set(asked["scope"].split()) == {scopes.ANALYTICS_READONLY, scopes.OPENID, scopes.EMAIL}


def test_staff_do_not_connect_for_the_agency_and_are_not_offered_to(staff: Client, owner: Client):
    assert staff.post(f"{LIST}connect/").status_code == 403
    assert owner.get(f"{LIST}connect/").status_code == 405
    button = "Connect the agency's Google account"
    assert (button in staff.get(LIST).content.decode(), button in owner.get(LIST).content.decode()) == (
        False,
        True,
    )


def test_without_a_client_id_nothing_leads_to_google(cast: Cast, owner: Client, settings):
    settings.GOOGLE_CLIENT_ID = ""
    grant = granted("nina@acme.example", cast.tenant)
    assert "Connect the agency" not in owner.get(LIST).content.decode()
    assert "Renew at Google" not in owner.get(url("change", grant)).content.decode()
    assert owner.post(url("renew", grant)).status_code == 403
    assert owner.post(f"{LIST}connect/").status_code == 403


# Its end


def test_disconnecting_says_first_which_views_go_dark(cast: Cast, staff: Client):
    grant = granted("nina@acme.example", cast.tenant)
    factories.ViewFactory(tenant=cast.tenant, name="Shop", agency_credential=None, tenant_credential=grant)
    page = text_of(staff.get(url("disconnect", grant)))
    assert "This view goes dark" in page
    assert "Acme › Shop" in page
    assert "The consent ends at Google too." in page
    assert Credential._base_manager.filter(pk=grant.pk).exists()


def test_one_that_feeds_nothing_is_gone_here_and_at_google(cast: Cast, staff: Client, google: Google):
    grant = granted("nina@acme.example", cast.tenant)
    answer = staff.post(url("disconnect", grant), follow=True)
    assert messages_of(answer) == [
        "Disconnected nina@acme.example. Google was told, and the consent is gone there too."
    ]
    assert [each["path"] for each in google.requests("/revoke")] == ["/revoke"]
    assert not Credential._base_manager.filter(pk=grant.pk).exists()
    assert LogEntry.objects.get().change_message == "Disconnected."


def test_one_that_shares_its_google_account_ends_here_alone_and_names_nobody(
    cast: Cast, staff: Client, google: Google
):
    grant = granted("nina@acme.example", cast.tenant, subject="1")
    granted("nina@acme.example", cast.other, subject="1")
    page = text_of(staff.get(url("disconnect", grant)))
    assert "At Google the consent stays" in page
    answer = staff.post(url("disconnect", grant), follow=True)
    assert messages_of(answer) == [
        "Disconnected nina@acme.example. The portal's token is deleted. At Google the consent stays: "
        "something else here still uses the same Google account."
    ]
    assert google.requests("/revoke") == []
    assert "Rival" not in page + text_of(answer)


def test_where_google_cannot_be_told_it_stays(cast: Cast, staff: Client):
    grant = granted("nina@acme.example", cast.tenant)
    answer = staff.post(url("disconnect", grant), follow=True)
    assert messages_of(answer)[0].startswith("Google could not be reached in time.")
    assert Credential._base_manager.filter(pk=grant.pk).exists()
    assert LogEntry.objects.count() == 0


# What it reaches


def test_the_agencys_reaches_properties_that_the_owner_assigns(cast: Cast, owner: Client, everything):
    grant = granted("agency@northlight.example")
    ReachableProperty.objects.create(credential=grant, property_id="310000009", name="Branch")
    page = owner.get(url("change", grant)).content.decode()
    assert "Branch" in page
    answer = owner.post(url("assign", grant), {"clients-310000009": "acme"}, follow=True)
    assert messages_of(answer) == ["Saved whose the properties are."]
    assert answer.redirect_chain[-1][0] == url("change", grant)
    assert list(grant.assignments.values_list("property_id", "tenant__slug")) == [("310000009", "acme")]


def test_listing_again_says_what_is_wrong_with_it(cast: Cast, staff: Client, google: Google, everything):
    grant = granted("nina@acme.example", cast.tenant)
    answer = staff.post(url("list", grant), follow=True)
    again = Grant.objects.get(pk=grant.pk)
    assert again.state == "refused"
    assert messages_of(answer) == [again.last_error]


# Where what hangs on it stays


def test_views_of_a_disconnected_one_stay_and_it_stays_with_them(cast: Cast, staff: Client, google: Google):
    grant = granted("nina@acme.example", cast.tenant)
    view = factories.ViewFactory(
        tenant=cast.tenant, name="Shop", agency_credential=None, tenant_credential=grant
    )
    answer = staff.post(url("disconnect", grant), follow=True)
    assert messages_of(answer)[0].startswith("Disconnected nina@acme.example.")
    kept = Credential._base_manager.get(pk=grant.pk)
    assert (kept.state, kept.sealed_secret, kept.sealed_access_token) == ("refused", "", "")
    assert type(view)._base_manager.get(pk=view.pk).tenant_credential_id == grant.pk
    assert "At Google the consent has ended already" in text_of(staff.get(url("disconnect", grant)))


# All the way to Google and back


@pytest.fixture
def at_google(google: Google) -> Iterator[Visitor]:
    visitor = Visitor(google.url)
    yield visitor
    visitor.close()


def back(client: Client, address: str):
    parts = urlsplit(address)
    return client.get(parts.path, parameters(address), follow=True)


def test_the_agencys_google_account_comes_back_to_its_list(
    cast: Cast, owner: Client, at_google: Visitor, everything
):
    address = leads_to(owner.post(f"{LIST}connect/"))
    answer = back(owner, at_google.consent(address, "agency@northlight.example"))
    assert answer.redirect_chain[-1][0] == LIST
    assert listed(answer) == {"agency@northlight.example"}
    grant = Grant.objects.get(kind="grant")
    assert (grant.tenant, grant.consented_by, grant.state) == (None, cast.olivia, "works")
    assert grant.properties.count() > 0


def test_another_google_account_does_not_renew_the_agencys(
    cast: Cast, owner: Client, at_google: Visitor, everything
):
    back(owner, at_google.consent(leads_to(owner.post(f"{LIST}connect/")), "agency@northlight.example"))
    grant = Grant.objects.get(kind="grant")
    at_google.close()
    other = Visitor(at_google.url)
    answer = back(
        owner, other.consent(leads_to(owner.post(url("renew", grant))), "marco@harbour-books.example")
    )
    other.close()
    assert answer.status_code == 200
    assert [each.email for each in Grant.objects.filter(kind="grant")] == ["agency@northlight.example"]
    assert "marco@harbour-books.example" in text_of(answer)
