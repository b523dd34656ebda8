"""Forms about people."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.admin.widgets import AdminEmailInputWidget
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.branding import LOGO_LIMIT, digest_of, logo_type
from accounts.invitations import A_DAY, AlreadyInvited, AlreadyMember, InvitationError, TooMany, person_at
from accounts.models import Branding, Membership, User

REFUSALS = {
    AlreadyMember: _("This person is a member already."),
    AlreadyInvited: _("This address is invited already. The invitation stands in the list: send it again."),
    TooMany: format_lazy(
        _("That were {number} invitations in 24 hours, which is the limit. Ask your agency for more."),
        number=A_DAY,
    ),
}


def _taken_address(email: str, owner: User | None) -> bool:
    """Whether another person has proven the address to be theirs, as a second one perhaps."""
    return EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=owner).exists()


class ColleagueForm(forms.Form):
    """Somebody whom a client's owner invites. Whether the portal knows them is not told."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Membership.Role.VIEWER, _("viewer: reads")),
            (Membership.Role.OWNER, _("owner: reads and invites")),
        ],
        initial=Membership.Role.VIEWER,
    )

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        email: str = self.cleaned_data["email"].lower()
        return email

    def refuse(self, error: InvitationError) -> None:
        """Says beside the field why the verb refused."""
        self.add_error("email", REFUSALS[type(error)])


class InvitationForm(ColleagueForm):
    """Somebody whom staff invite to a tenant."""

    all_views = forms.BooleanField(
        label=_("Sees all views"),
        required=False,
        initial=True,
        help_text=_("Otherwise only the views that name this person, once they are a member."),
    )
    field_order = ["email", "role", "all_views"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget = AdminEmailInputWidget()

    def clean_email(self) -> str:
        """Nobody whom the agency has shut out."""
        email = super().clean_email()
        known = person_at(email)
        if known and not known.is_active:
            raise ValidationError(_("This person was deactivated. The agency's owner can undo that."))
        return email


class NewcomerForm(forms.Form):
    """What somebody new enters at an invitation's link."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ten characters or more."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """Held against the rules for all passwords, and not too like the address or the name."""
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class AssignStaffForm(forms.Form):
    """Who shall look after the clients that were ticked."""

    staff = forms.ModelMultipleChoiceField(
        label=_("Staff"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["staff"]
        field.queryset = User.objects.filter(is_staff=True, is_superuser=False, is_active=True).order_by(
            "email"
        )
        field.label_from_instance = lambda user: f"{user.name} · {user.email}" if user.name else user.email


class BrandingForm(forms.ModelForm):
    """The agency's logo and colour."""

    accent = forms.CharField(
        label=_("Colour"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "#1f6f5c", "size": 9, "autocomplete": "off"}),
        help_text=_("Of links, buttons and charts, e.g. #1f6f5c. Empty: the portal's green."),
    )
    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, up to 200 KB. It is shown 32 pixels high; twice that is sharp."),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    class Meta:
        model = Branding
        fields = ["accent"]

    def clean_accent(self) -> str:
        """In lower case, with its #, however it was typed; the model's own check follows."""
        digits: str = self.cleaned_data["accent"].strip().lower().removeprefix("#")
        return f"#{digits}" if digits else ""

    def clean_new_logo(self) -> bytes:
        """The picture's bytes. Its size is looked at before it is read, its kind by its own first bytes."""
        upload = self.cleaned_data["new_logo"]
        if not upload:
            return b""
        if upload.size > LOGO_LIMIT:
            raise ValidationError(_("This file is too large: 200 KB at most."))
        data: bytes = upload.read()
        if not logo_type(data):
            raise ValidationError(_("This is no PNG, JPEG or WebP picture."))
        return data

    def save(self, commit: bool = True) -> Branding:
        """With the new logo, or without the old one."""
        row: Branding = self.instance
        data: bytes = self.cleaned_data["new_logo"]
        if data or self.cleaned_data["remove_logo"]:
            row.logo = data or None
            row.logo_type = logo_type(data)
            row.logo_digest = digest_of(data) if data else ""
        saved: Branding = super().save(commit)
        return saved


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
