"""What django-allauth asks the portal: whether strangers may sign up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's, closed to strangers unless SIGNUP is `open`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether somebody without an invitation may create an account."""
        return settings.SIGNUP == "open"
