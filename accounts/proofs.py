"""When an address is proven by a code, a password from before the proof opens nothing any more."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver
from django.http import HttpRequest

BY_CODE = "account_confirm_login_code"


@receiver(email_confirmed)
def forget_unproven_password(
    sender: Any, request: HttpRequest | None, email_address: EmailAddress, **more: Any
) -> None:
    """Whoever signed up under somebody else's address chose its password; its real owner, who comes in by a
    code, must not be left with a stranger who knows it. (Sign-up's own confirmation keeps the password: there
    the person who chose it opens the mail.)
    """
    match = request.resolver_match if request else None
    user = email_address.user
    others = EmailAddress.objects.filter(user=user, verified=True).exclude(pk=email_address.pk)
    if match and match.url_name == BY_CODE and not user.is_staff and not others.exists():
        user.set_unusable_password()
        user.save(update_fields=["password"])
