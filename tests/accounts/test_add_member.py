"""People from the command line: what is added, what is said, and that an error adds nobody."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, StaffAssignment, User
from accounts.tenancy import all_tenants
from tests import factories

GOOD = "a long and good password"
NO_PASSWORD = (
    "There is no password yet: the person sets one by “Forgot your password?” on the sign-in page.\n"
)


@pytest.fixture
def acme(db):
    return factories.TenantFactory(slug="acme", name="Acme")


def add(*args, stdin=None, monkeypatch=None):
    out = io.StringIO()
    if stdin is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        args = (*args, "--password-stdin")
    call_command("add_member", *args, stdout=out)
    return out.getvalue()


def memberships():
    with all_tenants(reason="a test looks"):
        return sorted(Membership.objects.values_list("user__email", "tenant__slug", "role"))


def test_client_owner_is_added_and_told_how_to_get_in(acme):
    said = add("Alice@Acme.example", "--tenant", "acme", "--role", "owner", "--name", "Alice")
    alice = User.objects.get()
    assert said == "Added alice@acme.example as owner, for Acme.\n" + NO_PASSWORD
    assert (alice.name, alice.is_staff, alice.has_usable_password()) == ("Alice", False, False)
    assert memberships() == [("alice@acme.example", "acme", "owner")]


def test_agency_owner_gets_the_password_from_standard_input(db, monkeypatch):
    said = add("o@n.example", "--role", "agency-owner", stdin=GOOD + "\nmore\n", monkeypatch=monkeypatch)
    owner = User.objects.get()
    assert said == "Added o@n.example as agency-owner.\nThe password is set.\n"
    assert (owner.is_superuser, owner.is_staff, owner.check_password(GOOD)) == (True, True, True)


def test_staff_may_be_assigned_to_a_client(acme):
    add("d@n.example", "--role", "staff", "--tenant", "acme")
    with all_tenants(reason="a test looks"):
        assigned = list(StaffAssignment.objects.values_list("user__email", "tenant__slug"))
    assert assigned == [("d@n.example", "acme")]
    assert memberships() == []


def test_adding_again_changes_the_role_and_keeps_the_password(acme, monkeypatch):
    add("b@acme.example", "--tenant", "acme", "--role", "viewer", stdin=GOOD, monkeypatch=monkeypatch)
    said = add(
        "B@acme.example", "--tenant", "acme", "--role", "owner", stdin="x" + GOOD, monkeypatch=monkeypatch
    )
    assert said == (
        "b@acme.example was there already and is owner now, for Acme.\nThe password stays as it was.\n"
    )
    assert User.objects.get().check_password(GOOD)
    assert memberships() == [("b@acme.example", "acme", "owner")]


def test_a_person_without_a_password_gets_the_given_one(acme, monkeypatch):
    add("b@acme.example", "--tenant", "acme", "--role", "viewer")
    said = add("b@acme.example", "--role", "staff", stdin=GOOD, monkeypatch=monkeypatch)
    assert said == "b@acme.example was there already and is staff now.\nThe password is set.\n"
    assert User.objects.get().check_password(GOOD)


@pytest.mark.parametrize(
    ("args", "stdin", "sentence"),
    [
        (["nobody", "--role", "staff"], None, "“nobody” is not an e-mail address."),
        (["x@y.example", "--role", "owner"], None, "a person with the role owner needs a tenant"),
        (
            ["x@y.example", "--role", "agency-owner", "--tenant", "acme"],
            None,
            "the agency's owner belongs to no tenant",
        ),
        (
            ["x@y.example", "--role", "owner", "--tenant", "gone"],
            None,
            "There is no client with the address “gone”.",
        ),
        (["x@y.example", "--role", "staff"], "\n", "No password came on standard input."),
        (
            ["x@y.example", "--role", "staff"],
            "xk7q!\n",
            "This password is too short. It must contain at least 10 characters.",
        ),
        (["x@y.example", "--role", "staff"], "1q2w3e4r5t\n", "This password is too common."),
        (
            ["longaddress@y.example", "--role", "staff"],
            "longaddress\n",
            "The password is too similar to the e-mail address.",
        ),
    ],
)
def test_an_error_says_its_sentence_and_adds_nobody(acme, monkeypatch, args, stdin, sentence):
    with pytest.raises(CommandError) as refused:
        add(*args, stdin=stdin, monkeypatch=monkeypatch)
    assert str(refused.value) == sentence
    assert refused.value.returncode == 1
    assert User.objects.count() == 0
