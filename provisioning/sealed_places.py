"""Where sealed texts stand: every column whose name says so, of every model, and what allauth keeps for
second factors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from provisioning.crypto import Place, key_of
from provisioning.sealed_texts import texts

BEGINNING = "sealed_"
"""What the name of each such column begins with."""


@dataclass(frozen=True)
class Source:
    """One column of one table. `whose` is the column that a text is bound to besides, `only` which rows hold
    any. All rows of all tenants: runs inside a scope of all of them.
    """

    model: type[Model]
    column: str
    place: Callable[[Any], Place]
    whose: str = "pk"
    only: tuple[tuple[str, Any], ...] = ()

    def rows(self) -> QuerySet[Any]:
        """The rows that may hold one."""
        return self.model._default_manager.filter(**dict(self.only)).order_by("pk")

    def texts(self) -> Iterator[tuple[str, Place]]:
        """Each sealed text, and where it stands."""
        for whose, value in self.rows().values_list(self.whose, self.column).iterator():
            for text in texts(value):
                yield text, self.place(whose)


def sources() -> list[Source]:
    """All there are."""
    own = [
        Source(model, field.name, partial(_own_place, model, field.name))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.startswith(BEGINNING) and not model._meta.proxy
    ]
    return [*own, *_second_factors()]


def keys_in_use() -> Counter[str]:
    """The ids of keys, and how many secrets need each. Runs inside a scope of all tenants."""
    return Counter(key_of(text) for source in sources() for text, _place in source.texts())


def _own_place(model: type[Model], column: str, row: Any) -> Place:
    return Place(model._meta.db_table, column, str(row))


def _second_factors() -> list[Source]:
    """Apps and recovery codes; of a passkey only what is no secret is known here."""
    if not apps.is_installed("allauth.mfa"):
        return []
    # These models exist only where they are installed.
    from allauth.mfa.models import Authenticator

    from provisioning.second_factors import SEALING, place_of

    return [
        Source(Authenticator, "data", partial(place_of, kind=kind), "user_id", (("type", str(kind)),))
        for kind in SEALING
    ]
