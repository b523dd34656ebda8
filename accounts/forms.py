"""Forms about people."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.admin.widgets import AdminEmailInputWidget, AdminTextInputWidget
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Tenant, User


def _taken_address(email: str, owner: User | None) -> bool:
    """Whether another person has proven the address to be theirs, as a second one perhaps."""
    return EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=owner).exists()


class MemberForm(forms.Form):
    """Somebody who shall see a tenant's views, known to the portal or not."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=AdminEmailInputWidget)
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("Who is known already keeps their own."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices, initial=Membership.Role.VIEWER)

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant

    def clean_email(self) -> str:
        """Somebody new, or a person who is no member yet and was not deactivated."""
        email: str = self.cleaned_data["email"].lower()
        known = User.objects.filter(email__iexact=email).first()
        if known and not known.is_active:
            raise ValidationError(_("This person was deactivated. The agency's owner can undo that."))
        if known and Membership.objects.filter(tenant=self.tenant, user=known).exists():
            raise ValidationError(_("This person is a member already. Change the role in the list."))
        if _taken_address(email, known):
            raise ValidationError(_("This is the second address of another person. Use their first one."))
        return email


class PersonForm(forms.ModelForm):
    """A person, as the agency's owner sees them; the password is write-only and optional."""

    first_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text=_("Empty: a mail with a link to set one goes out."),
    )

    asker: User  # who fills the form in; set by the admin

    def clean_email(self) -> str:
        """Addresses are one person's, whatever their case."""
        email: str = self.cleaned_data["email"].lower()
        others = User.objects.exclude(pk=self.instance.pk)
        owner = self.instance if self.instance.pk else None
        if others.filter(email__iexact=email).exists() or _taken_address(email, owner):
            raise ValidationError(_("There is a person with this address already."))
        return email

    def clean_first_password(self) -> str:
        """Held against the same rules as a password that people choose themselves."""
        password: str = self.cleaned_data["first_password"]
        if password:
            validate_password(password, self.instance)
        return password

    def clean(self) -> dict[str, Any]:
        """An owner is staff too, or could not enter the admin. Nobody shuts themselves out."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_superuser"):
            cleaned["is_staff"] = True
        if self.instance.pk == self.asker.pk and not (cleaned["is_active"] and cleaned["is_superuser"]):
            raise ValidationError(_("You cannot take your own rights away. Ask another owner of the agency."))
        return cleaned
