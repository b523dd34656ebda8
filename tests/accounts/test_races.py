"""Of two requests at once for the same thing, the second finds what the first made."""

import pytest
from django.db import IntegrityError

from accounts import flows
from accounts.models import Membership, User
from accounts.races import looks_again
from tests.conftest import Cast


def test_what_somebody_else_made_meanwhile_is_found():
    tries = iter([IntegrityError("taken"), None])

    @looks_again
    def verb(*, name: str) -> str:
        if error := next(tries):
            raise error
        return name

    assert verb(name="found") == "found"


def test_what_cannot_be_stays_an_error():
    @looks_again
    def verb() -> None:
        raise IntegrityError("never")

    with pytest.raises(IntegrityError):
        verb()


def test_a_person_added_twice_at_once_is_added_once(cast: Cast, everything, monkeypatch):
    create = User.objects.create_user

    def beaten(email: str, password: str | None, **fields: str) -> User:
        monkeypatch.setattr(User.objects, "create_user", create)
        create(email)
        raise IntegrityError("user_email_unique_without_case")

    monkeypatch.setattr(User.objects, "create_user", beaten)
    user = flows.add_person(email="zoe@acme.example", role="viewer", tenant=cast.tenant)
    assert list(Membership.objects.filter(user__email="zoe@acme.example").values_list("user", flat=True)) == [
        user.pk
    ]
