"""What a person can allow, as Google writes it.

https://developers.google.com/identity/protocols/oauth2/scopes#analytics
"""

from __future__ import annotations

import re

_AUTH = "https://www.googleapis.com/auth/"
ANALYTICS_READONLY = f"{_AUTH}analytics.readonly"
ANALYTICS_EDIT = f"{_AUTH}analytics.edit"
ANALYTICS_MANAGE_USERS = f"{_AUTH}analytics.manage.users"
ANALYTICS_PROVISION = f"{_AUTH}analytics.provision"  # version 3 alone
OPENID = "openid"
EMAIL = f"{_AUTH}userinfo.email"
PROFILE = f"{_AUTH}userinfo.profile"

_ALIASES = {"email": EMAIL, "profile": PROFILE}  # asked by these names, answered by the long ones
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")  # RFC 6749, 3.3


def normalised(text: str) -> frozenset[str]:
    """The scopes that `text` lists, parted by spaces as in a token's answer or by "+" as in callbacks."""
    listed = (_ALIASES.get(scope, scope) for scope in re.split(r"[ +]+", text))
    return frozenset(scope for scope in listed if _SCOPE.fullmatch(scope))
