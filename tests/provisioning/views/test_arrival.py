"""Back from Google by a link: the Google account signs in, and nobody known is taken over by an address."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from accounts.tenancy import all_tenants
from provisioning import arrivals
from provisioning.models import Arrival, Credential, IssuedToken, RequestLink
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import DETAILS, Journey, leads_to, travelling

pytestmark = pytest.mark.django_db
NINA = "nina@bluebell-bakery.example"
OTHER = "webmaster@studio.example"


def opened(journey: Journey, tenant, email: str = NINA, **more) -> Journey:
    """The link is opened and accepted; the journey is about its request."""
    issued = factories.prepared(email, tenant, **more)
    journey.client.post(f"/provisioning/invite/{issued.token.value}/")
    journey.at = f"/provisioning/{issued.request.pk}/"
    return journey


def consented(journey: Journey, email: str = NINA, **more):
    """From the request to Google's consent and back; the portal's answer."""
    return journey.consent(leads_to(journey.do("authorise")), email=journey.google.person(email), **more)


def ready(**more) -> dict:
    return {"details": DETAILS, "skips_form": True} | more


def came_in(journey: Journey, answer) -> str:
    """Follows the portal's own redirects to the end; who is signed in then."""
    while answer.status_code == 302 and answer.url.startswith("/"):
        journey.last = answer.url
        answer = journey.client.get(answer.url)
    journey.answer = answer
    number = journey.client.session.get("_auth_user_id")
    return User.objects.get(pk=number).email if number else ""


def roles(tenant) -> dict[str, str]:
    with all_tenants(reason="a test looks"):
        return dict(Membership.objects.filter(tenant=tenant).values_list("user__email", "role"))


def kept() -> tuple[int, int]:
    """How many grants there are, and how many arrivals hold tokens."""
    with all_tenants(reason="a test looks"):
        grants = Credential.objects.filter(kind=Credential.Kind.GRANT).count()
        return grants, Arrival.objects.exclude(sealed_tokens="").count()


@pytest.fixture
def journey(google: Google, db):
    with travelling(google) as made:
        yield made


@pytest.fixture
def bakery():
    return factories.TenantFactory(slug="bakery", name="Bluebell Bakery")


def test_the_invited_address_comes_in_by_google_alone_and_goes_straight_on(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    assert came_in(journey, consented(journey)) == NINA
    nina = User.objects.get(email=NINA)
    linked = SocialAccount.objects.get()
    assert (linked.provider, linked.user, nina.has_usable_password()) == ("google", nina, False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NINA, True, True)]
    assert roles(bakery) == {NINA: "owner"}
    assert kept() == (1, 0)
    assert (journey.row().user, journey.row().grant.consented_by) == (nina, nina)
    assert "/analytics/web/" in leads_to(journey.answer)


def test_the_case_of_the_invited_address_does_not_matter(journey: Journey, bakery):
    opened(journey, bakery, "Nina@Bluebell-Bakery.example", **ready())
    assert came_in(journey, consented(journey)) == NINA


def test_all_the_way_to_a_dashboard_without_a_password(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey))
    came_in(journey, journey.back(journey.terms(leads_to(journey.answer))))
    assert journey.row().state == "live"
    assert journey.client.get("/clients/bakery/").status_code == 200


def test_who_comes_again_is_signed_in_by_the_same_google_account(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey))
    journey.client = Client()
    opened(journey, bakery, way="details_last")
    assert came_in(journey, consented(journey)) == NINA
    assert (User.objects.count(), SocialAccount.objects.count(), kept()) == (1, 1, (1, 0))


def test_another_address_needs_a_code_from_the_invited_mailbox(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    assert came_in(journey, consented(journey, OTHER)) == ""
    assert "Two addresses: are both yours?" in journey.answer.content.decode()
    assert (User.objects.count(), kept(), roles(bakery)) == (0, (0, 1), {})
    came_in(journey, journey.client.post(f"{journey.last}code/"))
    assert [message.to for message in mail.outbox] == [[NINA]]
    assert came_in(journey, journey.client.post(f"{journey.last}confirm/", {"code": code()})) == OTHER
    assert (roles(bakery), kept()) == ({OTHER: "owner"}, (1, 0))


def code() -> str:
    return mail.outbox[-1].subject.split()[0]


def asked_for_a_code(journey: Journey, bakery) -> str:
    """Somebody with another address asks for a code; the address of the arrival."""
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey, OTHER))
    came_in(journey, journey.client.post(f"{journey.last}code/"))
    return journey.last


