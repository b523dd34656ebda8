"""A client's people: its owners and the agency invite and show out, its viewers may not."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import invitations
from accounts.models import Invitation, Membership, User
from accounts.tenancy import all_tenants
from provisioning.models import WaitingMail
from provisioning.outbox import sending
from tests import factories
from tests.conftest import Cast

PEOPLE = "/clients/acme/people/"
INVITE = f"{PEOPLE}invite/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def members() -> set[str]:
    rows = Membership._base_manager.filter(tenant__slug="acme")
    return set(rows.values_list("user__email", flat=True))


def told(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def membership(user: User) -> Membership:
    return Membership._base_manager.get(user=user)


@pytest.fixture
def alice(cast: Cast) -> Client:
    return signed_in(cast.alice)


@pytest.fixture
def waiting(cast: Cast) -> Invitation:
    """An invitation of alice's client, whose mail went out a while ago."""
    return aged(factories.invited("nora@acme.example", cast.tenant).invitation)


def aged(invitation: Invitation) -> Invitation:
    with all_tenants(reason="a test lets time pass"):
        sent = invitation.last_sent_at - invitations.RENEW_AFTER
        Invitation.objects.filter(pk=invitation.pk).update(last_sent_at=sent)
    return invitation


def verb(name: str, row: Invitation | Membership, tenant: str = "acme") -> str:
    return reverse(f"accounts:{name}", args=[tenant, row.pk])


# Who may


@pytest.fixture
def verbs(cast: Cast, waiting) -> list[str]:
    return [
        INVITE,
        verb("resend", waiting),
        verb("withdraw", waiting),
        verb("change_role", membership(cast.bob)),
        verb("remove_member", membership(cast.bob)),
    ]


@pytest.mark.parametrize(("person", "status"), [("bob", 403), ("charlie", 404), ("erin", 404), (None, 302)])
def test_who_may_not_is_refused_at_every_verb_and_nothing_happens(cast: Cast, verbs, person, status: int):
    client = signed_in(getattr(cast, person)) if person else Client()
    data = {"email": "friend@evil.example", "role": "owner"}
    assert [client.post(url, data).status_code for url in verbs] == [status] * 5
    assert client.get(PEOPLE).status_code == status
    assert (members(), mail.outbox) == ({"alice@acme.example", "bob@acme.example"}, [])
    assert [each.state for each in Invitation._base_manager.all()] == ["waiting"]


@pytest.mark.parametrize("person", ["alice", "dana", "olivia"])
def test_who_may(cast: Cast, verbs, person: str):
    client = signed_in(getattr(cast, person))
    data = {"email": "friend@acme.example", "role": "viewer"}
    assert client.get(PEOPLE).status_code == 200
    assert [client.post(url, data).status_code for url in verbs] == [302] * 5
    assert members() == {"alice@acme.example"}
    assert [each.to[0] for each in mail.outbox] == ["friend@acme.example", "nora@acme.example"]


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_the_verbs_take_a_post_alone(alice: Client, verbs, method: str):
    assert [getattr(alice, method)(url).status_code for url in verbs] == [405] * 5


def test_rows_of_another_client_are_not_there(cast: Cast, alice: Client):
    theirs = aged(factories.invited("guest@rival.example", cast.other).invitation)
    charlies = membership(cast.charlie)
    urls = [verb("resend", theirs), verb("withdraw", theirs)]
    urls += [verb("change_role", charlies), verb("remove_member", charlies)]
    assert [alice.post(url, {"role": "viewer"}).status_code for url in urls] == [404] * 4
    absent = [url.replace(str(theirs.pk), str(cast.tenant.pk)) for url in urls[:2]]
    assert [alice.post(url).status_code for url in absent] == [404] * 2
    assert (Membership._base_manager.filter(user=cast.charlie).count(), mail.outbox) == (1, [])


