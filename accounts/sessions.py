"""The session's cookie carries its key signed: a key that somebody reads in the database opens nothing."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse


def signed(key: str) -> str:
    """What a browser is given for the session with this key."""
    return _signer().sign(key)


def unsigned(cookie: str) -> str | None:
    """The session's key, or None for a cookie that is not ours."""
    try:
        return _signer().unsign(cookie)
    except BadSignature:
        return None


class SignedSessionMiddleware(SessionMiddleware):
    """Django's, between a signed cookie and the session's key."""

    def process_request(self, request: HttpRequest) -> None:
        """Opens the session of a cookie that we signed."""
        request.session = self.SessionStore(unsigned(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Signs the key on its way out."""
        answer: HttpResponse = super().process_response(request, response)
        cookie = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie.value:  # an emptied one ends the session
            answer.cookies[settings.SESSION_COOKIE_NAME] = signed(cookie.value)  # keeps the attributes
        return answer


def _signer() -> Signer:
    return Signer(salt="accounts.sessions")
