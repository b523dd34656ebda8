"""What staff fill in to prepare a customer's way: whom it is for, and as much of the details as is known."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminEmailInputWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_widgets import pick
from accounts.models import Tenant
from provisioning.details_form import INDUSTRY_NAMES, DetailsForm
from provisioning.models import ProvisioningRequest
from provisioning.requests import details
from provisioning.requests.preparing import DETAILS, REQUIRED

HELP = {
    "account_name": _("Usually the customer's company. Empty: the client's name is suggested."),
    "website": _("For example shop.it"),
    "view_name": _("What the customer's dashboard here is called."),
}
ABOUT = ["tenant", "new_client", "email", "way", "skips_form"]


class PrepareForm(forms.Form):
    """One customer's request. All details are optional, unless the customer shall see no form at all."""

    tenant: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Client"), queryset=None, required=False
    )
    new_client = forms.CharField(
        label=_("Or a new client"),
        max_length=150,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("Its name. The client is made when the invitation goes out."),
    )
    email = forms.EmailField(
        label=_("Customer's e-mail"),
        max_length=254,
        widget=AdminEmailInputWidget,
        help_text=_("The link goes there, and Google suggests the account of this address."),
    )
    way = forms.ChoiceField(
        label=_("Way"),
        choices=ProvisioningRequest.Way.choices,
        initial=ProvisioningRequest.Way.DETAILS_FIRST,
    )
    skips_form = forms.BooleanField(
        label=_("Skip the form"),
        required=False,
        help_text=_("The customer goes straight to Google's consent, with the details below as they are."),
    )

    def __init__(self, *args: Any, may_make_clients: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tenant: Any = self.fields["tenant"]
        tenant.queryset = Tenant.objects.all()  # here, inside the scope, and not when the class is made
        if not may_make_clients:
            tenant.required = True
            del self.fields["new_client"]
        pick(tenant, relation=(ProvisioningRequest, "tenant"))
        self._add_details()

    def _add_details(self) -> None:
        """The fields that the customer would see, here without having to be filled in."""
        language = get_language() or "en"
        choices: dict[str, list[Any]] = {
            "time_zone": [(zone, zone.replace("_", " ")) for zone in details.zones()],
            "currency": [(code, f"{code} – {name}") for code, name in details.currencies(language).items()],
            "country": sorted(details.countries(language).items(), key=lambda pair: pair[1]),
            "industry": [(each, INDUSTRY_NAMES[each]) for each in details.INDUSTRIES],
        }
        for name in DETAILS:
            field: Any = copy.deepcopy(DetailsForm.base_fields[name])
            field.required = False
            field.help_text = HELP.get(name, "")
            if name in choices:
                field.choices = [("", _("Not known")), *choices[name]]
            else:
                field.widget.attrs["class"] = "vTextField"
            self.fields[name] = field

    @property
    def fieldsets(self) -> list[Any]:
        """For the admin's page: whom it is for, and the details."""
        about = [name for name in ABOUT if name in self.fields]
        return [(None, {"fields": about}), (_("What is known already"), {"fields": list(DETAILS)})]

    def clean_website(self) -> str:
        """As typed, "shop.it" will do."""
        typed: str = self.cleaned_data["website"]
        try:
            return details.website_of(typed) if typed else ""
        except ValueError:
            raise ValidationError(
                _("This is not the address of a website. It looks like shop.it or https://shop.it.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """One client, old or new; and nothing missing where nobody will be asked for it."""
        cleaned = super().clean() or self.cleaned_data
        if "new_client" in self.fields and not self.errors:
            if not cleaned.get("tenant") and not cleaned.get("new_client"):
                self.add_error("tenant", gettext("Choose a client, or name a new one."))
            if cleaned.get("tenant") and cleaned.get("new_client"):
                self.add_error("new_client", gettext("Choose a client or name a new one, not both."))
        is_existing = cleaned.get("way") == ProvisioningRequest.Way.EXISTING
        if cleaned.get("skips_form") and not is_existing:
            self._require_details(cleaned)
        return cleaned

    def _require_details(self, cleaned: dict[str, Any]) -> None:
        for name in REQUIRED:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, gettext("Needed where the form is skipped."))

    @property
    def details(self) -> dict[str, str]:
        """What a valid form says of the account to be made."""
        return {name: self.cleaned_data[name] for name in DETAILS}
