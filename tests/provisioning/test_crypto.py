"""Secrets open only where they were sealed, with the key that sealed them."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.crypto import KeyRing, Place, SealError, new_key

HERE = Place("table", "column", "row-1")
OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@given(st.text())
def test_what_is_sealed_opens_again(secret):
    ring = KeyRing({"new": NEW})
    assert ring.open(ring.seal(secret, HERE), HERE) == secret


@pytest.mark.parametrize("change", [{"table": "other"}, {"column": "other"}, {"row": "row-2"}])
def test_a_secret_moved_elsewhere_does_not_open(change):
    ring = KeyRing({"new": NEW})
    with pytest.raises(SealError):
        ring.open(ring.seal("s3cret", HERE), dataclasses.replace(HERE, **change))


def test_places_whose_parts_run_together_differ():
    ring = KeyRing({"new": NEW})
    with pytest.raises(SealError):
        ring.open(ring.seal("s3cret", Place("ab", "c", "1")), Place("a", "bc", "1"))


def test_the_first_key_seals_and_all_open():
    old_seal = KeyRing({"old": OLD}).seal("s3cret", HERE)
    ring = KeyRing({"new": NEW, "old": OLD})
    assert ring.open(old_seal, HERE) == "s3cret"
    assert ring.seal("s3cret", HERE).split(":")[1] == "new"


def test_without_its_key_it_does_not_open_and_the_error_names_the_key_only():
    sealed = KeyRing({"old": OLD}).seal("s3cret", HERE)
    with pytest.raises(SealError) as caught:
        KeyRing({"new": NEW}).open(sealed, HERE)
    assert str(caught.value) == "the key 'old' is not in PORTAL_ENCRYPTION_KEYS"


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: "",
        lambda sealed: "plain text",
        lambda sealed: sealed[:-4],
        lambda sealed: sealed[:-8] + ("AAAAAAAA" if sealed[-8:] != "AAAAAAAA" else "BBBBBBBB"),
        lambda sealed: sealed.replace("v1:", "v0:"),
        lambda sealed: sealed + "!",
    ],
)
def test_damage_never_opens(damage):
    ring = KeyRing({"new": NEW})
    with pytest.raises(SealError):
        ring.open(damage(ring.seal("s3cret", HERE)), HERE)


def test_the_same_secret_never_seals_the_same_way():
    ring = KeyRing({"new": NEW})
    assert ring.seal("s3cret", HERE) != ring.seal("s3cret", HERE)


def test_keys_stay_out_of_its_repr():
    assert repr(KeyRing({"new": NEW})) == "KeyRing(new)"


def test_new_keys_differ():
    assert new_key() != new_key()