def test_three_wrong_codes_end_it_and_the_right_one_is_too_late(journey: Journey, bakery):
    here = asked_for_a_code(journey, bakery)
    for _ in range(3):
        journey.client.post(f"{here}confirm/", {"code": "WRONG-ONE"})
    assert came_in(journey, journey.client.post(f"{here}confirm/", {"code": code()})) == ""
    assert kept() == (0, 1)


def test_a_code_is_good_for_fifteen_minutes(journey: Journey, bakery):
    here = asked_for_a_code(journey, bakery)
    with all_tenants(reason="a test's clock"):
        Arrival.objects.update(code_expires_at=timezone.now())
    assert came_in(journey, journey.client.post(f"{here}confirm/", {"code": code()})) == ""


def test_a_newer_code_takes_the_place_of_the_older(journey: Journey, bakery):
    here = asked_for_a_code(journey, bakery)
    old = code()
    journey.client.post(f"{here}code/")
    assert came_in(journey, journey.client.post(f"{here}confirm/", {"code": old})) == ""
    assert came_in(journey, journey.client.post(f"{here}confirm/", {"code": code().lower()})) == OTHER


def test_five_codes_an_hour_go_out_for_one_request(journey: Journey, bakery):
    here = asked_for_a_code(journey, bakery)
    for _ in range(6):
        journey.client.post(f"{here}code/")
    assert len(mail.outbox) == 5


def test_a_code_is_not_in_the_database(journey: Journey, bakery):
    asked_for_a_code(journey, bakery)
    with all_tenants(reason="a test looks"):
        row = Arrival.objects.values().get()
    assert code().replace("-", "") not in str(row).replace("-", "")


def test_a_mail_that_cannot_go_is_said(journey: Journey, bakery, no_mail_server):
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey, OTHER))
    came_in(journey, journey.client.post(f"{journey.last}code/"))
    assert "goes out as soon as it does." in journey.answer.content.decode()


def test_who_has_an_account_with_the_address_signs_in_to_it_first(journey: Journey, bakery, cast: Cast):
    nina = factories.person(NINA, "viewer", cast.tenant)
    opened(journey, bakery, **ready())
    assert came_in(journey, consented(journey)) == ""
    page = journey.answer.content.decode()
    assert "You have an account here already." in page
    assert (kept(), SocialAccount.objects.count(), nina.pk) == ((0, 1), 0, nina.pk)
    sign_in = re.search(r'class="go" href="([^"]+)"', page).group(1)  # type: ignore[union-attr]
    answer = journey.client.post(sign_in, {"login": NINA, "password": "correct horse battery"})
    assert came_in(journey, answer) == NINA
    assert (roles(bakery), kept()) == ({NINA: "owner"}, (1, 0))
    assert SocialAccount.objects.get().user == nina


def test_who_has_an_account_with_the_invited_address_signs_in_to_it(journey: Journey, bakery, cast: Cast):
    nina = factories.person(NINA, "viewer", cast.tenant)
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey, OTHER))
    assert "You have an account here already." in journey.answer.content.decode()
    journey.client.force_login(nina)
    assert came_in(journey, journey.client.get(journey.last)) == NINA
    assert (roles(bakery), SocialAccount.objects.count()) == ({NINA: "owner"}, 0)


def test_somebody_elses_account_that_signs_in_still_needs_the_code(journey: Journey, bakery, cast: Cast):
    factories.person(NINA, "viewer", cast.tenant)
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey))
    journey.client.force_login(cast.charlie)
    came_in(journey, journey.client.get(journey.last))
    assert "Two addresses: are both yours?" in journey.answer.content.decode()
    assert (roles(bakery), SocialAccount.objects.count(), kept()) == ({}, 0, (0, 1))


def test_a_linked_account_of_another_address_needs_the_code_before_it_signs_in(
    journey: Journey, bakery, cast: Cast
):
    opened(journey, cast.other, OTHER, **ready())
    came_in(journey, consented(journey, OTHER))
    journey.client = Client()
    opened(journey, bakery, **ready())
    assert came_in(journey, consented(journey, OTHER)) == ""
    came_in(journey, journey.client.post(f"{journey.last}code/"))
    assert came_in(journey, journey.client.post(f"{journey.last}confirm/", {"code": code()})) == OTHER
    assert roles(bakery) == {OTHER: "owner"}


