"""The form for the account to be made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from provisioning import hooks
from provisioning.models import ProvisioningRequest
from provisioning.requests import details
from provisioning.requests.details import Details


class NameField(forms.CharField):
    """Text whose length is counted as Google counts it."""

    def __init__(self, *, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units

    def validate(self, value: str) -> None:
        """Too long is said with the number that is too many."""
        super().validate(value)
        if (over := details.utf16_units(value) - self.units) > 0:
            raise ValidationError(
                _("Google takes %(limit)s characters here: %(over)s too many."),
                params={"limit": self.units, "over": over},
            )


class DetailsForm(forms.Form):
    """What Google needs to know. Four fields are required; the zone is guessed where nobody says."""

    account_name = NameField(
        label=_("Account name"), units=details.ACCOUNT_NAME_UNITS, help_text=_("Usually your company.")
    )
    website = forms.CharField(
        label=_("Website"), max_length=details.URL_LENGTH, help_text=_("For example shop.it")
    )
    property_name = NameField(
        label=_("Property name"), units=details.PROPERTY_NAME_UNITS, help_text=_("Usually your website.")
    )
    view_name = NameField(
        label=_("View name"),
        units=details.VIEW_NAME_UNITS,
        help_text=_("What your dashboard here is called."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("When your day begins and ends."))
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    industry = forms.ChoiceField(label=_("Industry"), required=False)

    def __init__(self, data: Any = None, *, request: ProvisioningRequest) -> None:
        initial = _initial(request, list(self.base_fields))
        super().__init__(data, initial=initial)
        if not request.time_zone and not data and initial["time_zone"] == details.DEFAULT_ZONE:
            self.fields["time_zone"].widget.attrs["data-guess"] = "yes"  # the browser may know better
        language = get_language() or "en"
        self._choose("time_zone", [(zone, zone.replace("_", " ")) for zone in details.zones()])
        self._choose(
            "currency", [(code, f"{code} – {name}") for code, name in details.currencies(language).items()]
        )
        self._choose("country", sorted(details.countries(language).items(), key=lambda pair: pair[1]))
        self._choose("industry", [(each, INDUSTRY_NAMES[each]) for each in details.INDUSTRIES])

    @classmethod
    def as_known(cls, request: ProvisioningRequest) -> DetailsForm:
        """The form as it would be sent in with what is known, so that nobody need fill it in."""
        return cls(_initial(request, list(cls.base_fields)), request=request)

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices if field.required else [("", _("Not said")), *choices]

    def clean_website(self) -> str:
        """As typed, "shop.it" will do."""
        try:
            return details.website_of(self.cleaned_data["website"])
        except ValueError:
            raise ValidationError(
                _("This is not the address of a website. It looks like shop.it or https://shop.it.")
            ) from None

    @property
    def details(self) -> Details:
        """What a valid form says."""
        return Details(**self.cleaned_data)

    def typed(self) -> dict[str, str]:
        """All of it, right or wrong."""
        return {name: str(self.data.get(name, "")).strip() for name in self.fields}


def _initial(request: ProvisioningRequest, names: list[str]) -> dict[str, str]:
    """What was typed or known before, else what the client's other views say, else a guess."""
    known = {name: getattr(request, name) for name in names}
    usual = {
        "account_name": request.tenant.name,
        "property_name": request.tenant.name,
        "view_name": str(_("Whole site")),
        "time_zone": hooks.views().usual_zone(tenant=request.tenant) or details.DEFAULT_ZONE,
    }
    return {name: known[name] or usual.get(name, "") for name in names}


INDUSTRY_NAMES = {
    "AUTOMOTIVE": _("Automotive"),
    "BUSINESS_AND_INDUSTRIAL_MARKETS": _("Business and industrial markets"),
    "FINANCE": _("Finance"),
    "HEALTHCARE": _("Healthcare"),
    "TECHNOLOGY": _("Technology"),
    "TRAVEL": _("Travel"),
    "OTHER": _("Other"),
    "ARTS_AND_ENTERTAINMENT": _("Arts and entertainment"),
    "BEAUTY_AND_FITNESS": _("Beauty and fitness"),
    "BOOKS_AND_LITERATURE": _("Books and literature"),
    "FOOD_AND_DRINK": _("Food and drink"),
    "GAMES": _("Games"),
    "HOBBIES_AND_LEISURE": _("Hobbies and leisure"),
    "HOME_AND_GARDEN": _("Home and garden"),
    "INTERNET_AND_TELECOM": _("Internet and telecom"),
    "LAW_AND_GOVERNMENT": _("Law and government"),
    "NEWS": _("News"),
    "ONLINE_COMMUNITIES": _("Online communities"),
    "PEOPLE_AND_SOCIETY": _("People and society"),
    "PETS_AND_ANIMALS": _("Pets and animals"),
    "REAL_ESTATE": _("Real estate"),
    "REFERENCE": _("Reference"),
    "SCIENCE": _("Science"),
    "SPORTS": _("Sports"),
    "JOBS_AND_EDUCATION": _("Jobs and education"),
    "SHOPPING": _("Shopping"),
}
