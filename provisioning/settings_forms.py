"""The forms of what may be set of a property, and that of the web developer's address."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from provisioning.requests import settings

RETENTIONS = (("TWO_MONTHS", _("2 months")), ("FOURTEEN_MONTHS", _("14 months")))


class RetentionForm(forms.Form):
    """How long."""

    retention = forms.ChoiceField(choices=RETENTIONS, widget=forms.RadioSelect)


class MeasurementForm(forms.Form):
    """On or off."""

    measure = forms.ChoiceField(choices=(("on", _("On")), ("off", _("Off"))), widget=forms.RadioSelect)


class KeyEventsForm(forms.Form):
    """Some of Google's names, and one of the site's own."""

    suggested = forms.MultipleChoiceField(
        choices=[(name, name) for name in settings.SUGGESTED], required=False
    )
    own = forms.CharField(max_length=40, required=False)

    def clean_own(self) -> str:
        """As Google takes it."""
        typed: str = self.cleaned_data["own"]
        try:
            return settings.event_name_of(typed) if typed else ""
        except ValueError:
            raise forms.ValidationError(
                gettext(
                    "An event's name begins with a letter and has letters, digits and “_”, at most 40; names "
                    "that begin with “ga_”, “google_” or “firebase_” are Google's own."
                )
            ) from None

    def names(self) -> list[str]:
        """All that were chosen."""
        return [*self.cleaned_data["suggested"], *filter(None, [self.cleaned_data["own"]])]


class DeveloperForm(forms.Form):
    """Whom to send the tag to."""

    email = forms.EmailField(label=_("Their e-mail address"), max_length=254)
