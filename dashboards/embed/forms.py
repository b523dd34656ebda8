"""Forms about embedding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dashboards.embed import origins, ua_map


class LinesField(forms.CharField):
    """Several things, one to a line; kept as what `read` makes of them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))
        super().__init__(required=False, max_length=8000, **kwargs)

    def read(self, text: str) -> Any:
        """The value. Raises ValueError with a sentence."""
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """As somebody would type it."""
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        """As read."""
        try:
            return self.read(super().clean(value))
        except (origins.OriginError, ua_map.MapError) as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> str:
        """What was typed stays; what is stored is written."""
        return value if isinstance(value, str) else self.write(value or self.read(""))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as read."""
        try:
            return bool(self.read(data or "") != (initial or self.read("")))
        except ValueError:
            return True


class SitesField(LinesField):
    """Sites, as browsers write them."""

    def read(self, text: str) -> list[str]:
        """Raises OriginError."""
        return origins.normal_list(text.splitlines())

    def write(self, value: list[str]) -> str:
        """One to a line."""
        return "\n".join(value)


class OldNamesField(LinesField):
    """A site's own old names and what they are in GA4."""

    def read(self, text: str) -> dict[str, str]:
        """Raises MapError."""
        return ua_map.parse(text)

    def write(self, value: dict[str, str]) -> str:
        """One to a line."""
        return ua_map.write(value)


class SitesForm(forms.Form):
    """The sites that may embed a view."""

    sites = SitesField(
        label=_("Sites, one to a line"),
        help_text=_("Such as https://shop.example. Only pages there can show the figures."),
    )


class KeyForm(forms.Form):
    """A new embed key."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Of the server that keeps it, e.g. “Shop”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
