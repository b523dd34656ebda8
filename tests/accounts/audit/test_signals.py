"""What the record hears of by itself."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts import audit, bulk, flows, invitations
from accounts.audit.signals import NO_ADDRESS
from accounts.models import AuditEntry, Invitation, Membership, Tenant
from accounts.tenancy import all_tenants, tenant_scope
from tests import factories
from tests.conftest import Cast

LOGIN = "/accounts/login/"
BROWSER = {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": "Mozilla/5.0 (X11)"}


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def since(cast: Cast):
    """What was written since the cast came together."""
    start = AuditEntry.written.order_by("-id").values_list("id", flat=True).first()

    def found(*columns: str) -> list[tuple]:
        return list(AuditEntry.written.filter(id__gt=start).order_by("id").values_list("kind", *columns))

    return found


def test_signing_in_and_out_from_where_and_with_what(cast: Cast, since):
    client = Client(**BROWSER)
    client.post(LOGIN, {"login": "BOB@acme.example", "password": "correct horse battery"})
    client.post("/accounts/logout/")
    facts = ("bob@acme.example", "acme", "203.0.113.9", "Mozilla/5.0 (X11)")
    columns = ("who", "tenant_slug", "ip", "agent")
    assert since(*columns) == [("sign_in.done", *facts), ("sign_in.out", *facts)]


def test_a_wrong_password_is_nobodys_act_and_is_not_kept(cast: Cast, since):
    client = Client(**BROWSER)
    client.post(LOGIN, {"login": "bob@acme.example", "password": "MARKED wrong"})
    client.post(LOGIN, {"login": "stranger@x.example", "password": "MARKED wrong"})
    assert since("who", "target", "tenant_slug") == [
        ("sign_in.failed", "", "bob@acme.example", "acme"),
        ("sign_in.failed", "", "stranger@x.example", ""),
    ]
    assert "MARKED" not in repr(list(AuditEntry.written.values()))


def test_a_password_in_the_wrong_box_is_not_kept(cast: Cast, since):
    from django.contrib.auth.signals import user_login_failed

    user_login_failed.send(None, credentials={"email": "hunter2 MARKED"}, request=None)
    assert since("target") == [("sign_in.failed", NO_ADDRESS)]


def test_a_sign_in_concerns_each_client_of_a_member_and_staffs_the_agency(cast: Cast, since):
    with all_tenants(reason="a test"):
        Membership.objects.create(tenant=cast.other, user=cast.bob)
    for person in (cast.bob, cast.dana):
        Client().force_login(person)
    found = [row for row in since("who", "tenant_slug") if row[0] == "sign_in.done"]
    assert sorted(found) == [
        ("sign_in.done", "bob@acme.example", "acme"),
        ("sign_in.done", "bob@acme.example", "rival"),
        ("sign_in.done", "dana@northlight.example", ""),
    ]


def test_second_steps_come_and_go_without_what_they_hold(cast: Cast, since):
    from allauth.mfa.signals import authenticator_added

    from accounts import second_step

    step = Authenticator.objects.create(user=cast.bob, type="totp", data={"secret": "MARKED"})
    authenticator_added.send(Authenticator, request=_request(cast.bob), user=cast.bob, authenticator=step)
    second_step.remove(user=cast.bob)
    assert since("target", "tenant_slug") == [
        ("security.step_added", str(step.get_type_display()), "acme"),
        ("security.step_removed", f"{step.get_type_display()}, bob@acme.example", "acme"),
    ]
    assert "MARKED" not in repr(list(AuditEntry.written.values()))


def _request(user):
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    request = RequestFactory().post("/")
    request.user, request.session = user, SessionStore()
    return request


def test_members_added_changed_and_removed_by_whichever_way(cast: Cast, since, in_tenant: Tenant):
    row = Membership.objects.get(user=cast.bob)
    flows.change_role(membership=row, role="owner")
    row.save()
    Membership.objects.filter(pk=row.pk).delete()
    was, now = {"role": "viewer", "all_views": True}, {"role": "owner", "all_views": True}
    assert since("target", "details") == [
        ("people.changed", "bob@acme.example", {**now, "before": was}),
        ("people.removed", "bob@acme.example", {"role": "owner"}),
    ]


def test_an_invitations_way(cast: Cast, since):
    alice = Client()
    alice.force_login(cast.alice)
    alice.post("/clients/acme/people/invite/", {"email": "nora@acme.example", "role": "viewer"})
    with tenant_scope({cast.tenant.pk}):
        invitation = Invitation.objects.get(email="nora@acme.example")
        flows.confirm_email(cast.charlie)
        invitations.accept(invitation=invitation, user=cast.charlie)
    assert len(mail.outbox) == 1
    assert [row for row in since("who", "target") if row[0].startswith("people")] == [
        ("people.invited", "alice@acme.example", "nora@acme.example"),
        ("people.added", "", "charlie@rival.example"),
        ("people.accepted", "charlie@rival.example", "nora@acme.example"),
    ]


def test_what_the_admin_does_to_many_rows_is_of_each_rows_client(cast: Cast, since):
    with all_tenants(reason="a test"):
        both = Tenant.objects.filter(slug__in=["acme", "rival"])
        bulk.pause(tenants=both, message="Paused.", by=cast.olivia.pk)
        bulk.delete(model=Tenant, ids=[cast.other.pk], by=cast.olivia.pk)
    found = [row for row in since("who", "tenant_slug", "target") if row[0].startswith(("client", "admin"))]
    assert sorted(found) == [
        ("admin.deleted", "olivia@northlight.example", "rival", "client Rival secret name"),
        ("client.paused", "olivia@northlight.example", "acme", "client Acme"),
        ("client.paused", "olivia@northlight.example", "rival", "client Rival secret name"),
    ]


def test_many_rows_cost_as_many_queries_as_few(cast: Cast, everything, django_assert_max_num_queries):
    for number in range(40):
        factories.TenantFactory(slug=f"many-{number}")
    with django_assert_max_num_queries(12):
        bulk.pause(tenants=Tenant.objects.all(), message="Paused.", by=cast.olivia.pk)


def test_a_verb_that_nothing_asked_for_is_the_portals_own(cast: Cast, since):
    audit.record("google.ended", tenant=cast.tenant, target="x@gmail.example")
    assert since("who", "ip", "agent") == [("google.ended", "", None, "")]
