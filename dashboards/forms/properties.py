"""Forms to find the property that a view is to show."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from provisioning.models import Credential


class PropertySearch(forms.Form):
    """Narrows the list of properties to choose from."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("account, property or number")}),
    )


class PropertyByHand(forms.Form):
    """A property that no list names, by its number: Google is asked whether it is there. It is read with an
    account of the agency's or, where the client is known, of that client's.
    """

    credential: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Read with"), queryset=None)
    property_id = forms.RegexField(
        r"^[0-9]{1,19}\Z",
        label=_("Property's number"),
        max_length=19,
        widget=AdminTextInputWidget(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("A property's id is a number.")},
    )

    def __init__(self, *args: Any, tenant_id: uuid.UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        credential: Any = self.fields["credential"]
        credential.queryset = Credential.objects.filter(Q(tenant=None) | Q(tenant=tenant_id))
