"""Views as version 3 knew them: profiles of a property in an account. Pure.

GA4 has no views, and the portal does not know the numbers of Google's accounts. So an account here is the
client's, as far as Google calls it by one name; its number is made from these, and means nothing elsewhere.
"""

from __future__ import annotations

import hashlib

from dashboards.embed.bodies import Profile
from dashboards.models import View


def of(view: View, number: str = "") -> Profile:
    """The view as a page knows it; `number` is how the page names it, by default the view's own."""
    return Profile(number or str(view.embed_id), view.name, view.property_id, account_id(view))


def account_name(view: View) -> str:
    """What Google calls the account, or the client where nobody knows."""
    return view.account_name or view.tenant.name


def account_id(view: View) -> str:
    """Nine digits that stay the same for views of one account."""
    known = f"{view.tenant_id}:{account_name(view)}".encode()
    return str(10**8 + int.from_bytes(hashlib.sha256(known).digest()[:6]) % (9 * 10**8))