def test_who_was_shut_out_stays_out(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey))
    User.objects.update(is_active=False)
    journey.client = Client()
    opened(journey, bakery, way="details_last")
    assert came_in(journey, consented(journey)) == ""
    assert "Your account is closed." in journey.answer.content.decode()


def test_signed_in_with_the_invited_address_it_goes_straight_on(journey: Journey, bakery, cast: Cast):
    nina = factories.person(NINA, "viewer", cast.tenant)
    journey.client.force_login(nina)
    opened(journey, bakery, **ready())
    assert came_in(journey, consented(journey)) == NINA
    assert (roles(bakery), kept()) == ({NINA: "owner"}, (1, 0))


def test_a_member_keeps_the_role_they_have(journey: Journey, bakery):
    nina = factories.person(NINA, "viewer", bakery)
    journey.client.force_login(nina)
    opened(journey, bakery, **ready())
    came_in(journey, consented(journey))
    assert roles(bakery) == {NINA: "viewer"}


def test_who_owns_the_client_needs_no_proof(google: Google, cast: Cast):
    with travelling(google, cast.alice) as journey:
        opened(journey, cast.tenant, **ready())
        came_in(journey, consented(journey, OTHER))
        assert (journey.row().grant.email, kept()) == (OTHER, (1, 0))


def test_an_address_that_google_has_not_verified_needs_the_code(journey: Journey, bakery, monkeypatch):
    from google_api import identity

    believed = identity.identity_of

    def unverified(*args, **more):
        person = believed(*args, **more)
        return identity.Identity(person.subject, person.email, False, person.name, "")

    monkeypatch.setattr(identity, "identity_of", unverified)
    opened(journey, bakery, **ready())
    assert came_in(journey, consented(journey)) == ""
    came_in(journey, journey.client.post(f"{journey.last}code/"))
    assert came_in(journey, journey.client.post(f"{journey.last}confirm/", {"code": code()})) == NINA


def test_an_arrival_is_its_sessions_alone(journey: Journey, bakery, cast: Cast):
    here = asked_for_a_code(journey, bakery)
    other = Client()
    other.force_login(cast.olivia)
    answers = [
        other.get(here).status_code,
        other.post(f"{here}code/").status_code,
        other.post(f"{here}confirm/", {"code": code()}).status_code,
    ]
    assert answers == [404, 404, 404]


def test_taken_up_once_and_then_it_leads_to_the_request(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    first = consented(journey)
    came_in(journey, first)
    answer = journey.client.get(first.url)
    assert (answer.url, kept(), IssuedToken.objects.count()) == (journey.at, (1, 0), 1)


def test_after_an_hour_it_is_over_and_forgotten(journey: Journey, bakery):
    here = asked_for_a_code(journey, bakery)
    with all_tenants(reason="a test's clock"):
        Arrival.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
        assert journey.client.get(here).status_code == 410
        assert arrivals.forget_old() == 1
        assert (Arrival.objects.count(), IssuedToken.objects.count()) == (0, 1)
    assert journey.client.get(here).status_code == 410


def test_a_link_that_ended_meanwhile_ends_the_arrival(journey: Journey, bakery):
    here = asked_for_a_code(journey, bakery)
    with all_tenants(reason="a test's clock"):
        RequestLink.objects.update(expires_at=timezone.now())
    assert journey.client.get(here).status_code == 410


def test_tokens_rest_sealed(journey: Journey, bakery):
    asked_for_a_code(journey, bakery)
    with all_tenants(reason="a test looks"):
        row = Arrival.objects.get()
        tokens = arrivals.tokens_of(row)
    assert tokens.refresh_token
    assert tokens.refresh_token not in str(Arrival.objects.model._base_manager.values().get())


def test_what_was_unticked_is_said_and_the_person_is_in(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    assert came_in(journey, consented(journey, refuse=["analytics.edit"])) == NINA
    assert journey.row().reason == "scopes_missing"


def test_who_allows_nothing_is_asked_nothing_more(journey: Journey, bakery):
    opened(journey, bakery, **ready())
    every = ["analytics.edit", "analytics.readonly", "analytics.manage.users"]
    assert came_in(journey, consented(journey, OTHER, refuse=every)) == ""
    assert (journey.row().state, journey.row().reason, kept()) == ("denied", "scopes_missing", (0, 0))
