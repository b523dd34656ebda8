"""Django's test client, with session cookies as the portal signs them."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.test.client import ClientMixin

from accounts.sessions import signed, unsigned


def _session(client: Any) -> Any:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if cookie and cookie.value:
        return store(unsigned(cookie.value))
    made = store()
    made.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = signed(made.session_key)
    return made


def _keep(client: Any, request: Any) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = signed(request.session.session_key)
    client.cookies[settings.SESSION_COOKIE_NAME].update({"path": "/"})


def teach_the_client() -> None:
    """From here on."""
    ClientMixin.session = property(_session)
    ClientMixin._set_login_cookies = _keep
