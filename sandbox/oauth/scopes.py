"""Google's scopes, as far as the sandbox knows them: their names, what they let an API do, and the sentence
that the consent page has for each.
"""

from __future__ import annotations

from collections.abc import Iterable

PREFIX = "https://www.googleapis.com/auth/"
USERINFO_EMAIL = PREFIX + "userinfo.email"
USERINFO_PROFILE = PREFIX + "userinfo.profile"
ALIASES = {"email": USERINFO_EMAIL, "profile": USERINFO_PROFILE}
SIGN_IN = frozenset({"openid", USERINFO_EMAIL, USERINFO_PROFILE})
SENTENCES = {
    PREFIX + "analytics.readonly": "See and download your Google Analytics data",
    PREFIX + "analytics": "View and manage your Google Analytics data",
    PREFIX + "analytics.edit": "Edit Google Analytics management entities",
    PREFIX + "analytics.manage.users": "Manage Google Analytics Account users by email address",
    PREFIX + "analytics.manage.users.readonly": "View Google Analytics user permissions",
    PREFIX + "analytics.provision": "Create a new Google Analytics account along with its default property "
    "and view",
    PREFIX + "cloud-platform": "See, edit, configure, and delete your Google Cloud data",
}
KNOWN = SIGN_IN | ALIASES.keys() | SENTENCES.keys()

DATA_SCOPES = frozenset({PREFIX + "analytics.readonly", PREFIX + "analytics"})
ADMIN_SCOPES = frozenset({PREFIX + "analytics.readonly", PREFIX + "analytics.edit"})


def normalised(names: Iterable[str]) -> frozenset[str]:
    """As Google returns them: aliases in full, and `openid` with whatever else belongs to signing in."""
    full = frozenset(ALIASES.get(name, name) for name in names)
    return full | {"openid"} if full & SIGN_IN else full


def joined(scopes: Iterable[str]) -> str:
    return " ".join(sorted(scopes))
