"""From a request's token to the views that it opens: fetching and checking are one act."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet, Subquery
from django.http import Http404, HttpRequest

from accounts import tracing
from accounts.models import Tenant, User
from accounts.tenancy import tenant_scope
from dashboards.access import views_of
from dashboards.embed import tokens
from dashboards.embed.errors import V3Error, forbidden, invalid_credentials
from dashboards.embed.tokens import EmbedToken, TokenRefused
from dashboards.models import EmbedCutoff, EmbedKey, View

REFUSALS = {
    "missing": "Login Required: send a token of this portal's as “Authorization: Bearer …”.",
    "key": "This is an embed key, which belongs on your server alone. Revoke it, and send a token.",
    "malformed": "Invalid Credentials: this is no token of this portal's.",
    "signature": "Invalid Credentials: this is no token of this portal's.",
    "expired": "Invalid Credentials: the token has expired. Ask your server for a new one.",
    "revoked": "Invalid Credentials: the token was revoked.",
}
_KEY_LENGTH = 43  # of 32 random bytes, as accounts.tokens writes them


@dataclass(frozen=True)
class Grant:
    """What a request may read: these views of one tenant. Read them inside `tenant_scope({tenant.pk})`."""

    token: EmbedToken
    tenant: Tenant
    views: tuple[View, ...]

    def view(self, ids: str) -> View:
        """The view that v3's `ids` names, by its own number or that of the old view it follows.

        Raises V3Error, in the same words for what is not there and what is not this token's.
        """
        number = ids.removeprefix("ga:")
        for column in ("embed_id", "ua_view_id"):
            for view in self.views:
                if number.isascii() and number.isdigit() and str(getattr(view, column)) == number:
                    return view
        raise forbidden("User does not have sufficient permissions for this profile.")


def grant_of(request: HttpRequest, *, framed: bool = False) -> Grant:
    """What the request's token opens, by one query where a key issued it. Raises V3Error, 401 or 403.

    The page's `Origin` must be the token's; a frame's own requests (`framed`) come from the portal's pages
    instead, which only the token's site may frame.
    """
    return grant_for(token_of(request, framed=framed))


def token_of(request: HttpRequest, *, framed: bool = False) -> EmbedToken:
    """The request's token, shown from where it may be. Whether it still counts, `opened` tells. Raises
    V3Error.
    """
    token = _token(request)
    if not framed and request.META.get("HTTP_ORIGIN", "") != token.origin:
        raise forbidden("This token is for another site.")
    return token


def grant_for(token: EmbedToken) -> Grant:
    """What a token opens by now, whoever shows it. Raises V3Error."""
    return opened(token, views_for(token))


def views_for(token: EmbedToken) -> list[View]:
    """The token's views, as far as whom it was issued to still may read them, each with what ended tokens."""
    with tenant_scope({token.tenant_id}):
        return list(_views(token))


def opened(token: EmbedToken, found: Sequence[View]) -> Grant:
    """What a token opens of the views that `views_for` found. Raises V3Error."""
    views = [view for view in found if _counts(token, view)]
    if not views:
        raise invalid_credentials(REFUSALS["revoked"])
    tenant = views[0].tenant
    tracing.is_about(tenant.slug)
    if tenant.is_paused:
        raise forbidden("These pages are paused. The agency can open them.")
    for view in views:
        view.tenant = tenant
    return Grant(token, tenant, tuple(sorted(views, key=lambda view: token.view_ids.index(view.pk))))


def key_for(tenant: Tenant, key_id: uuid.UUID) -> EmbedKey:
    """The tenant's embed key with this id. Raises Http404."""
    found: EmbedKey | None = EmbedKey.objects.filter(tenant=tenant, pk=key_id).first()
    if found is None:
        raise Http404
    return found


def read_token(text: str) -> EmbedToken:
    """What a token says. Raises V3Error, 401."""
    if len(text) == _KEY_LENGTH and "." not in text:
        raise invalid_credentials(REFUSALS["key"])
    try:
        return tokens.read(text)
    except TokenRefused as refused:
        raise invalid_credentials(REFUSALS[refused.code]) from None


def bearer(request: HttpRequest) -> str:
    """What stands in the Authorization header; empty without one."""
    scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def _token(request: HttpRequest) -> EmbedToken:
    text = bearer(request) or request.GET.get("access_token", "")
    if not text:
        raise V3Error(401, "required", REFUSALS["missing"], location="Authorization", location_type="header")
    return read_token(text)


def _views(token: EmbedToken) -> QuerySet[View]:
    views = _of_key(token) if token.key_id else _of_person(token)
    return views.filter(pk__in=token.view_ids)


def _of_key(token: EmbedToken) -> QuerySet[View]:
    return of_key(View.objects.for_page(), token.tenant_id, token.key_id)


def of_key(views: QuerySet[View], tenant_id: uuid.UUID, key_id: uuid.UUID | None) -> QuerySet[View]:
    """Those of these views that a key which is not revoked opens, each with what ended tokens."""
    living = EmbedKey.objects.filter(pk=key_id, tenant=tenant_id, revoked_at=None)
    return _with_cutoff(views.filter(Exists(living), tenant=tenant_id))


def _of_person(token: EmbedToken) -> QuerySet[View]:
    user = User.objects.filter(pk=token.user_id or 0).first()
    tenant = Tenant.objects.reachable_by(user).filter(pk=token.tenant_id).first() if user else None
    if user is None or tenant is None:
        return View.objects.none()
    return _with_cutoff(views_of(user, tenant))


def _with_cutoff(views: QuerySet[View]) -> QuerySet[View]:
    """With the latest cutoff in scope: the installation's, or the tenant's own."""
    latest = EmbedCutoff.objects.order_by("-valid_from").values("valid_from")
    return views.annotate(cutoff=Subquery(latest[:1]))


def _counts(token: EmbedToken, view: Any) -> bool:
    """Whether nothing ended the token for this view, and the view still lists the token's site."""
    issued = datetime.datetime.fromtimestamp(token.issued_at, datetime.UTC)
    ends = (view.embed_valid_from, view.cutoff)
    return token.origin in view.origins and all(end is None or issued > end for end in ends)
