"""Provisioning requests in the admin: who sees which, what they say, and what staff can do for a customer."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Tenant, User
from accounts.tenancy import all_tenants
from provisioning import flows
from provisioning.models import Consent, ProvisioningRequest, RequestLink, WaitingMail
from provisioning.requests import history, record
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import Journey, travelling

LIST = "/admin/provisioning/provisioningrequest/"
PREPARE = f"{LIST}prepare/"
PAGES = ("change", "resume", "cancel", "send_link")
TYPED = {
    "tenant": "", "new_client": "", "email": "nina@bluebell.example", "way": "details_first",
    "account_name": "", "property_name": "", "website": "", "view_name": "", "time_zone": "",
    "currency": "", "country": "", "industry": "",
}  # fmt: skip
KNOWN = {"account_name": "Bluebell", "property_name": "Shop", "website": "bluebell.it", "view_name": "All"}


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


@pytest.fixture
def journey(google: Google, cast: Cast) -> Iterator[Journey]:
    """Alice's way, with the agency's service account to share with."""
    with all_tenants(reason="a test's set-up"):
        flows.add_service_account(key=google.key("310000001"))
    with travelling(google, cast.alice) as found:
        yield found


def started(tenant: Tenant, **more: object) -> ProvisioningRequest:
    return factories.RequestFactory(tenant=tenant, **more)


def failed(request: ProvisioningRequest, reason: str) -> ProvisioningRequest:
    with all_tenants(reason="a test's set-up"):
        record.ended(request, "failed", reason)
    return request


def url(page: str, request: ProvisioningRequest) -> str:
    return reverse(f"admin:provisioning_provisioningrequest_{page}", args=[request.pk])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("&#x27;", "'")


def messages_of(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def listed(answer) -> set[str]:
    return {row.email for row in answer.context["cl"].result_list}


# Who sees which


def test_staff_see_those_of_their_clients_and_the_owner_all(cast: Cast, owner: Client, staff: Client):
    started(cast.tenant, email="nina@acme.example")
    started(cast.other, email="rita@rival.example")
    assert listed(staff.get(LIST)) == {"nina@acme.example"}
    assert listed(owner.get(LIST)) == {"nina@acme.example", "rita@rival.example"}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_anothers_answers_staff_as_what_is_not_there(cast: Cast, staff: Client, page: str):
    rivals, absent = started(cast.other), ProvisioningRequest(id=uuid.uuid4())
    ask = staff.get if page == "change" else staff.post
    assert {ask(url(page, each)).status_code for each in (rivals, absent)} == {404}
    assert started(cast.tenant).state == "started"


@pytest.mark.parametrize("page", ["resume", "cancel", "send_link"])
def test_what_does_something_takes_a_post_of_staff(cast: Cast, staff: Client, page: str):
    mine = url(page, started(cast.tenant, email="nina@acme.example"))
    assert staff.get(mine).status_code == 405
    assert signed_in(cast.alice).post(mine, follow=True).status_code == 403
    assert staff.post(mine).status_code == 302


def test_nobody_adds_changes_or_deletes_one_by_hand(cast: Cast, owner: Client):
    mine = started(cast.tenant, account_name="Mine")
    assert owner.get(f"{LIST}add/").status_code == 403
    assert owner.post(url("delete", mine), {"post": "yes"}).status_code == 403
    owner.post(url("change", mine), {"account_name": "Theirs"})
    assert ProvisioningRequest._base_manager.get(pk=mine.pk).account_name == "Mine"


# What the list says


def test_the_list_says_how_far_each_is_and_why_it_stands_still(cast: Cast, staff: Client):
    failed(started(cast.tenant, email="nina@acme.example"), "account_limit")
    page = text_of(staff.get(LIST))
    assert "This Google account has reached its limit of Analytics accounts." in page
    assert "a new account, details before consent" in page


def test_the_list_narrows_by_state_client_and_words(cast: Cast, owner: Client):
    failed(started(cast.tenant, email="nina@acme.example", website="https://shop.it"), "account_limit")
    started(cast.other, email="rita@rival.example")
    found = {
        query: listed(owner.get(f"{LIST}?{query}")) for query in ("state=failed", "client=rival", "q=shop.it")
    }
    nina, rita = {"nina@acme.example"}, {"rita@rival.example"}
    assert found == {"state=failed": nina, "client=rival": rita, "q=shop.it": nina}


def test_the_list_asks_as_much_for_one_as_for_thirty(cast: Cast, owner: Client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert owner.get(LIST).status_code == 200
        return len(asked)

    failed(started(cast.tenant), "account_limit")
    queries()
    one = queries()
    for _ in range(30):
        failed(started(cast.other), "account_limit")
    assert queries() == one


# What a page says


def test_a_finished_ones_page_tells_what_happened_and_what_came_of_it(journey: Journey, staff: Client):
    journey.whole()
    row = journey.row()
    answer = staff.get(url("change", row))
    page = text_of(answer)
    ids = (row.account_id, row.property_id, row.measurement_id)
    words = [
        *ids,
        "The customer began.",
        "tag made",
        "Account tickets",
        "Consents at Google",
        "Nobody's: it is done.",
    ]
    assert [each for each in words if each not in page] == []
    with all_tenants(reason="a test looks"):
        ticket, consent = row.tickets.get(), row.consents.get()
    assert f"accountId: {row.account_id}" in page
    assert ticket.ticket_id in page
    assert [
        each for each in (consent.digest, consent.sealed_verifier) if each in answer.content.decode()
    ] == []
    assert re.search(r'<a href="(/clients/acme/views/[^"]+)">The shop</a>', answer.content.decode())
    assert [each.code for each, _ in answer.context["history"]][0] == "started"


def test_every_code_of_a_history_has_words(cast: Cast, in_tenant):
    row = started(cast.tenant)
    for code in ("", "started", "terms_declined", "rate_limited", "something_new"):
        record.noted(row, code)
    assert [history.in_words(each) for each in row.events.all()] == [
        "started",
        "The customer began.",
        "You did not accept Google's terms.",
        "Google Analytics is being asked too often. It will be asked again in a few minutes.",
        "something new",
    ]


# Pushing one on


def test_resuming_takes_it_up_at_the_step_that_failed_and_finishes(
    journey: Journey, google: Google, staff: Client
):
    journey.start()
    google.fail("/dataStreams", status=500, reason="INTERNAL", count=20)
    journey.back(journey.terms(journey.until_terms()))
    assert journey.row().state == "failed"
    google.recover()
    answer = staff.post(url("resume", journey.row()), follow=True)
    row = journey.row()
    assert (row.state, bool(row.measurement_id)) == ("live", True)
    assert messages_of(answer) == ["Now: live. Next: Nobody's: it is done."]
    assert LogEntry.objects.get().change_message == "Resumed."


def test_resuming_finds_an_account_whose_owner_did_not_come_back(journey: Journey, staff: Client):
    journey.start()
    journey.terms(journey.until_terms())
    assert journey.row().state == "ticketed"
    staff.post(url("resume", journey.row()))
    assert journey.row().state == "live"


def test_where_it_is_the_customers_turn_resuming_says_so(cast: Cast, staff: Client):
    row = failed(started(cast.tenant), "cancelled")
    answer = staff.post(url("resume", row), follow=True)
    assert messages_of(answer) == ["Now: started. Next: The customer's: the form."]


def test_cancelling_stops_it_until_somebody_takes_it_up_again(cast: Cast, staff: Client):
    row = started(cast.tenant)
    answer = staff.post(url("cancel", row), follow=True)
    assert messages_of(answer) == [
        "Cancelled. What stands at Google stays there; “Resume” takes it up again."
    ]
    row = ProvisioningRequest._base_manager.get(pk=row.pk)
    assert (row.state, row.reason) == ("cancelled", "cancelled")
    event = row.events.model._base_manager.get(request=row)
    assert (event.code, event.who) == ("cancelled", "dana@northlight.example")


def test_a_live_one_is_not_cancelled(journey: Journey, staff: Client):
    journey.whole()
    answer = staff.post(url("cancel", journey.row()), follow=True)
    assert (messages_of(answer), journey.row().state) == (
        ["It is live: there is nothing left to cancel."],
        "live",
    )


def test_the_link_is_sent_again_and_not_twice_at_once(cast: Cast, staff: Client):
    row = started(cast.tenant, email="nina@acme.example")
    first = staff.post(url("send_link", row), follow=True)
    second = staff.post(url("send_link", row), follow=True)
    assert (messages_of(first), messages_of(second)) == (
        ["A link went to nina@acme.example."],
        ["A mail went out a moment ago."],
    )
    assert [each.to for each in mail.outbox] == [["nina@acme.example"]]


def test_a_mail_that_cannot_be_sent_is_said_and_waits_with_its_link(
    cast: Cast, staff: Client, no_mail_server
):
    row = started(cast.tenant, email="nina@acme.example")
    answer = staff.post(url("send_link", row), follow=True)
    assert messages_of(answer) == [
        "The mail server does not answer. The link to nina@acme.example goes out as soon as it does."
    ]
    assert (RequestLink._base_manager.count(), WaitingMail.objects.count()) == (1, 1)


# Preparing


def test_staff_prepare_for_their_client_and_the_mail_goes_out(cast: Cast, staff: Client):
    answer = staff.post(PREPARE, TYPED | KNOWN | {"tenant": str(cast.tenant.pk)}, follow=True)
    row = ProvisioningRequest._base_manager.get()
    assert answer.redirect_chain == [(url("change", row), 302)]
    assert messages_of(answer) == ["A link went to nina@bluebell.example."]
    assert (row.tenant_id, row.email, row.way, row.skips_form) == (
        cast.tenant.pk,
        "nina@bluebell.example",
        "details_first",
        False,
    )
    assert (row.account_name, row.website, row.prepared_by) == (
        "Bluebell",
        "https://bluebell.it",
        "dana@northlight.example",
    )
    assert [each.to for each in mail.outbox] == [["nina@bluebell.example"]]
    link = re.search(r"/provisioning/invite/([\w-]+)/", mail.outbox[0].body).group(1)
    shown = answer.content.decode() + str(LogEntry.objects.get().change_message)
    assert link not in shown


def test_nothing_but_client_and_address_is_needed(cast: Cast, staff: Client):
    staff.post(PREPARE, TYPED | {"tenant": str(cast.tenant.pk)})
    assert ProvisioningRequest._base_manager.get().state == "started"


def test_the_form_is_skipped_only_where_all_of_it_is_known(cast: Cast, staff: Client):
    typed = TYPED | {"tenant": str(cast.tenant.pk), "skips_form": "on"}
    needed = ["Needed where the form is skipped."]
    answer = staff.post(PREPARE, typed | {"account_name": "Bluebell"})
    assert answer.context["form"].errors == dict.fromkeys(["property_name", "website", "view_name"], needed)
    assert ProvisioningRequest._base_manager.count() == 0
    staff.post(PREPARE, typed | KNOWN)
    assert ProvisioningRequest._base_manager.get().state == "details"


def test_what_google_would_not_take_is_said_and_what_was_typed_stays(cast: Cast, staff: Client):
    typed = TYPED | {"tenant": str(cast.tenant.pk), "website": "no address", "account_name": "🥐" * 51}
    answer = staff.post(PREPARE, typed)
    assert answer.context["form"].errors == {
        "account_name": ["Google takes 100 characters here: 2 too many."],
        "website": ["This is not the address of a website. It looks like shop.it or https://shop.it."],
    }
    assert 'value="no address"' in answer.content.decode()


def test_staff_neither_choose_another_client_nor_make_one(cast: Cast, staff: Client):
    rivals = staff.post(PREPARE, TYPED | {"tenant": str(cast.other.pk)})
    new = staff.post(PREPARE, TYPED | {"new_client": "Bluebell"})
    assert list(rivals.context["form"].errors) == ["tenant"]
    assert new.context["form"].errors == {"tenant": ["This field is required."]}
    assert ProvisioningRequest._base_manager.count() == 0


def test_the_owner_names_a_new_client(cast: Cast, owner: Client):
    owner.post(PREPARE, TYPED | {"new_client": "Bluebell Bakery"})
    row = ProvisioningRequest._base_manager.get()
    assert Tenant._base_manager.get(pk=row.tenant_id).slug == "bluebell-bakery"


def test_the_owner_chooses_one_client_old_or_new(cast: Cast, owner: Client):
    neither = owner.post(PREPARE, TYPED)
    both = owner.post(PREPARE, TYPED | {"tenant": str(cast.tenant.pk), "new_client": "Bluebell"})
    assert neither.context["form"].errors == {"tenant": ["Choose a client, or name a new one."]}
    assert both.context["form"].errors == {"new_client": ["Choose a client or name a new one, not both."]}
    assert ProvisioningRequest._base_manager.count() == 0


def test_without_a_client_id_nothing_is_prepared(owner: Client, settings):
    settings.GOOGLE_CLIENT_ID = ""
    assert "Prepare for a customer" not in owner.get(LIST).content.decode()
    assert owner.get(PREPARE).status_code == 403
    assert Consent._base_manager.count() == 0


def test_whoever_began_alone_is_not_told_that_it_was_prepared(cast: Cast, staff: Client):
    alone = started(cast.tenant, email="nina@acme.example")
    prepared = started(cast.tenant, email="rita@acme.example", prepared_by="dana@northlight.example")
    for row in (alone, prepared):
        staff.post(url("send_link", row))
    told = {each.to[0]: "has prepared" in each.body for each in mail.outbox}
    assert told == {"nina@acme.example": False, "rita@acme.example": True}