def test_the_page_asks_the_database_the_same_for_two_members_and_for_thirty(
    cast: Cast, alice: Client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    factories.invited("nora@acme.example", cast.tenant)
    alice.get(PEOPLE)  # from now on her client is remembered
    with CaptureQueriesContext(connection) as queries:
        alice.get(PEOPLE)
    for number in range(30):
        factories.person(f"person{number}@acme.example", "viewer", cast.tenant)
        factories.invited(f"guest{number}@acme.example", cast.tenant)
    with django_assert_num_queries(len(queries)):
        page = alice.get(PEOPLE)
    assert (len(page.context["members"]), len(page.context["invitations"])) == (32, 31)


@pytest.mark.parametrize(("person", "shown"), [("alice", True), ("dana", True), ("bob", False)])
def test_the_menu_leads_there_whom_it_is_for(cast: Cast, person: str, shown: bool):
    page = signed_in(getattr(cast, person)).get("/clients/acme/views/site/")
    assert (page.status_code, f'href="{PEOPLE}"' in page.content.decode()) == (200, shown)


# Inviting


def test_an_owner_invites_a_colleague(alice: Client, cast: Cast):
    answer = alice.post(INVITE, {"email": "Nora@acme.example", "role": "owner"}, follow=True)
    assert told(answer) == ["An invitation went to nora@acme.example."]
    made = Invitation._base_manager.get()
    assert (made.tenant_id, made.role, made.invited_by) == (cast.tenant.pk, "owner", "alice@acme.example")
    assert [each.email for each in answer.context["invitations"]] == ["nora@acme.example"]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("bob@acme.example", "This person is a member already."),
        (
            "nora@acme.example",
            "This address is invited already. The invitation stands in the list: send it again.",
        ),
        ("nobody", "Enter a valid email address."),
    ],
)
def test_whom_not_is_said_beside_the_address(alice: Client, waiting, email: str, sentence: str):
    answer = alice.post(INVITE, {"email": email, "role": "owner"})
    form = answer.context["form"]
    assert (form.errors, form["email"].value(), form["role"].value()) == (
        {"email": [sentence]},
        email,
        "owner",
    )
    assert mail.outbox == []


def test_whom_the_portal_knows_is_not_told(alice: Client, cast: Cast):
    """An owner must not find out who the agency's other clients are."""
    User.objects.create_user("gone@else.example", is_active=False)
    for email in ("charlie@rival.example", "gone@else.example", "unknown@else.example"):
        answer = alice.post(INVITE, {"email": email, "role": "viewer"}, follow=True)
        assert told(answer) == [f"An invitation went to {email}."]


def test_a_limit_holds_clients_and_not_the_agency(alice: Client, cast: Cast, monkeypatch):
    monkeypatch.setattr(invitations, "A_DAY", 1)
    statuses = [
        alice.post(INVITE, {"email": f"{name}@acme.example", "role": "viewer"}).status_code for name in "ab"
    ]
    assert (statuses, len(mail.outbox)) == ([302, 200], 1)
    signed_in(cast.dana).post(INVITE, {"email": "c@acme.example", "role": "viewer"})
    assert len(mail.outbox) == 2


def test_a_mail_that_could_not_be_sent_is_said_and_sent_later(alice: Client, cast: Cast, settings):
    usual = settings.DELIVERY_BACKEND
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = alice.post(INVITE, {"email": "nora@acme.example", "role": "viewer"}, follow=True)
    assert told(answer) == [
        "The mail server does not answer. The invitation to nora@acme.example goes out as soon as it does."
    ]
    assert b"its mail waits for the mail server" in answer.content
    settings.DELIVERY_BACKEND = usual
    assert sending.send(WaitingMail.objects.all()) == 1
    assert b"its mail waits for the mail server" not in alice.get(PEOPLE).content
    assert [each.to for each in mail.outbox] == [["nora@acme.example"]]


# Invitations


def test_sent_again_once_by_a_double_click(alice: Client, waiting):
    answers = [told(alice.post(verb("resend", waiting), follow=True)) for _ in range(2)]
    assert answers == [
        ["An invitation went to nora@acme.example."],
        ["A mail went to nora@acme.example a moment ago."],
    ]
    assert len(mail.outbox) == 1


