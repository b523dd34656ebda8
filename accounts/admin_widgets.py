"""A row picked by typing a part of its name, where a list of all of them would be too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Model


class PickedByName(AutocompleteSelect):
    """Django's, but what is no key at all shows nothing, where Django's own answer is a 500."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """As Django's."""
        rows: type[Model] = self.field.remote_field.model
        return super().optgroups(name, [each for each in value if not each or could_be_of(rows, each)], attrs)


def could_be_of(rows: type[Model], key: str) -> bool:
    """Whether there could be a row with this key: the database's own answer to nonsense is an error."""
    field: Any = rows._meta.pk
    try:
        field.clean(key, None)
    except ValidationError:
        return False
    return True


def pick(field: forms.ModelChoiceField[Any], *, relation: tuple[type[Model], str]) -> None:
    """Has a form's field picked by name, as the admin would `relation`: a model, and its foreign key."""
    model, name = relation
    target: Any = model._meta.get_field(name)
    widget = PickedByName(target, admin.site)
    widget.choices = field.choices
    widget.is_required = field.required
    field.widget = widget
