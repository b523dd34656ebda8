"""Requests that staff prepare, and their links."""

import datetime
import re

import pytest
from django.core import mail
from django.utils import timezone

from accounts.tenancy import tenant_scope
from provisioning.models import RequestLink
from provisioning.requests import mails, preparing
from tests import factories
from tests.conftest import Cast
from tests.provisioning.journey import DETAILS

NINA = "nina@bluebell-bakery.example"


@pytest.fixture
def inside(cast: Cast, in_tenant):
    return cast


def prepare(cast: Cast, **more):
    return factories.prepared(NINA, cast.tenant, **more)


def test_what_is_known_is_kept_and_the_rest_left_to_the_customer(inside: Cast):
    request = prepare(inside, details={"account_name": " Bluebell ", "website": "shop.it"}).request
    assert (request.account_name, request.website, request.property_name) == (
        "Bluebell",
        "https://shop.it",
        "",
    )
    assert (request.state, request.details_at, request.prepared_by) == (
        "started", None, "dana@northlight.example",
    )  # fmt: skip


def test_without_a_form_the_details_count_as_given(inside: Cast):
    known = {**DETAILS, "time_zone": ""}
    request = prepare(inside, details=known, skips_form=True).request
    assert (request.state, request.details_at is not None, request.time_zone) == (
        "details", True, "America/Los_Angeles",
    )  # fmt: skip


@pytest.mark.parametrize("lost", preparing.REQUIRED)
def test_without_a_form_all_that_it_asks_for_must_be_known(inside: Cast, lost: str):
    with pytest.raises(preparing.Incomplete) as raised:
        prepare(inside, details={**DETAILS, lost: ""}, skips_form=True)
    assert raised.value.missing == [lost]


def test_a_website_that_is_none_counts_as_unknown(inside: Cast):
    with pytest.raises(preparing.Incomplete) as raised:
        prepare(inside, details={**DETAILS, "website": "not a site"}, skips_form=True)
    assert raised.value.missing == ["website"]


def test_an_existing_account_needs_no_details(inside: Cast):
    request = prepare(inside, way="existing", skips_form=True).request
    assert (request.state, request.details_at) == ("started", None)


def test_a_link_is_kept_as_prefix_and_hash_and_is_good_for_two_weeks(inside: Cast):
    issued = prepare(inside)
    link = RequestLink.objects.get()
    assert (link.prefix, link.digest) == (issued.token.prefix, issued.token.digest)
    assert issued.token.value not in str(RequestLink.objects.values().get())
    left = link.expires_at - timezone.now()
    assert datetime.timedelta(days=13, hours=23) < left <= datetime.timedelta(days=14)


def test_a_new_link_leaves_the_old_one_alone(inside: Cast):
    issued = prepare(inside)
    again = preparing.issue(request=issued.request)
    assert RequestLink.objects.count() == 2
    assert again.token.value != issued.token.value


def test_a_second_click_makes_no_second_link(inside: Cast):
    issued = prepare(inside)
    with pytest.raises(preparing.TooSoon):
        preparing.issue(request=issued.request, after=preparing.RESEND_AFTER)


def test_the_mail_leads_to_the_page_in_words_and_in_html(inside: Cast):
    issued = prepare(inside)
    assert mails.invite(issued)
    (message,) = mail.outbox
    link = f"http://testserver/provisioning/invite/{issued.token.value}/"
    assert (message.to, message.subject) == ([NINA], "Google Analytics for Acme: a few clicks from you")
    assert link in message.body
    assert f'href="{link}"' in message.alternatives[0].content


def test_no_mail_of_ours_has_an_empty_hole(inside: Cast):
    request = prepare(inside).request
    mails.invite(preparing.issue(request=request))
    mails.remind(preparing.issue(request=request))
    mails.send_code(request=request, code="ABCD-EFGH", google_email="g@mail.example")
    mails.tell_staff(request, "live")
    mails.tell_staff(request, "stalled")
    for message in mail.outbox:
        assert not re.search(r"\( *\)|  +\.|\{|None", message.body), message.body
    assert len(mail.outbox) == 5


def test_staff_of_the_client_alone_are_told(cast: Cast):
    with tenant_scope({cast.tenant.pk, cast.other.pk}):
        found = [[person.email for person in mails.staff_of(each)] for each in (cast.tenant, cast.other)]
    assert found == [["dana@northlight.example"], ["erin@northlight.example"]]


def test_staff_who_left_are_not_told(inside: Cast):
    inside.dana.is_active = False
    inside.dana.save()
    assert [person.email for person in mails.staff_of(inside.tenant)] == ["olivia@northlight.example"]
