"""Which dimensions and metrics a property has, in plain words: what forms offer to choose from.

Google is asked once a day and property; the cache holds names only. A page never waits for it: what is not in
the cache yet, its script fetches, and people can type names all the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from dashboards import vocabulary
from google_api import data
from provisioning import credentials
from provisioning.models import Credential

KEPT_SECONDS = int(datetime.timedelta(days=1).total_seconds())

Named = tuple[str, str]
"""An API name, and what Google calls it in English."""


@dataclass(frozen=True)
class Fields:
    """The API names a property knows, each with its name in plain words, in the order of these."""

    dimensions: tuple[Named, ...]
    metrics: tuple[Named, ...]


USUAL = Fields(
    tuple((name, "") for name in vocabulary.DIMENSIONS), tuple((name, "") for name in vocabulary.METRICS)
)
"""What any property has: the choice where Google has not been asked."""


def known(property_id: str) -> Fields | None:
    """What the cache holds; None where Google has not been asked of late."""
    kept = cache.get(_key(property_id))
    return _in_words(*kept) if kept else None


def offered(property_id: str) -> Fields:
    """The property's fields as far as they are known, else what any property has."""
    return known(property_id) or _in_words(USUAL.dimensions, USUAL.metrics)


def fetch(credential: Credential, property_id: str) -> Fields:
    """The property's fields, from Google where the cache has none. Raises GoogleError."""
    if found := known(property_id):
        return found
    metadata = credentials.call(
        credential, settings.GOOGLE_DATA_API, lambda api: data.get_metadata(api, property_id)
    )
    kept = tuple([(each.api_name, each.ui_name) for each in part] for part in _parts(metadata))
    cache.set(_key(property_id), kept, KEPT_SECONDS)
    return _in_words(*kept)


def forget(property_id: str) -> None:
    """Google is asked again when somebody wants to know."""
    cache.delete(_key(property_id))


def _parts(metadata: data.Metadata) -> tuple[tuple[data.Field, ...], tuple[data.Field, ...]]:
    return metadata.dimensions, metadata.metrics


def _key(property_id: str) -> str:
    return f"fields:{property_id}"


def _in_words(dimensions: Iterable[Named], metrics: Iterable[Named]) -> Fields:
    return Fields(
        _sorted(dimensions, lambda *named: str(vocabulary.dimension(*named).label)),
        _sorted(metrics, lambda *named: str(vocabulary.metric(*named).label)),
    )


def _sorted(fields: Iterable[Named], label: Callable[[str, str], str]) -> tuple[Named, ...]:
    named = [(name, label(name, ui_name)) for name, ui_name in fields]
    return tuple(sorted(named, key=lambda each: each[1].casefold()))
