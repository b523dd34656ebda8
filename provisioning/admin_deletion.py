"""What keeps a credential from being deleted, and what goes along with one that nothing keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import PROTECT, RESTRICT, ManyToOneRel, Model, QuerySet
from django.utils.translation import gettext

from provisioning.models import Credential

NAMED = 20
KEEPS = (PROTECT, RESTRICT)


def users_of(credential: Credential) -> list[str]:
    """What a deletion would take the data from, named with its tenant, as far as the scope reaches."""
    named: list[str] = []
    more = 0
    for users in _users(credential):
        shown = [_name_of(row) for row in users.select_related("tenant")[:NAMED]]
        named += shown
        more += users.count() - len(shown) if len(shown) == NAMED else 0
    return sorted(named) + ([gettext("and %(count)d more") % {"count": more}] if more else [])


def _users(credential: Credential) -> Iterator[QuerySet[Any]]:
    """The rows of each relation that keeps it, in the models above too, which this app does not know."""
    for relation in Credential._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete in KEEPS:
            model: Any = relation.related_model
            yield model.objects.filter(**{relation.field.name: credential}).order_by()


def _name_of(row: Model) -> str:
    return gettext("“%(name)s” of %(tenant)s") % {"name": row, "tenant": row.tenant}  # type: ignore[attr-defined]


def deleted_with(credential: Credential) -> Any:
    """What Django's page lists: the credential, and its properties as a number; they can be many."""
    reached = credential.properties.count()
    counts = {Credential._meta.verbose_name_plural: 1}
    if reached:
        counts[credential.properties.model._meta.verbose_name_plural] = reached
    return [str(credential)], counts, set(), []
