"""Where a person is signed in: one line for each browser."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from accounts.models import User

# The first that occurs in what a browser says of itself; most browsers name others' names too.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class Device:
    """A browser in which somebody is signed in. `id` names it in forms."""

    id: int
    name: str
    ip: str
    since: datetime.datetime
    is_this: bool


def of(user: User, session_key: str) -> list[Device]:
    """The person's, this one first, then the newest; `session_key` is this session's."""
    found = UserSession.objects.purge_and_list(user)
    lines = [
        Device(each.pk, name_of(each.user_agent), each.ip, each.created_at, each.session_key == session_key)
        for each in found
    ]
    return sorted(lines, key=lambda line: (not line.is_this, -line.since.timestamp()))


def name_of(user_agent: str) -> str:
    """What people call the browser that says this of itself, as in “Firefox on Windows”."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")
