"""The widgets on a dashboard's form, each held against what a report can answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from dashboards.planner import WidgetSpec

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:.]{0,199}")


class FieldNames(forms.Field):
    """Names of Google's metrics or dimensions with commas between them, kept as a list."""

    widget = AdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        """The list as it is typed."""
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        """The names in their order, each once. Raises ValidationError naming what is none."""
        names = [part.strip() for part in (value or "").split(",") if part.strip()]
        for name in names:
            if not _FIELD_NAME.fullmatch(name):
                raise ValidationError(
                    _("“%(name)s” is not the API name of a metric or dimension, such as totalUsers."),
                    params={"name": name[:100]},
                )
        return list(dict.fromkeys(names))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """An empty field and an empty list are the same."""
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


def _offering(kind: str) -> dict[str, str]:
    """What makes a field offer names: see admin-fields.js and the dashboard's page."""
    return {"list": f"known-{kind}", "data-names": kind, "autocomplete": "off"}


class WidgetForm(forms.ModelForm):
    """One widget, held against what a report can answer."""

    metrics = FieldNames(
        label=_("Metrics"),
        help_text=_("Google's API names with commas between them: sessions, totalUsers"),
        widget=AdminTextInputWidget(attrs=_offering("metrics")),
    )
    dimensions = FieldNames(
        label=_("Dimensions"), required=False, widget=AdminTextInputWidget(attrs=_offering("dimensions"))
    )

    spec: WidgetSpec  # once the form is valid

    def clean(self) -> dict[str, Any]:
        """What the planner refuses, it says itself."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.spec = WidgetSpec(
                id=cleaned["title"],
                title=cleaned["title"],
                kind=cleaned["kind"],
                metrics=tuple(cleaned["metrics"]),
                dimensions=tuple(cleaned["dimensions"]),
                order_by=cleaned["order_by"],
                descending=cleaned["descending"],
                limit=cleaned["limit"],
            )
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return cleaned

    def clean_order_by(self) -> str:
        """A metric or dimension by its API name."""
        name: str = self.cleaned_data["order_by"].strip()
        if name and not _FIELD_NAME.fullmatch(name):
            raise ValidationError(_("This is not the API name of a metric or dimension."))
        return name


class WidgetFormSet(BaseInlineFormSet):
    """A dashboard's widgets. What Google says of them was asked before, outside the saving transaction."""

    problems: Mapping[str, str] = {}  # by the form's prefix; set by the admin

    def add_fields(self, form: Any, index: int | None) -> None:
        """As Django's; the columns' heads name each field for screen readers too."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label or ""))

    def clean(self) -> None:
        """Puts Google's reasons beside the widgets."""
        super().clean()
        for form in self.forms:
            if sentence := self.problems.get(str(form.prefix)):
                form.add_error(None, sentence)
