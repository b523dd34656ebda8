"""Both ways back from Google: works, denied, wrong state, replayed, no session, no code, junk, right lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.tenancy import all_tenants
from provisioning import flows
from provisioning.models import AccountTicket, Consent, Credential
from tests.conftest import Cast
from tests.consenting import parameters
from tests.google import Google
from tests.provisioning.journey import MARCO, Journey, leads_to, travelling

pytestmark = pytest.mark.django_db
CONSENT, TERMS = "/provisioning/oauth/callback", "/provisioning/tos/callback"
STRAY = "This return from Google belongs to another try."


@pytest.fixture
def journey(google: Google, cast: Cast) -> Iterator[Journey]:
    with all_tenants(reason="a test's set-up"):
        flows.add_service_account(key=google.key("310000001"))
    with travelling(google, cast.alice) as found:
        yield found.start()


@pytest.fixture
def back(journey: Journey) -> dict[str, str]:
    """What Google's consent sends alice back with; she has not followed it yet."""
    return parameters(journey.visitor.consent(journey.tell(), journey.email))


@pytest.fixture
def accepted(journey: Journey) -> dict[str, str]:
    """What Google's terms send alice back with; she has not followed it yet."""
    return parameters(journey.terms(journey.until_terms()))


def grants() -> int:
    with all_tenants(reason="a test looks"):
        return Credential.objects.filter(kind="grant").count()


def is_stray(answer) -> bool:
    return (answer.status_code, STRAY in answer.content.decode()) == (400, True)


# Consent


def test_consent_leads_on_to_the_terms(journey: Journey, back: dict[str, str]):
    assert "/termsofservice/" in leads_to(journey.client.get(CONSENT, back))
    assert (journey.row().state, grants()) == ("ticketed", 1)


def test_denied_consent_is_kept_as_such(journey: Journey, back: dict[str, str]):
    journey.client.get(CONSENT, {"error": "access_denied", "state": back["state"]})
    assert (journey.row().state, journey.row().reason, grants()) == ("denied", "consent_denied", 0)


@pytest.mark.parametrize(
    ("error", "reason"), [("admin_policy_enforced", "admin_policy_enforced"), ("x", "unknown_consent_error")]
)
def test_other_errors_have_their_own_words(journey: Journey, back: dict[str, str], error: str, reason: str):
    journey.client.get(CONSENT, {"error": error, "state": back["state"]})
    assert (journey.row().state, journey.row().reason) == ("failed", reason)


@pytest.mark.parametrize("state", ["", "wrong", "x" * 5000, "\0"])
def test_wrong_state_counts_for_nothing(journey: Journey, back: dict[str, str], state: str):
    assert is_stray(journey.client.get(CONSENT, back | {"state": state}))
    assert (journey.row().state, grants()) == ("details", 0)


def test_another_issuer_counts_for_nothing(journey: Journey, back: dict[str, str]):
    assert is_stray(journey.client.get(CONSENT, back | {"iss": "https://evil.example"}))
    assert grants() == 0


def test_replayed_return_leads_to_its_request_and_asks_google_nothing(journey: Journey, back: dict[str, str]):
    journey.client.get(CONSENT, back)
    asked = len(journey.google.requests("/token"))
    answer = journey.client.get(CONSENT, back)
    assert answer.headers["Location"] == f"/provisioning/{journey.pk}/"
    assert (len(journey.google.requests("/token")), journey.row().state) == (asked, "ticketed")


def test_return_in_another_browser_counts_for_nothing(journey: Journey, back: dict[str, str], cast: Cast):
    elsewhere = Client()
    elsewhere.force_login(cast.alice)
    assert is_stray(elsewhere.get(CONSENT, back))
    assert grants() == 0


def test_stolen_return_used_by_another_is_used_up(journey: Journey, back: dict[str, str], cast: Cast):
    """A code that reached a stranger is burnt: its owner asks for a new one."""
    stranger = Client()
    stranger.force_login(cast.charlie)
    assert is_stray(stranger.get(CONSENT, back))
    journey.client.get(CONSENT, back)
    assert grants() == 0


def test_return_to_another_person_in_the_same_browser_counts_for_nothing(
    journey: Journey, back: dict[str, str], cast: Cast
):
    """Whoever signed in meanwhile, with the browser's session kept, is not the one who was sent."""
    with all_tenants(reason="a test makes it so that somebody else was sent"):
        Consent.objects.update(user=cast.charlie)
    assert is_stray(journey.client.get(CONSENT, back))
    assert grants() == 0


def test_return_without_session_counts_for_nothing(journey: Journey, back: dict[str, str]):
    assert is_stray(Client().get(CONSENT, back))
    assert grants() == 0


def test_return_without_code_says_so(journey: Journey, back: dict[str, str]):
    journey.client.get(CONSENT, {"state": back["state"]})
    assert (journey.row().state, journey.row().reason) == ("failed", "unknown_consent_error")


def test_junk_for_an_answer_fails_and_keeps_everything(journey: Journey, back: dict[str, str]):
    journey.google.fail("/token", body="html", count=1)
    journey.client.get(CONSENT, back)
    assert (journey.row().state, journey.row().reason, grants()) == ("failed", "bad_answer", 0)
    assert journey.row().account_name == "Bluebell Bakery"


def test_wrong_code_fails(journey: Journey, back: dict[str, str]):
    journey.client.get(CONSENT, back | {"code": "4/wrong"})
    assert (journey.row().state, journey.row().reason) == ("failed", "code_refused")


