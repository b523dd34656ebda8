"""The field of a view's filter: rows for everybody, the text for experts; both say the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboards import fields, filter_rows, filters
from dashboards.filter_rows import Row

SPARE = 2  # blank rows below the filled ones; scripts show one and add more
COLUMNS = ("joined", "dimension", "operator", "value")


@dataclass(frozen=True)
class Typed:
    """What a browser sent: the text, the rows, and the text that the rows were made from."""

    text: str
    shown: str
    rows: list[Row] = field(default_factory=list)

    def resolve(self) -> str:
        """The filter's text: whichever of the two was changed. Raises FilterError."""
        if self._has_rows_unchanged():
            return self.text
        by_rows = filter_rows.text_of([replace(row, value=row.value.strip()) for row in self.rows])
        if _canonical(self.text) in {self.shown, by_rows}:
            return by_rows
        raise filters.FilterError(
            gettext("The filter was changed both in its rows and as text. Undo one of the two.")
        )

    def _has_rows_unchanged(self) -> bool:
        try:
            return filter_rows.text_of(self.rows) == self.shown
        except filters.FilterError:
            return False


class FilterWidget(forms.Widget):
    """The rows of a filter, its text, and what a preview found."""

    template_name = "admin/dashboards/view/filter.html"
    property_id = ""
    fields_url = ""  # where the property's dimensions can be fetched
    kept = ""  # what a preview found, in words

    class Media:
        js = [forms.Script("admin-filter.js", defer=True)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed | str | None:
        """Without rows, as older scripts and experts send it, the text alone counts."""
        text = data.get(name)
        shown = data.get(f"{name}-shown")
        if shown is None or not hasattr(data, "getlist") or f"{name}-operator" not in data:
            return text
        columns = [data.getlist(f"{name}-{column}") for column in COLUMNS]
        rows = [_row(*cells) for cells in zip(*columns, strict=False)]
        return Typed(shown if text is None else text, shown, rows)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Either of the two will do."""
        return name not in data and f"{name}-shown" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What the template shows; what could not be read stands there as it was typed."""
        context = super().get_context(name, value, attrs)
        text, shown, rows = _shown(value)
        text_attrs = {**context["widget"]["attrs"], "maxlength": filters.MAX_LENGTH}
        context["widget"] |= {
            "text": text,
            "shown": shown,
            "rows": [*rows, *[Row()] * SPARE],
            "input": AdminTextInputWidget().render(name, text, text_attrs),
            "operators": filter_rows.OPERATORS.items(),
            "dimensions": fields.offered(self.property_id).dimensions,
            "is_known": fields.known(self.property_id) is not None,
            "fields_url": self.fields_url,
            "kept": self.kept,
            "can_preview": bool(self.property_id),
        }
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any) -> SafeString:
        """With the project's templates, which the renderer of forms does not know."""
        return render_to_string(template_name, context)


class FilterField(forms.CharField):
    """A filter in the portal's grammar, whichever way it was written."""

    widget = FilterWidget

    def to_python(self, value: Any) -> str:
        """The text. Raises ValidationError with the sentence that says what is wrong."""
        if isinstance(value, Typed):
            try:
                value = value.resolve()
            except filters.FilterError as error:
                raise ValidationError(error.sentence) from error
        return super().to_python(value) or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another filter is meant."""
        try:
            return self.to_python(data) != (initial or "")
        except ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        """What can be read is shown in both forms."""
        if isinstance(value, Typed):
            try:
                return value.resolve()
            except filters.FilterError:
                return value
        return value


LABEL = _("Filter")
HELP = _(
    "Shows only part of the property. As text: hostName==shop.example;country!=Italy. == is, =^ begins with, "
    "=@ contains, =~ regular expression, != !^ !@ !~ the opposites; “;” and, “,” or."
)


def _row(joined: str, dimension: str, operator: str, value: str) -> Row:
    is_or = joined == filter_rows.OR
    lines = value.replace("\r\n", "\n")
    return Row(filter_rows.OR if is_or else filter_rows.AND, dimension.strip(), operator, lines)


def _shown(value: Any) -> tuple[str, str, list[Row]]:
    if isinstance(value, Typed):
        return value.text, value.shown, value.rows
    text = value or ""
    try:
        return text, _canonical(text), filter_rows.rows_of(text)
    except filters.FilterError:
        return text, "", []


def _canonical(text: str) -> str:
    """The text that rows make of it; itself where it is no filter."""
    try:
        return filter_rows.text_of(filter_rows.rows_of(text))
    except filters.FilterError:
        return text
