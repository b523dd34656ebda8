"""A row picked by typing a part of its name, where a list of all of them would be too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Field, Model


class PickedByName(AutocompleteSelect):
    """Django's, but what is no key at all shows nothing, where Django's own answer is a 500."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """As Django's."""
        key: Any = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [each for each in value if not each or _could_be(key, each)], attrs)


def _could_be(key: Field[Any, Any], value: str) -> bool:
    try:
        key.to_python(value)
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