def test_withdrawn_it_is_gone_from_the_list_and_its_link_opens_nothing(alice: Client, cast: Cast):
    issued = factories.invited("nora@acme.example", cast.tenant)
    answers = [alice.post(verb("withdraw", issued.invitation), follow=True) for _ in range(2)]
    assert list(answers[0].context["invitations"]) == []
    assert told(answers[1]) == told(answers[0]) == [
        "The invitation of nora@acme.example is withdrawn. Its links open nothing any more."
    ]  # fmt: skip
    link = reverse("accounts:invitation", args=[issued.token.value])
    assert Client().get(link).context["door"] == "withdrawn"


def test_answered_meanwhile_nothing_is_sent_or_withdrawn(alice: Client, cast: Cast, waiting):
    with all_tenants(reason="a test"):
        invitations.accept(invitation=waiting, user=cast.charlie)
    assert told(alice.post(verb("resend", waiting), follow=True)) == [
        "The invitation of nora@acme.example has been answered."
    ]
    assert told(alice.post(verb("withdraw", waiting), follow=True)) == [
        "nora@acme.example has accepted meanwhile, and is a member."
    ]
    assert mail.outbox == []


# Members


def test_a_member_shown_out_sees_nothing_any_more(alice: Client, cast: Cast):
    bob = signed_in(cast.bob)
    assert bob.get("/clients/acme/").status_code == 200
    answer = alice.post(verb("remove_member", membership(cast.bob)), follow=True)
    assert told(answer) == ["bob@acme.example does not see Acme any more."]
    assert bob.get("/clients/acme/").status_code == 404


def test_the_last_owner_stays(alice: Client, cast: Cast):
    row = membership(cast.alice)
    for client in (alice, signed_in(cast.dana)):
        answer = client.post(verb("remove_member", row), follow=True)
        assert told(answer) == ["Somebody must stay owner. Make another person an owner first."]
    assert "alice@acme.example" in members()


def test_an_owner_leaves_when_another_stays(alice: Client, cast: Cast):
    factories.person("nora@acme.example", "owner", cast.tenant)
    answer = alice.post(verb("remove_member", membership(cast.alice)))
    assert (answer.status_code, answer.url) == (302, "/")
    assert members() == {"bob@acme.example", "nora@acme.example"}


def test_a_replay_of_a_removal_finds_nobody(alice: Client, cast: Cast):
    url = verb("remove_member", membership(cast.bob))
    assert [alice.post(url).status_code for _ in range(2)] == [302, 404]


# Roles


def role_of(user: User) -> str:
    return membership(user).role


def test_a_viewer_becomes_an_owner_and_a_viewer_again(alice: Client, cast: Cast):
    url, bob = verb("change_role", membership(cast.bob)), signed_in(cast.bob)
    answer = alice.post(url, {"role": "owner"}, follow=True)
    assert (told(answer), role_of(cast.bob)) == (["bob@acme.example is now: owner."], "owner")
    assert bob.get(PEOPLE).status_code == 200
    alice.post(url, {"role": "viewer"})
    assert (role_of(cast.bob), bob.get(PEOPLE).status_code) == ("viewer", 403)


def test_the_last_owner_stays_owner(alice: Client, cast: Cast):
    url = verb("change_role", membership(cast.alice))
    answer = alice.post(url, {"role": "viewer"}, follow=True)
    assert told(answer) == ["Somebody must stay owner. Make another person an owner first."]
    assert (role_of(cast.alice), alice.post(url, {"role": "owner"}).url) == ("owner", PEOPLE)


def test_who_gives_up_being_owner_is_led_to_the_views(alice: Client, cast: Cast):
    factories.person("nora@acme.example", "owner", cast.tenant)
    answer = alice.post(verb("change_role", membership(cast.alice)), {"role": "viewer"})
    assert (answer.url, role_of(cast.alice)) == ("/", "viewer")


@pytest.mark.parametrize("role", ["", "staff", "agency-owner", "Owner"])
def test_there_are_no_other_roles(alice: Client, cast: Cast, role: str):
    answer = alice.post(verb("change_role", membership(cast.bob)), {"role": role})
    assert (answer.status_code, role_of(cast.bob)) == (400, "viewer")
