"""The verbs: one unanswered invitation to an address, links with an end of their own, accepted once."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts import invitations
from accounts.mails import Fate
from accounts.models import Invitation, InvitationLink, Membership, User
from accounts.tenancy import OutsideTenantScope, all_tenants, tenant_scope
from tests import factories
from tests.conftest import Cast

HOUR = datetime.timedelta(hours=1)


def age(invitation: Invitation, by: datetime.timedelta) -> None:
    """Lets time pass for an invitation and its links."""
    with all_tenants(reason="a test lets time pass"):
        for row in [invitation, *invitation.links.all()]:
            type(row).objects.filter(pk=row.pk).update(expires_at=row.expires_at - by)
        if invitation.last_sent_at:
            Invitation.objects.filter(pk=invitation.pk).update(last_sent_at=invitation.last_sent_at - by)
    invitation.refresh_from_db()


def invite(cast: Cast, email: str = "nora@acme.example", **more):
    return invitations.invite(
        tenant=cast.tenant, email=email, role="viewer", invited_by="alice@acme.example", **more
    )


def test_an_invitation_is_good_for_fourteen_days(cast: Cast, in_tenant):
    made = invite(cast, "Nora@Acme.example").invitation
    left = made.expires_at - timezone.now()
    assert (made.email, made.state) == ("nora@acme.example", "waiting")
    assert datetime.timedelta(days=14) - HOUR < left <= datetime.timedelta(days=14)
    age(made, datetime.timedelta(days=14))
    assert made.state == "expired"


def test_of_the_token_only_prefix_and_hash_are_stored(cast: Cast, in_tenant):
    issued = invite(cast)
    link = InvitationLink.objects.get()
    assert (link.prefix, link.digest) == (issued.token.value[:8], issued.token.digest)
    stored = [str(value) for row in (link, issued.invitation) for value in vars(row).values()]
    assert [value for value in stored if issued.token.value in value] == []


def test_an_address_is_invited_once_until_it_answers(cast: Cast, in_tenant):
    first = invite(cast).invitation
    with pytest.raises(invitations.AlreadyInvited):
        invite(cast, "NORA@acme.example")
    invitations.withdraw(invitation=first)
    assert invite(cast).invitation.pk != first.pk


@pytest.mark.parametrize("email", ["Bob@acme.example", "second@acme.example"])
def test_a_member_is_not_invited(cast: Cast, in_tenant, email: str):
    EmailAddress.objects.create(user=cast.bob, email="second@acme.example", verified=True)
    with pytest.raises(invitations.AlreadyMember):
        invite(cast, email)


def test_a_clients_owners_invite_fifty_a_day_and_staff_go_on(cast: Cast, in_tenant, monkeypatch):
    monkeypatch.setattr(invitations, "A_DAY", 2)
    invite(cast, "a@acme.example", by_client=True)
    invite(cast, "b@acme.example", by_client=True)
    with pytest.raises(invitations.TooMany):
        invite(cast, "c@acme.example", by_client=True)
    assert invite(cast, "c@acme.example").invitation.email == "c@acme.example"


def test_nobody_is_invited_to_a_tenant_outside_the_scope(cast: Cast):
    with tenant_scope({cast.other.pk}), pytest.raises(OutsideTenantScope):
        invite(cast)


def test_sent_again_both_links_lead_to_it_each_until_its_own_end(cast: Cast, in_tenant):
    first = invite(cast)
    age(first.invitation, datetime.timedelta(days=13))
    second = invitations.resend(invitation=first.invitation)
    ends = dict(InvitationLink.objects.values_list("digest", "expires_at"))
    assert set(ends) == {first.token.digest, second.token.digest}
    assert ends[second.token.digest] - ends[first.token.digest] > datetime.timedelta(days=12)
    assert second.invitation.expires_at == ends[second.token.digest]


def test_not_sent_twice_by_a_double_click_nor_renewed_within_the_hour(cast: Cast, in_tenant):
    made = invite(cast).invitation
    with pytest.raises(invitations.TooSoon):
        invitations.resend(invitation=made)
    age(made, datetime.timedelta(minutes=2))
    with pytest.raises(invitations.TooSoon):
        invitations.resend(invitation=made, after=invitations.RENEW_AFTER)
    invitations.resend(invitation=made)
    assert InvitationLink.objects.count() == 2


def test_after_a_mail_that_was_refused_nobody_waits(cast: Cast, in_tenant):
    made = invite(cast).invitation
    invitations.note_mail(invitations=Invitation.objects.all(), fate=Fate.REFUSED)
    invitations.resend(invitation=made)
    assert InvitationLink.objects.count() == 2


def test_accepted_once(cast: Cast, in_tenant):
    made = invite(cast, "charlie@rival.example", all_views=False).invitation
    member = invitations.accept(invitation=made, user=cast.charlie)
    assert (member.tenant, member.role, member.all_views) == (cast.tenant, "viewer", False)
    for verb in (invitations.resend, invitations.withdraw):
        with pytest.raises(invitations.NotOpen):
            verb(invitation=made)
    with pytest.raises(invitations.NotOpen):
        invitations.accept(invitation=made, user=cast.dana)
    assert not Membership.objects.filter(user=cast.dana).exists()


def test_withdrawn_opens_nothing_and_twice_is_no_error(cast: Cast, in_tenant):
    made = invite(cast).invitation
    invitations.withdraw(invitation=made)
    invitations.withdraw(invitation=made)
    with pytest.raises(invitations.NotOpen):
        invitations.accept_as_new(invitation=made, password="a long enough one")
    assert not User.objects.filter(email="nora@acme.example").exists()


def test_who_became_a_member_meanwhile_stays_as_they_are(cast: Cast, in_tenant):
    made = factories.invited("charlie@rival.example", cast.tenant, role="viewer").invitation
    Membership.objects.create(tenant=cast.tenant, user=cast.charlie, role="owner")
    assert invitations.accept(invitation=made, user=cast.charlie).role == "owner"


def test_a_known_person_is_never_made_anew(cast: Cast, in_tenant):
    made = invite(cast, "charlie@rival.example").invitation
    with pytest.raises(invitations.NotOpen):
        invitations.accept_as_new(invitation=made, password="another long one")
    cast.charlie.refresh_from_db()
    assert cast.charlie.check_password("correct horse battery")


def test_rows_by_state(cast: Cast, in_tenant):
    made = {name: invite(cast, f"{name}@acme.example").invitation for name in Invitation.State.values}
    age(made["expired"], datetime.timedelta(days=15))
    invitations.accept(invitation=made["accepted"], user=cast.charlie)
    invitations.withdraw(invitation=made["withdrawn"])
    for name in Invitation.State.values:
        assert [each.email for each in Invitation.objects.all().in_state(name)] == [f"{name}@acme.example"]
        assert Invitation.objects.get(email=f"{name}@acme.example").state == name
