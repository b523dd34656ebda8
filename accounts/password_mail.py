"""The mail with a link by which a person sets a password."""

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from accounts.adapter import MailNotSent
from accounts.models import User


def send_password_link(request: HttpRequest, user: User) -> bool:
    """Sends it, at once or as soon as the mail server answers; False when that refuses the address."""
    form = ResetPasswordForm(data={"email": user.email})
    if not form.is_valid():
        return False
    try:
        form.save(request)
    except MailNotSent:
        return False
    return True
