"""What a link to share is to be."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboards import periods
from dashboards.embed import choosing
from dashboards.embed.outside import BETWEEN_DATES
from dashboards.models import View
from dashboards.periods import PeriodError


class LinkForm(forms.Form):
    """A link to one view. `cleaned_data` is what sharing.make takes."""

    name = forms.CharField(
        label=_("For whom, or what for"), max_length=100, help_text=_("Only you see this.")
    )
    widgets = forms.MultipleChoiceField(
        label=_("What it shows"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose something to show.")},
    )
    period = forms.ChoiceField(label=_("Period"), required=False)
    first = forms.DateField(
        label=_("Or from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("to"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Empty: the link alone opens it."),
    )
    until = forms.DateField(
        label=_("Good until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until you end it."),
    )

    def __init__(self, *args: Any, view: View, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        today = view.today
        named = [(key, periods.resolve({"period": key}, today).label()) for key in periods.NAMED]
        field: Any = self.fields["period"]
        field.choices = [("", _("Whoever opens it chooses")), *named]
        self.parts = choosing.options(view)
        field = self.fields["widgets"]
        field.choices, field.initial = self.parts, [value for value, _label in self.parts]

    def clean_widgets(self) -> list[str]:
        """The names of what is chosen; none where that is everything, and what comes later too."""
        chosen: list[str] = self.cleaned_data["widgets"]
        return choosing.names_of(chosen) if len(chosen) < len(self.parts) else []

    def clean_until(self) -> datetime.date | None:
        """A day that is still to come, or today."""
        until: datetime.date | None = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise ValidationError(_("That day is over."))
        if until and until.year > timezone.localdate().year + 10:
            raise ValidationError(_("Choose a day within the next ten years."))
        return until

    def clean(self) -> dict[str, Any]:
        """Dates win over a named period, being more exact."""
        cleaned = super().clean() or self.cleaned_data
        first, last, until = (cleaned.pop(name, None) for name in ("first", "last", "until"))
        if (first or last) and not {"first", "last"} & set(self.errors):
            cleaned["period"] = self._dates(first, last)
        cleaned["expires_at"] = _end_of(until) if until else None
        return cleaned

    def _dates(self, first: datetime.date | None, last: datetime.date | None) -> str:
        texts = [day.isoformat() if day else "" for day in (first, last)]
        try:
            periods.resolve({"from": texts[0], "to": texts[1]}, self.view.today)
        except PeriodError as error:
            self.add_error("last", error.sentence)
        return BETWEEN_DATES.join(texts)


def _end_of(day: datetime.date) -> datetime.datetime:
    """The end of that day where the agency is."""
    after = day + datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(after, datetime.time.min))
