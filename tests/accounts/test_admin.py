"""Clients and people in the admin: the owner's way, what staff reach, and what nobody else does."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import flows
from accounts.models import Invitation, Membership, StaffAssignment, Tenant, User
from accounts.tenancy import all_tenants
from tests import factories
from tests.conftest import Cast

SECRETS = (b"Rival secret name", b"Rival secret view")
OWNERS_OWN = [
    "accounts_user_changelist",
    "accounts_user_add",
    "account_emailaddress_changelist",
    "django_tasks_database_dbtaskresult_changelist",
    "dashboards_propertyuse_changelist",
    "accounts_tenant_add",
    "dashboards_dashboard_add",
]
LISTS = [
    "index",
    "accounts_tenant_changelist",
    "accounts_invitation_changelist",
    "provisioning_credential_changelist",
    "provisioning_credential_add",
    "provisioning_grant_changelist",
    "provisioning_provisioningrequest_changelist",
    "provisioning_provisioningrequest_prepare",
    "dashboards_view_changelist",
    "dashboards_view_choose",
    "dashboards_dashboard_changelist",
]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def messages_of(response) -> list[str]:
    return [str(each) for each in response.context["messages"]]


@pytest.fixture
def owner(cast: Cast) -> Client:
    return signed_in(cast.olivia)


@pytest.fixture
def staff(cast: Cast) -> Client:
    return signed_in(cast.dana)


def invite_url(tenant: Tenant) -> str:
    return reverse("admin:accounts_tenant_invite", args=[tenant.pk])


# Who gets in


@pytest.mark.parametrize("name", [*LISTS, *OWNERS_OWN])
def test_strangers_sign_in_first_and_clients_are_refused(cast: Cast, name: str):
    url = reverse(f"admin:{name}")
    asked = Client().get(url)
    assert (asked.status_code, asked.url) == (302, f"{reverse('admin:login')}?next={url}")
    answers = {person: signed_in(getattr(cast, person)).get(url, follow=True) for person in ("alice", "bob")}
    assert {person: answer.status_code for person, answer in answers.items()} == {"alice": 403, "bob": 403}


@pytest.mark.parametrize("name", OWNERS_OWN)
def test_the_owners_own_pages_are_closed_to_staff(owner: Client, staff: Client, name: str):
    url = reverse(f"admin:{name}")
    assert (owner.get(url).status_code, staff.get(url).status_code) == (200, 403)


@pytest.mark.parametrize("name", LISTS)
def test_staff_read_nothing_of_other_clients(staff: Client, name: str):
    answer = staff.get(reverse(f"admin:{name}"))
    assert answer.status_code == 200
    assert [secret for secret in SECRETS if secret in answer.content] == []


def test_the_index_shows_staff_their_models_only(staff: Client, owner: Client):
    models = {
        person: {
            model["object_name"]
            for app in client.get("/admin/").context["app_list"]
            for model in app["models"]
        }
        for person, client in (("staff", staff), ("owner", owner))
    }
    assert models["staff"] == {
        "Tenant", "Invitation", "Credential", "Grant", "ProvisioningRequest", "View", "Dashboard", "EmbedKey",
        "AuditEntry",
    }  # fmt: skip
    owners = {"User", "Branding", "PropertyUse", "WaitingMail"}
    assert models["owner"] == models["staff"] | owners


def test_autocomplete_offers_staff_their_clients_only(cast: Cast, staff: Client, owner: Client):
    query = {"app_label": "dashboards", "model_name": "view", "field_name": "tenant", "term": ""}
    found = {
        person: {each["text"] for each in client.get("/admin/autocomplete/", query).json()["results"]}
        for person, client in (("staff", staff), ("owner", owner))
    }
    assert found == {"staff": {"Acme"}, "owner": {"Acme", "Rival secret name"}}


@pytest.mark.parametrize("page", ["change", "history", "delete", "invite"])
def test_a_client_out_of_reach_is_not_there(cast: Cast, staff: Client, page: str):
    answer = staff.get(reverse(f"admin:accounts_tenant_{page}", args=[cast.other.pk]))
    assert answer.status_code == (403 if page == "delete" else 404)
    assert SECRETS[0] not in answer.content


def test_an_address_that_names_nothing_is_not_found(owner: Client):
    assert owner.get("/admin/accounts/tenant/nonsense/change/").status_code == 404


# Clients


def test_the_owner_makes_a_client(owner: Client, everything):
    answer = owner.post(reverse("admin:accounts_tenant_add"), {"name": "Osteria", "slug": "osteria"})
    made = Tenant.objects.get(slug="osteria")
    assert (made.name, answer.status_code, answer.url) == (
        "Osteria", 302, reverse("admin:accounts_tenant_change", args=[made.pk]),
    )  # fmt: skip


def test_an_address_in_use_is_said_beside_the_field_and_what_was_typed_stays(owner: Client, cast: Cast):
    answer = owner.post(reverse("admin:accounts_tenant_add"), {"name": "Second Acme", "slug": "acme"})
    form = answer.context["adminform"].form
    assert form.errors == {"slug": ["Client with this Address already exists."]}
    assert (form["name"].value(), form["slug"].value()) == ("Second Acme", "acme")


def test_the_list_counts_views_and_asks_the_same_for_one_client_and_for_thirty(
    owner: Client, cast: Cast, django_assert_num_queries
):
    url = reverse("admin:accounts_tenant_changelist")
    answer = owner.get(url)
    assert {each.name: each.view_count for each in answer.context["cl"].result_list} == {
        "Acme": 1,
        "Rival secret name": 1,
    }
    queries = _queries_of(owner, url)
    factories.TenantFactory.create_batch(30)
    with django_assert_num_queries(queries):
        assert owner.get(url).context["cl"].result_count == 32


def _queries_of(client: Client, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def test_staff_rename_their_client_and_leave_its_address(cast: Cast, staff: Client, everything):
    url = reverse("admin:accounts_tenant_change", args=[cast.tenant.pk])
    membership = Membership.objects.filter(tenant=cast.tenant).order_by("user__email")
    rows = {}
    for index, each in enumerate(membership):
        rows |= {
            f"form-{index}-id": str(each.pk),
            f"form-{index}-role": each.role,
            f"form-{index}-all_views": "on",
        }
    data = {"name": "Acme GmbH", "slug": "stolen"} | {
        key.replace("form", "membership_set"): value for key, value in rows.items()
    }
    prefix = staff.get(url).context["inline_admin_formsets"][0].formset.prefix
    data = {key.replace("membership_set", prefix): value for key, value in data.items()}
    data |= {f"{prefix}-TOTAL_FORMS": len(membership), f"{prefix}-INITIAL_FORMS": len(membership)}
    for empty in staff.get(url).context["inline_admin_formsets"][1:]:
        other = empty.formset.prefix
        data |= {f"{other}-TOTAL_FORMS": 0, f"{other}-INITIAL_FORMS": 0}
    assert staff.post(url, data).status_code == 302
    cast.tenant.refresh_from_db()
    assert (cast.tenant.name, cast.tenant.slug) == ("Acme GmbH", "acme")


def test_staff_see_members_but_not_who_else_is_staff(cast: Cast, staff: Client, owner: Client):
    url = reverse("admin:accounts_tenant_change", args=[cast.tenant.pk])
    models = {
        person: [each.opts.model for each in client.get(url).context["inline_admin_formsets"]]
        for person, client in (("staff", staff), ("owner", owner))
    }
    assert models == {
        "staff": [Membership, Invitation],
        "owner": [Membership, Invitation, StaffAssignment],
    }
    assert b"charlie@rival.example" not in staff.get(url).content


# Pausing, and assigning staff


def choose(client: Client, action: str, *tenants: Tenant, **more: object):
    data = {"action": action, "_selected_action": [str(each.pk) for each in tenants], **more}
    return client.post(reverse("admin:accounts_tenant_changelist"), data, follow=True)


def test_staff_pause_their_client_and_open_it_again(cast: Cast, staff: Client, everything):
    answer = choose(staff, "pause", cast.tenant, cast.other)
    assert messages_of(answer) == ["1 client is paused now."]
    assert list(Tenant.objects.exclude(paused_at=None)) == [cast.tenant]
    answer = choose(staff, "resume", cast.tenant, cast.other)
    assert messages_of(answer) == ["1 client is open again."]
    assert list(Tenant.objects.exclude(paused_at=None)) == []


def test_the_list_says_who_is_paused_and_filters_by_it(cast: Cast, owner: Client):
    choose(owner, "pause", cast.other)
    url = reverse("admin:accounts_tenant_changelist")
    found = {state: [str(each) for each in owner.get(url, {"state": state}).context["cl"].result_list]
             for state in ("open", "paused", "nonsense")}  # fmt: skip
    assert found == {
        "open": ["Acme"],
        "paused": ["Rival secret name"],
        "nonsense": ["Acme", "Rival secret name"],
    }


def test_the_owner_assigns_staff_to_many_clients_at_once(cast: Cast, owner: Client, everything):
    asked = choose(owner, "assign_staff", cast.tenant, cast.other)
    assert asked.context["form"].fields["staff"].queryset.count() == 2
    assert "looks after 2 clients from then on" in asked.context["lead"]
    posted = dict(asked.context["hidden"])
    assert (posted["action"], posted["staff_chosen"]) == ("assign_staff", "1")
    answer = choose(owner, "assign_staff", cast.tenant, cast.other, staff_chosen="1", staff=[cast.dana.pk])
    assert messages_of(answer) == ["Assigned: dana@northlight.example."]
    danas = StaffAssignment.objects.filter(user=cast.dana).values_list("tenant__slug", flat=True)
    assert sorted(danas) == ["acme", "rival"]
    assert StaffAssignment.objects.filter(user=cast.erin).count() == 1


@pytest.mark.parametrize(("action", "said"), [("pause", "Paused."), ("resume", "Resumed.")])
def test_what_is_done_to_many_stands_in_the_history_of_those_it_changed(
    cast: Cast, owner: Client, action: str, said: str, everything
):
    Tenant.objects.filter(pk=cast.other.pk).update(paused_at=timezone.now())
    choose(owner, action, cast.tenant, cast.other)
    changed = cast.tenant if action == "pause" else cast.other
    assert [(each.object_id, each.user, each.get_change_message()) for each in LogEntry.objects.all()] == [
        (str(changed.pk), cast.olivia, said)
    ]


def test_since_when_stays_when_it_is_paused_again(cast: Cast, owner: Client, everything):
    choose(owner, "pause", cast.tenant)
    before = Tenant.objects.get(pk=cast.tenant.pk).paused_at
    assert messages_of(choose(owner, "pause", cast.tenant)) == ["0 clients are paused now."]
    assert Tenant.objects.get(pk=cast.tenant.pk).paused_at == before


@pytest.mark.parametrize("action", ["pause", "resume", "assign_staff"])
def test_thirty_clients_take_no_more_queries_than_three(
    cast: Cast, owner: Client, action: str, everything, django_assert_num_queries
):
    def asked(rows: list[Tenant]) -> int:
        if action == "resume":
            Tenant.objects.update(paused_at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            choose(owner, action, *rows, staff_chosen="1", staff=[cast.dana.pk])
        return len(queries)

    rows = factories.TenantFactory.create_batch(33)
    assert asked(rows[:3]) == asked(rows[3:])


def test_nobody_but_staff_can_be_assigned(cast: Cast, owner: Client, everything):
    answer = choose(owner, "assign_staff", cast.tenant, staff_chosen="1", staff=[cast.bob.pk])
    assert list(answer.context["form"].errors) == ["staff"]
    assert not StaffAssignment.objects.filter(user=cast.bob).exists()


def test_staff_assign_nobody(cast: Cast, staff: Client, everything):
    choose(staff, "assign_staff", cast.tenant, staff_chosen="1", staff=[cast.erin.pk])
    assert not StaffAssignment.objects.filter(user=cast.erin, tenant=cast.tenant).exists()


# Inviting people


def test_staff_invite_to_their_client_and_the_mail_goes_out(cast: Cast, staff: Client, everything):
    data = {"email": "Nora@Acme.example", "role": "owner", "all_views": "on"}
    answer = staff.post(invite_url(cast.tenant), data, follow=True)
    made = Invitation.objects.get()
    assert (made.tenant, made.email, made.role, made.all_views, made.invited_by) == (
        cast.tenant, "nora@acme.example", "owner", True, "dana@northlight.example",
    )  # fmt: skip
    assert [each.to for each in mail.outbox] == [["nora@acme.example"]]
    assert messages_of(answer) == ["An invitation went to nora@acme.example."]
    assert not User.objects.filter(email="nora@acme.example").exists()


def test_somebody_known_elsewhere_is_invited_all_the_same(cast: Cast, owner: Client, everything):
    owner.post(invite_url(cast.tenant), {"email": "CHARLIE@rival.example", "role": "viewer"})
    assert [each.to for each in mail.outbox] == [["charlie@rival.example"]]
    assert Membership.objects.filter(user=cast.charlie).count() == 1


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("bob@acme.example", "This person is a member already."),
        ("second@acme.example", "This person is a member already."),
        ("gone@acme.example", "This person was deactivated. The agency's owner can undo that."),
        (
            "guest@acme.example",
            "This address is invited already. The invitation stands in the list: send it again.",
        ),
        ("nobody", "Enter a valid email address."),
    ],
)
def test_who_cannot_be_invited_is_said_beside_the_address(
    cast: Cast, staff: Client, email: str, sentence: str
):
    User.objects.create_user("gone@acme.example", is_active=False)
    EmailAddress.objects.create(user=cast.bob, email="second@acme.example", verified=True)
    factories.invited("guest@acme.example", cast.tenant)
    answer = staff.post(invite_url(cast.tenant), {"email": email, "role": "owner"})
    form = answer.context["form"]
    assert form.errors == {"email": [sentence]}
    assert (form["email"].value(), form["role"].value()) == (email, "owner")
    assert (Invitation._base_manager.count(), mail.outbox) == (1, [])


@pytest.mark.parametrize("role", ["staff", "agency-owner", ""])
def test_no_other_role_can_be_smuggled_in(cast: Cast, staff: Client, role: str):
    answer = staff.post(invite_url(cast.tenant), {"email": "nora@acme.example", "role": role})
    assert list(answer.context["form"].errors) == ["role"]
    assert Invitation._base_manager.count() == 0


def test_a_mail_that_cannot_be_sent_is_said_and_the_invitation_stays(
    cast: Cast, owner: Client, no_mail_server, everything
):
    answer = owner.post(
        invite_url(cast.tenant), {"email": "nora@acme.example", "role": "viewer"}, follow=True
    )
    assert messages_of(answer) == [
        "The mail server does not answer. The invitation to nora@acme.example goes out as soon as it does."
    ]
    assert Invitation.objects.get().mail_waits


# People


def person_data(email: str, **more: object) -> dict[str, object]:
    return {"email": email, "name": "", "is_active": "on", "first_password": "", **more}


def test_the_owner_adds_staff_who_set_their_password_by_mail(
    owner: Client, django_capture_on_commit_callbacks
):
    finns = person_data("Finn@northlight.example", is_staff="on")
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(reverse("admin:accounts_user_add"), finns)
    finn = User.objects.get(email="finn@northlight.example")
    assert (finn.is_staff, finn.is_superuser, finn.has_usable_password()) == (True, False, False)
    assert [each.to for each in mail.outbox] == [["finn@northlight.example"]]


def test_a_password_can_be_given_and_then_no_mail_goes_out(owner: Client):
    data = person_data("finn@northlight.example", is_superuser="on", first_password="long enough, this one")
    owner.post(reverse("admin:accounts_user_add"), data)
    finn = User.objects.get(email="finn@northlight.example")
    assert (finn.is_staff, finn.is_superuser) == (True, True)
    assert Client().login(email="finn@northlight.example", password="long enough, this one")
    assert mail.outbox == []


def test_a_weak_password_and_an_address_in_use_are_refused_and_the_password_is_not_shown(
    owner: Client, cast: Cast
):
    data = person_data("BOB@acme.example", first_password="password")
    answer = owner.post(reverse("admin:accounts_user_add"), data)
    assert answer.context["adminform"].form.errors == {
        "email": ["There is a person with this address already."],
        "first_password": [
            "This password is too short. It must contain at least 10 characters.",
            "This password is too common.",
        ],
    }
    assert b'value="password"' not in answer.content
    assert b"BOB@acme.example" in answer.content


def test_a_deactivated_person_is_out(owner: Client, cast: Cast):
    bob = signed_in(cast.bob)
    url = reverse("admin:accounts_user_change", args=[cast.bob.pk])
    owner.post(url, {"email": cast.bob.email, "name": "Bob"})
    cast.bob.refresh_from_db()
    assert (cast.bob.is_active, cast.bob.name) == (False, "Bob")
    assert bob.get("/").status_code == 302 or b"Acme" not in bob.get("/").content
    assert cast.bob.check_password("correct horse battery")


def test_owners_cannot_shut_themselves_out(owner: Client, cast: Cast):
    url = reverse("admin:accounts_user_change", args=[cast.olivia.pk])
    answer = owner.post(url, {"email": cast.olivia.email, "name": "", "is_staff": "on"})
    assert answer.context["adminform"].form.non_field_errors() == [
        "You cannot take your own rights away. Ask another owner of the agency."
    ]


def test_a_changed_address_is_the_only_one_that_signs_in(owner: Client, cast: Cast):
    url = reverse("admin:accounts_user_change", args=[cast.bob.pk])
    owner.post(url, {"email": "robert@acme.example", "name": "", "is_active": "on"})
    found = EmailAddress.objects.filter(user=cast.bob).values_list("email", "verified", "primary")
    assert list(found) == [("robert@acme.example", True, True)]


def test_a_link_to_set_a_password_goes_out_by_post_alone(owner: Client, staff: Client, cast: Cast):
    url = reverse("admin:accounts_user_password_mail", args=[cast.bob.pk])
    answers = [owner.get(url).status_code, staff.post(url).status_code, owner.post(url).status_code]
    assert answers == [405, 404, 302]
    assert [each.to for each in mail.outbox] == [["bob@acme.example"]]


def test_people_are_not_deleted(owner: Client, cast: Cast):
    url = reverse("admin:accounts_user_delete", args=[cast.bob.pk])
    assert owner.post(url, {"post": "yes"}).status_code == 403


def test_a_second_address_of_the_same_name_in_another_case_adds_nobody(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        assert flows.add_person(email="Bob@ACME.example", role="owner", tenant=cast.tenant) == cast.bob
