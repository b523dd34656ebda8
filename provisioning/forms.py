"""Uploading the key of a service account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminEmailInputWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.admin_widgets import pick
from accounts.models import Tenant
from google_api import key_files
from google_api.key_files import KeyFileError, ServiceAccountKey
from provisioning.models import Credential

GOOGLES_PASSWORD = "notasecret"  # noqa: S105  # every P12 key of Google's has it
FIELDS = {"wrong_password": "password", "no_email": "email"}


class KeyUpload(forms.Form):
    """A key file, JSON or P12. The key stands in `key` once the form is valid, and nowhere else."""

    key_file = forms.FileField(
        label=_("Key file"),
        help_text=_(
            "JSON or P12, as it came from the Google Cloud console. Google gives out a key once: "
            "keep your copy until the sign-in has worked."
        ),
    )
    email = forms.EmailField(
        label=_("E-mail of the service account"),
        required=False,
        max_length=254,
        widget=AdminEmailInputWidget,
        help_text=_("For a P12 key only; a JSON key names it."),
    )
    password = forms.CharField(
        label=_("Password of the P12 key"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "vTextField"}),
        help_text=_("For a P12 key only. Empty: Google's own, “notasecret”."),
    )

    key: ServiceAccountKey

    def clean(self) -> dict[str, Any]:
        """Reads the key; what is wrong with it stands beside the field that can mend it."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.key = self.read_key()
            except KeyFileError as error:
                field = FIELDS.get(error.code, "key_file") if self._is_p12() else "key_file"
                self.add_error(field, gettext(error.sentence))
        return cleaned

    @sensitive_variables()
    def read_key(self) -> ServiceAccountKey:
        """The key in the file. Raises KeyFileError."""
        upload: UploadedFile[bytes] = self.cleaned_data["key_file"]
        if (upload.size or 0) > key_files.MAX_FILE_BYTES:
            raise KeyFileError("too_large")
        data = upload.read()
        if not self._is_p12():
            return key_files.parse_json(data)
        password = self.cleaned_data["password"] or GOOGLES_PASSWORD
        return key_files.parse_p12(data, email=self.p12_email(), password=password)

    def p12_email(self) -> str:
        """The address of a P12 key, which does not hold it itself."""
        return str(self.cleaned_data.get("email", ""))

    def _is_p12(self) -> bool:
        """By its first byte (a P12 is an ASN.1 SEQUENCE), or by its name."""
        upload: UploadedFile[bytes] = self.cleaned_data["key_file"]
        upload.seek(0)
        first = upload.read(1)
        upload.seek(0)
        return first == b"\x30" or (upload.name or "").lower().endswith((".p12", ".pfx"))


class NewServiceAccount(KeyUpload):
    """A service account new to the portal: whose it is, and its first key."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        widget=AdminTextInputWidget,
        help_text=_("For your own lists. Empty: the first part of its address."),
    )
    tenant: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Client"), queryset=None, required=False
    )

    field_order = ["key_file", "email", "password", "name", "tenant"]

    def __init__(self, *args: Any, may_be_agencys: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tenant: Any = self.fields["tenant"]
        tenant.queryset = Tenant.objects.all()  # here, inside the scope, and not when the class is made
        tenant.required = not may_be_agencys
        pick(tenant, relation=(Credential, "tenant"))
        if may_be_agencys:
            tenant.help_text = gettext("Empty: the agency's own, for views of every client.")


class ReplacementKey(KeyUpload):
    """Another key of a service account that is there already."""

    def __init__(self, *args: Any, account: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        del self.fields["email"]

    def p12_email(self) -> str:
        """The stored one."""
        return self.account

    def clean(self) -> dict[str, Any]:
        """A key of another account would move its views to other properties unseen."""
        cleaned = super().clean()
        if not self.errors and self.key.email.lower() != self.account.lower():
            raise ValidationError(
                _("This is the key of %(other)s. Upload one of %(account)s, or add the other account."),
                params={"other": self.key.email, "account": self.account},
            )
        return cleaned
