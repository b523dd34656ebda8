"""Sign in with Google: allauth's own way, with our transport, for the one client that the settings name.

Nobody is ever recognised by an e-mail address: a Google account opens the person to whom it was linked by its
`sub`, or, where strangers may sign up, a new one. No token is kept.
https://developers.google.com/identity/openid-connect/openid-connect
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess, ProviderException
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.invitations import person_at
from google_api import errors, identity, oauth

logger = logging.getLogger(__name__)
GOOGLE = "google"
CALLBACK = "/accounts/google/login/callback/"

CANCELLED = _("You did not sign in at Google. Nothing has changed.")
FAILED = _("Google could not sign you in. Try again, or sign in another way.")
KNOWN = _("You have an account with this address already. Sign in to it, then link Google here.")
UNPROVEN = _("Google has not verified the address of this account. Sign in another way.")


def redirect_uri() -> str:
    """Where Google sends people back, to the letter as it must be registered."""
    return f"{settings.BASE_URL}{CALLBACK}"


def address(request: HttpRequest, *, links: bool) -> str:
    """Google's page to go to; `links` when whoever is signed in wants to sign in with Google from then on."""
    provider = GoogleSignIn(request).get_provider()
    provider.oauth2_adapter_class = GoogleSignIn
    process = AuthProcess.CONNECT if links and request.user.is_authenticated else AuthProcess.LOGIN
    answer = provider.redirect(request, process=process, next_url=get_next_redirect_url(request))
    return str(answer.url)


class NotSignedIn(ProviderException):
    """Google gave no identity; `error` says why."""

    def __init__(self, error: errors.GoogleError) -> None:
        super().__init__(error.code)
        self.error = error


class GoogleSignIn(GoogleOAuth2Adapter):
    """allauth's way to Google and back; what is asked of Google in between goes through our one door."""

    @property
    def authorize_url(self) -> str:
        """From the settings as they are now."""
        return str(settings.GOOGLE_AUTH_URI)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """By BASE_URL, whatever host the request came by: Google compares to the letter."""
        return redirect_uri()

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, str]:
        """The code exchanged. Raises NotSignedIn."""
        try:
            tokens = oauth.exchange_code(
                settings.GOOGLE_TOKEN_URI,
                oauth.Client(settings.GOOGLE_CLIENT_ID, settings.GOOGLE_CLIENT_SECRET),
                code=request.GET["code"][:512],
                redirect_uri=redirect_uri(),
                verifier=pkce_code_verifier or "",
            )
        except errors.GoogleError as error:
            raise NotSignedIn(error) from error
        return {"access_token": tokens.access_token, "id_token": tokens.id_token}

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **more: Any) -> SocialLogin:
        """Whose sign-in it is, once the ID token's signature is Google's. Raises NotSignedIn."""
        try:
            person = identity.identity_of(
                more["response"]["id_token"],
                certs_uri=settings.GOOGLE_CERTS_URI,
                client_id=settings.GOOGLE_CLIENT_ID,
            )
        except errors.GoogleError as error:
            raise NotSignedIn(error) from error
        return self.get_provider().sociallogin_from_response(request, facts_of(person))


def facts_of(person: identity.Identity) -> dict[str, Any]:
    """What is kept of a Google account that somebody signs in with."""
    return {
        "sub": person.subject,
        "email": person.email,
        "email_verified": person.email_verified,
        "name": person.name,
    }


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """What allauth asks the portal about sign-ins with Google."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _("You have no password yet. Set one first; then you can remove this."),
        "connected_other": _("This Google account is linked to another person here."),
    }

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The client of the settings. A second place for it, in the database, would hold its secret open."""
        wanted = settings.GOOGLE_CLIENT_ID and provider in (None, GOOGLE)
        if not wanted or client_id not in (None, settings.GOOGLE_CLIENT_ID):
            return []
        secret = settings.GOOGLE_CLIENT_SECRET
        return [SocialApp(provider=GOOGLE, client_id=settings.GOOGLE_CLIENT_ID, secret=secret)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Somebody known by the address alone signs in to their account first, and then links Google."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        email = next((each.email for each in sociallogin.email_addresses if each.verified), "")
        if not email:
            raise ImmediateHttpResponse(_back(request, UNPROVEN))
        if person_at(email) is not None:
            raise ImmediateHttpResponse(_back(request, KNOWN, then=reverse("socialaccount_connections")))

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """A new person has the name that Google tells; addresses are kept in lower case."""
        user = sociallogin.user
        user.email = data.get("email", "").lower()
        user.name = sociallogin.account.extra_data.get("name", "")[:150]
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Says it in our words, on the page where the person began."""
        words: Any = CANCELLED if error == AuthError.CANCELLED else FAILED
        if isinstance(exception, NotSignedIn):
            logger.warning("a sign-in with Google failed: %s", exception.error.log_detail)
            words = gettext(exception.error.sentence)
        raise ImmediateHttpResponse(_back(request, words))


def _back(request: HttpRequest, words: Any, then: str = "") -> HttpResponse:
    """To the sign-in page, or to the sign-in methods of who is signed in."""
    messages.error(request, words)
    if request.user.is_authenticated:
        return redirect("socialaccount_connections")
    query = f"?{urlencode({'next': then})}" if then else ""
    return redirect(f"{reverse(settings.LOGIN_URL)}{query}")
