"""When a connection ends, whoever gave it and the staff are told, once."""

from __future__ import annotations

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from accounts.models import Membership
from accounts.tenancy import all_tenants
from google_api import errors
from provisioning import credentials, grant_mails
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.connecting import connect

LENA = "lena@harbour-books.example"


def given(google: Google, cast: Cast, **more) -> Credential:
    google.person(LENA, "330000001")
    with google.visitor() as visitor:
        return connect(visitor, LENA, more.pop("tenant", cast.tenant), cast.alice, **more)


def end(google: Google, grant: Credential) -> None:
    """Google takes the consent back, and the portal finds out."""
    google.control("POST", "revoke", {"email": LENA})
    with all_tenants(reason="a test"):
        credentials.forget_access_token(grant)
        with pytest.raises(errors.GrantEnded):
            credentials.access_token(grant)


def work() -> None:
    """What the worker does."""
    for each in DBTaskResult.objects.filter(task_path="provisioning.grant_mails.tell_ended"):
        grant_mails.tell_ended.func(*each.args_kwargs["args"], **each.args_kwargs["kwargs"])


def test_whoever_gave_it_and_the_staff_are_told_once(google, cast):
    grant = given(google, cast)
    factories.ViewFactory(
        tenant=cast.tenant, name="The shop", agency_credential=None, tenant_credential=grant, slug="shop"
    )
    end(google, grant)
    work()
    work()
    assert sorted(each.to[0] for each in mail.outbox) == [cast.alice.email, cast.dana.email]
    message = mail.outbox[0]
    assert message.subject == f"The connection to Google of {LENA} has ended"
    assert f"http://testserver/clients/acme/google/#{grant.pk}" in message.body
    assert "- Acme › The shop" in message.body
    assert "- Access was removed in the Google account's settings." in message.body
    assert "Rival" not in message.body + message.alternatives[0][0]


def test_what_was_renewed_before_the_worker_came_is_not_told(google, cast):
    grant = given(google, cast)
    end(google, grant)
    given(google, cast)
    work()
    assert mail.outbox == []


def test_a_second_end_is_news_again(google, cast):
    end(google, given(google, cast))
    work()
    end(google, given(google, cast))
    work()
    assert len(mail.outbox) == 4


def test_when_the_giver_has_left_the_clients_owners_are_told(google, cast):
    grant = given(google, cast)
    other = factories.person("amy@acme.example", "owner", cast.tenant)
    with all_tenants(reason="a test's set-up"):
        Membership.objects.filter(user=cast.alice).delete()
    end(google, grant)
    work()
    assert sorted(each.to[0] for each in mail.outbox) == [other.email, cast.dana.email]


def test_of_the_agencys_own_the_owners_are_told(google, cast):
    google.person(LENA, "330000001")
    with google.visitor() as visitor:
        grant = connect(visitor, LENA, None, cast.olivia)
    end(google, grant)
    work()
    assert [each.to[0] for each in mail.outbox] == [cast.olivia.email]
    assert f"/admin/provisioning/grant/{grant.pk}/change/" in mail.outbox[0].body


def test_a_service_account_that_ends_sends_no_such_mail(google, cast, everything):
    robot = factories.store_key(factories.CredentialFactory(), google.key("310000001"))
    google.control("POST", "revoke", {"email": robot.email})
    with pytest.raises(errors.InvalidGrant):
        credentials.access_token(robot)
    assert DBTaskResult.objects.filter(task_path="provisioning.grant_mails.tell_ended").count() == 0
