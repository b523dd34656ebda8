"""Whether PORTAL_ENCRYPTION_KEYS has the keys that sealed this database's secrets: asked before a process
starts, so that a wrong key is said once and by name, and not by every credential in turn.

A key is marked by its fingerprint when it is first seen to fit. What has no mark is not known to have
been a key: a damaged row stops nobody.
"""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from accounts.tenancy import all_tenants
from provisioning.crypto import KeyRing, fingerprint, key_of
from provisioning.models import KeyMark
from provisioning.sealed_places import keys_in_use, sources


def check() -> None:
    """Raises ImproperlyConfigured with what is wrong. A database that is away, or not migrated yet, is for
    others to say.
    """
    try:
        with all_tenants(reason="the keys are compared with what they sealed"):
            needed = keys_in_use()
            wrong = trouble(needed)
            if not wrong:
                _mark(needed)
    except DatabaseError:
        return
    if wrong:
        raise ImproperlyConfigured(wrong)


def trouble(needed: Counter[str]) -> str:
    """What is wrong with the keys, in one line; empty when nothing. `needed` counts secrets by their key."""
    marks = _marks()
    for key_id in sorted(needed.keys() & marks.keys()):
        if key_id not in settings.PORTAL_ENCRYPTION_KEYS:
            return (
                f"PORTAL_ENCRYPTION_KEYS lacks the key {key_id!r}. "
                f"Stored secrets that need it: {needed[key_id]}. "
                "Put it back behind the others, and run `manage.py rotate_keys` before it is taken out. "
                "If it is lost for good, docs/keys.md says what to do."
            )
        if marks[key_id] != fingerprint(settings.PORTAL_ENCRYPTION_KEYS[key_id]):
            return (
                f"PORTAL_ENCRYPTION_KEYS has another key under the name {key_id!r} than the one that sealed "
                f"stored secrets, of which there are {needed[key_id]}. Put the right one back."
            )
    return ""


def give_up(key_id: str) -> int:
    """Lets processes start though this key is gone for good. Returns how many secrets need it, and are lost.

    Raises ImproperlyConfigured while the key is there: nothing is lost then.
    """
    if key_id in settings.PORTAL_ENCRYPTION_KEYS:
        raise ImproperlyConfigured(f"PORTAL_ENCRYPTION_KEYS has a key named {key_id!r}: it is not lost.")
    with all_tenants(reason="a person at the server gives up a key"):
        KeyMark.objects.filter(key_id=key_id).delete()
        return keys_in_use()[key_id]


def _marks() -> dict[str, str]:
    return dict(KeyMark.objects.values_list("key_id", "fingerprint"))


def _mark(needed: Counter[str]) -> None:
    """Marks keys that fit; one under whose name nothing is sealed any more may be another by now."""
    marks = _marks()
    for key_id, key in settings.PORTAL_ENCRYPTION_KEYS.items():
        found = fingerprint(key)
        if marks.get(key_id) != found and (not needed[key_id] or _fits(key_id)):
            KeyMark.objects.update_or_create(key_id=key_id, defaults={"fingerprint": found})


def _fits(key_id: str) -> bool:
    """Whether anything that names this key opens with it."""
    ring = KeyRing(settings.PORTAL_ENCRYPTION_KEYS)
    stored = (each for source in sources() for each in source.texts())
    return any(ring.opens(text, place) for text, place in stored if key_of(text) == key_id)
