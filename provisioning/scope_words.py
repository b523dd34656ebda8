"""What Google will ask, and why: each scope as its consent page words it, and what we do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from google_api import scopes


@dataclass(frozen=True)
class Permission:
    """`asked` is what stands beside the box at Google, `why` what it is for."""

    asked: str | Promise
    why: str | Promise


PERMISSIONS = {
    scopes.ANALYTICS_EDIT: Permission(
        _("Edit Google Analytics management entities"), _("to create your account, its property and the tag")
    ),
    scopes.ANALYTICS_MANAGE_USERS: Permission(
        _("Manage Google Analytics users by email address"),
        _("to invite the agency's reader, which then fetches your figures"),
    ),
    scopes.ANALYTICS_READONLY: Permission(
        _("See and download your Google Analytics data"), _("to show your figures here")
    ),
    scopes.ANALYTICS_PROVISION: Permission(
        _("Create a new Google Analytics account along with its default property and view"),
        _("to create your account"),
    ),
}


def in_words(names: Iterable[str]) -> list[Permission]:
    """Those of these scopes that Google shows a box for, in a fixed order."""
    wanted = set(names)
    return [permission for scope, permission in PERMISSIONS.items() if scope in wanted]
