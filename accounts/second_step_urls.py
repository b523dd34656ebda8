"""The addresses of second steps, by the names that allauth knows them by. Its lists are one page of ours."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from csp.decorators import csp_update
from django.urls import path

from accounts.views import passkeys
from accounts.views.security import security

# The picture to scan holds a secret: it comes with the page, and not by an address of its own.
_with_picture = csp_update({"img-src": ["data:"]})
CODES = "recovery-codes/"
urlpatterns = [
    path("", security, name="mfa_index"),
    path("authenticate/", base.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", base.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", _with_picture(totp.activate_totp), name="mfa_activate_totp"),
    path("totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(CODES, recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(f"{CODES}generate/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(f"{CODES}download/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkeys/", security, name="mfa_list_webauthn"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/sign-in/", passkeys.sign_in, name="mfa_login_webauthn"),
    path("passkeys/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove, name="mfa_remove_webauthn"),
]
