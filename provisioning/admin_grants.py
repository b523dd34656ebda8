"""Google accounts in the admin: whose they are, what they allow, what depends on them, and their end."""

from __future__ import annotations

import copy
import uuid
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.admin_rights import is_agency_owner
from accounts.models import User
from google_api import errors, scopes
from provisioning import grants, hooks, oauth_state, scope_words
from provisioning.admin_reach import ReachAdmin
from provisioning.doctor import recorded
from provisioning.models import Consent, Credential, Grant
from provisioning.protocols.chosen import is_offered
from provisioning.views.onward import leave

READS = (scopes.ANALYTICS_READONLY, scopes.OPENID, scopes.EMAIL)
"""What the agency's own Google account is asked for: the figures, and who it is."""

TEMPLATES = "admin/provisioning/grant"


@admin.register(Grant)
class GrantAdmin(ReachAdmin):
    """The consents that people gave. They come about at Google, and end by being disconnected."""

    asks_again = True
    kind = Credential.Kind.GRANT
    staff_may = frozenset({"view", "change"})
    reaches_nothing = _("It signs in, but this Google account sees no property yet.")
    list_display = ["account", "owner", "state", "given_at", "last_used", "last_error_in_words"]
    list_select_related = ["tenant", "consented_by"]
    readonly_fields = [
        "address",
        "owner",
        "given_by",
        "given_at",
        "permissions",
        "state",
        "last_used",
        "last_error_and_causes",
        "ends",
        "tokens",
        "feeds",
        "listed",
    ]
    fields: ClassVar[Any] = readonly_fields
    change_list_template = f"{TEMPLATES}/change_list.html"
    change_form_template = f"{TEMPLATES}/change_form.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody types one in: it takes a consent at Google."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Disconnected instead, which also tells Google."""
        return False

    # What is shown

    @admin.display(description=_("Google account"), ordering="email")
    def account(self, grant: Credential) -> str:
        """Whose it is."""
        return grant.email

    @admin.display(description=_("permissions"))
    def permissions(self, grant: Credential) -> str:
        """What it lets the portal do, as Google's consent words it."""
        words = [f"{each.asked} ({each.why})" for each in scope_words.in_words(grant.granted)]
        return _listed(words) or "–"

    @admin.display(description=_("given by"))
    def given_by(self, grant: Credential) -> str:
        """Who of the portal's people sat at Google's consent."""
        return grant.consented_by.email if grant.consented_by else "–"

    @admin.display(description=_("given"), ordering="consented_at")
    def given_at(self, grant: Credential) -> str:
        """The last consent: a second one renews the first."""
        return _moment(grant.consented_at)

    @admin.display(description=_("last used"), ordering="last_success_at")
    def last_used(self, grant: Credential) -> str:
        """When it last worked."""
        return _moment(grant.last_success_at)

    @admin.display(description=_("last error"))
    def last_error_and_causes(self, grant: Credential) -> str:
        """What went wrong; of a consent that has ended, what it is likely to be."""
        if not grant.last_error_code:
            return "–"
        kind = errors.ERRORS.get(grant.last_error_code, errors.GoogleError)
        causes = kind.causes if issubclass(kind, errors.GrantEnded) else ()
        return format_html("{}{}", grant.last_error, _listed([gettext(each) for each in causes]))

    @admin.display(description=_("ends"))
    def ends(self, grant: Credential) -> str:
        """When Google said that it will, and why."""
        if grant.secret_expires_at is None:
            return gettext("Google named no end.")
        date = {"date": _moment(grant.secret_expires_at)}
        if not grant.ends_by_testing:
            return gettext("On %(date)s: access was given for a limited time.") % date
        text = gettext(
            "This consent ends on %(date)s, because the app is in Testing. Publish it on the consent "
            "screen in the Google Cloud console, then renew."
        )
        return format_html('<span class="trouble">{}</span>', text % date)

    @admin.display(description=_("consents counted"))
    def tokens(self, grant: Credential) -> str:
        """How near Google's limit the Google account is; past it Google ends the oldest without a word."""
        text = gettext("%(count)s of the %(limit)s that Google keeps for one Google account")
        alive = grants.tokens_alive(grant)
        words = text % {"count": alive, "limit": grants.TOKEN_LIMIT}
        if not grants.is_near_limit(alive):
            return words
        warning = gettext("Each one more will soon end an older one. Renew less, or use a service account.")
        return format_html('{}. <span class="trouble">{}</span>', words, warning)

    @admin.display(description=_("feeds"))
    def feeds(self, grant: Credential) -> str:
        """The views that go dark without it."""
        return _listed(hooks.views().fed_by(credential=grant)) or gettext("no view")

    # What can be done

    def get_urls(self) -> list[URLPattern]:
        """Also: its end, its renewal, and the agency's own."""
        wrap = self.admin_site.admin_view
        one = "<uuid:object_id>"
        return [
            path("connect/", wrap(self.connect_view), name=self.url_name("connect")),
            path(f"{one}/renew/", wrap(self.renew_view), name=self.url_name("renew")),
            path(f"{one}/disconnect/", wrap(self.disconnect_view), name=self.url_name("disconnect")),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Also: the button that connects the agency's own, for the owner."""
        context = {
            "may_connect": is_offered() and is_agency_owner(request),
            "title": gettext("Google accounts"),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Nothing on it is typed, so there is nothing to save."""
        context = {
            "show_save": False,
            "show_save_and_continue": False,
            "may_renew": is_offered(),
            "title": gettext("Google account"),
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def recorded(self, row: Credential) -> list[recorded.Recorded]:
        """The consents it came from."""
        return recorded.of_grant(row)

    @method_decorator(require_POST)
    def connect_view(self, request: HttpRequest) -> HttpResponse:
        """On to Google's consent, for a Google account of the agency's own."""
        if not is_offered() or not is_agency_owner(request):
            raise PermissionDenied
        return _to_google(request, oauth_state.Ask(purpose=Consent.Purpose.CONNECT, scopes=READS))

    @method_decorator(require_POST)
    def renew_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """On to Google's consent for what was granted before."""
        grant = self.row_to_change(request, object_id)
        if not is_offered():
            raise PermissionDenied
        ask = oauth_state.Ask(
            purpose=Consent.Purpose.CONNECT,
            scopes=grant.granted | set(READS),
            tenant=grant.tenant,
            credential=grant,
            login_hint=grant.email,
        )
        return _to_google(request, ask)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def disconnect_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Which views go dark, and what it means at Google; then its end."""
        grant = self.row_to_change(request, object_id)
        if request.method == "POST":
            return self._disconnect(request, grant)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": grant,
            "title": gettext("Disconnect %(account)s") % {"account": grant.email},
            "feeds": hooks.views().fed_by(credential=grant),
            "is_shared": grants.others_of(grant),
            "has_ended": grant.state == Credential.State.REFUSED,
        }
        return TemplateResponse(request, f"{TEMPLATES}/disconnect.html", context)

    def _disconnect(self, request: HttpRequest, grant: Credential) -> HttpResponse:
        known = copy.copy(grant)  # for the log: what is deleted forgets its id
        try:
            done = grants.disconnect(grant=grant)
        except errors.GoogleError as error:
            messages.error(request, gettext(error.user_message))
            return self.to_row(grant)
        self.log_change(request, known, gettext("Disconnected."))
        told = gettext("Disconnected %(account)s.") % {"account": known.email}
        messages.success(request, f"{told} {_end(known, done)}")
        return redirect("admin:provisioning_grant_changelist")


def _end(grant: Credential, done: grants.Disconnected) -> str:
    """What became of it at Google, naming nobody else whose grant comes from there."""
    if grant.state == Credential.State.REFUSED:
        return gettext("At Google it had ended before.")
    if done.revoked:
        return gettext("Google was told, and the consent is gone there too.")
    return gettext(
        "The portal's token is deleted. At Google the consent stays: something else here still uses the same "
        "Google account."
    )


def _to_google(request: HttpRequest, ask: oauth_state.Ask) -> HttpResponse:
    user = cast(User, request.user)
    return leave(request, oauth_state.begin(ask=ask, session=request.session, user=user))


def _moment(at: Any) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") if at else "–"


def _listed(lines: list[str]) -> SafeString:
    """As a list; empty for none."""
    items = format_html_join("", "<li>{}</li>", ([line] for line in lines))
    return format_html('<ul class="plain-list">{}</ul>', items) if lines else mark_safe("")  # noqa: S308