def test_right_lost_on_the_way_counts_for_nothing(journey: Journey, back: dict[str, str], cast: Cast):
    with all_tenants(reason="a test takes a right"):
        Membership.objects.filter(user=cast.alice).delete()
    assert is_stray(journey.client.get(CONSENT, back))
    assert grants() == 0


def test_head_uses_nothing_up(journey: Journey, back: dict[str, str]):
    assert journey.client.head(CONSENT, back).status_code == 405
    journey.client.get(CONSENT, back)
    assert journey.row().state == "ticketed"


def test_expired_state_is_told_from_none(journey: Journey, back: dict[str, str]):
    with all_tenants(reason="a test ages a consent"):
        row = Consent.objects.get()
        Consent.objects.update(expires_at=row.created_at)
    answer = journey.client.get(CONSENT, back)
    assert (answer.headers["Location"], grants()) == (f"/provisioning/{journey.pk}/", 0)


def test_two_tabs_each_find_their_way(journey: Journey):
    first, second = journey.tell(), journey.tell()
    assert "/termsofservice/" in leads_to(journey.consent(second))
    assert "/termsofservice/" in leads_to(journey.consent(first))
    assert (journey.row().state, grants()) == ("ticketed", 1)


# Terms


def test_accepted_terms_lead_to_a_live_view(journey: Journey, accepted: dict[str, str]):
    answer = journey.client.get(TERMS, accepted)
    assert (answer.headers["Location"], journey.row().state) == (f"/provisioning/{journey.pk}/", "live")


def test_declined_terms_are_kept_as_such(journey: Journey, accepted: dict[str, str]):
    ticket = {"accountTicketId": accepted["accountTicketId"], "error": "user_cancel"}
    journey.client.get(TERMS, ticket)
    assert (journey.row().state, journey.row().reason) == ("denied", "terms_declined")


@pytest.mark.parametrize("ticket", ["", "wrong", "x" * 5000, "\0"])
def test_wrong_ticket_counts_for_nothing(journey: Journey, accepted: dict[str, str], ticket: str):
    assert is_stray(journey.client.get(TERMS, accepted | {"accountTicketId": ticket}))
    assert journey.row().state == "ticketed"


def test_replayed_terms_make_nothing_twice(journey: Journey, accepted: dict[str, str]):
    journey.client.get(TERMS, accepted)
    made = len([each for each in journey.google.requests() if each["method"] == "POST"])
    journey.client.get(TERMS, accepted)
    journey.client.get(TERMS, accepted | {"error": "user_cancel"})
    assert journey.row().state == "live"
    assert len([each for each in journey.google.requests() if each["method"] == "POST"]) == made


def test_terms_without_session_ask_to_sign_in_and_then_count(
    journey: Journey, accepted: dict[str, str], cast: Cast
):
    journey.client.logout()
    answer = journey.client.get(TERMS, accepted)
    assert answer.headers["Location"].startswith("/accounts/login/?next=/provisioning/tos/callback%3F")
    journey.client.force_login(cast.alice)
    journey.client.get(TERMS, accepted)
    assert journey.row().state == "live"


def test_terms_of_somebody_elses_request_say_nothing(journey: Journey, accepted: dict[str, str], cast: Cast):
    stranger = Client()
    stranger.force_login(cast.charlie)
    assert is_stray(stranger.get(TERMS, accepted))
    assert journey.row().state == "ticketed"


def test_terms_without_ids_say_so(journey: Journey, accepted: dict[str, str]):
    journey.client.get(TERMS, {"accountTicketId": accepted["accountTicketId"]})
    assert (journey.row().state, journey.row().reason) == ("failed", "missing_parameters")
    journey.do("advance")  # looks for the account itself
    assert journey.row().state == "live"


@pytest.mark.parametrize("account", ["1", "junk", "9" * 40, "../2", "\0"])
def test_junk_for_an_account_is_not_believed(journey: Journey, accepted: dict[str, str], account: str):
    journey.client.get(TERMS, accepted | {"accountId": account})
    assert (journey.row().state, journey.row().account_id) == ("failed", "")


def test_right_lost_before_the_terms_counts_for_nothing(
    journey: Journey, accepted: dict[str, str], cast: Cast
):
    with all_tenants(reason="a test takes a right"):
        Membership.objects.filter(user=cast.alice).delete()
    assert is_stray(journey.client.get(TERMS, accepted))
    assert journey.row().state == "ticketed"


def test_old_account_of_the_same_person_is_not_believed(google: Google, cast: Cast):
    """Otherwise a crafted address would make us write into an account that was there before."""
    with travelling(google, cast.alice, MARCO) as journey:
        journey.start()
        journey.consent(journey.tell())
        leads_to(journey.do("terms"))
        with all_tenants(reason="a test looks"):
            ticket = AccountTicket.objects.latest("created_at")
        assert ticket.accounts_before
        back = {"accountTicketId": ticket.ticket_id, "accountId": ticket.accounts_before[0]}
        journey.client.get(TERMS, back)
        assert (journey.row().state, journey.row().account_id) == ("failed", "")


def test_other_google_account_cannot_take_over_an_accepted_request(
    journey: Journey, accepted: dict[str, str]
):
    journey.google.fail("/v1beta/properties$", status=403, count=9)
    journey.client.get(TERMS, accepted)
    journey.google.recover()
    journey.visitor.session.cookies.clear()
    journey.consent(leads_to(journey.do("authorise", {"other_account": "yes"})), email=MARCO)
    row = journey.row()
    assert (row.state, row.reason, row.grant.email) == ("failed", "wrong_account", journey.email)
