"""Embed keys in the admin: made and shown once, ended; and the end of everybody's tokens."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import StaffToo, is_agency_owner
from dashboards.embed import keys, revoking
from dashboards.models import EmbedKey
from provisioning.admin_filters import ClientFilter


@admin.register(EmbedKey)
class EmbedKeyAdmin(StaffToo, PortalAdmin):
    """Embed keys. A new one stands on the page that follows, and nowhere afterwards."""

    asks_again = True
    staff_may = frozenset({"view", "add", "change"})
    list_display = ["name", "tenant", "prefix", "made_by", "created_at", "last_used_at", "revoked_at"]
    list_filter = [ClientFilter]
    list_select_related = ["tenant"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "prefix", "tenant__name", "tenant__slug"]
    autocomplete_fields = ["tenant"]
    actions = ["end"]
    change_form_template = "admin/dashboards/embedkey/change_form.html"
    change_list_template = "admin/dashboards/embedkey/change_list.html"
    known = ["prefix", "made_by", "created_at", "last_used_at", "revoked_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of a new key, its name and whose it is."""
        return ["tenant", "name", *(self.known if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A key stays with its client."""
        return ["tenant", *self.known] if obj else []

    def save_model(self, request: HttpRequest, obj: EmbedKey, form: Any, change: bool) -> None:
        """A new one is made by its verb."""
        if change:
            super().save_model(request, obj, form, change)
            return
        by = request.user.email  # type: ignore[union-attr]
        issued = keys.make(tenant=obj.tenant, name=obj.name, made_by=by)
        obj.pk, obj._state.adding = issued.key.pk, False
        request.made_key = issued  # type: ignore[attr-defined]

    @method_decorator(never_cache)
    def response_add(
        self, request: HttpRequest, obj: EmbedKey, post_url_continue: Any = None
    ) -> HttpResponse:
        """The key, this once."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("The new key"),
            "issued": request.made_key,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/dashboards/embedkey/made.html", context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Whether it offers to end everybody's tokens."""
        return super().changelist_view(request, {"owns": is_agency_owner(request)} | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """Also: the two verbs, each by POST alone."""
        wrap = self.admin_site.admin_view
        return [
            path("end-all/", wrap(self.end_all_view), name="dashboards_embedkey_end_all"),
            path("<uuid:object_id>/end/", wrap(self.end_view), name="dashboards_embedkey_end"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def end_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Ends the key and its tokens."""
        row = self.row_to_change(request, object_id)
        self._end(request, row)
        messages.success(request, gettext("The key and its tokens are ended."))
        return self.to_row(row)

    @method_decorator(require_POST)
    def end_all_view(self, request: HttpRequest) -> HttpResponse:
        """Ends every token of the installation that is out there."""
        if not is_agency_owner(request):
            raise PermissionDenied
        revoking.end_all_tokens(by=request.user.email)  # type: ignore[union-attr]
        messages.success(
            request, gettext("All tokens are ended. Pages get new ones when they are loaded again.")
        )
        return redirect("admin:dashboards_embedkey_changelist")

    @admin.action(description=_("End the selected keys and their tokens"), permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Those that are not ended yet."""
        rows = list(queryset.filter(revoked_at=None))
        for row in rows:
            self._end(request, row)
        text = ngettext("%(count)d key is ended.", "%(count)d keys are ended.", len(rows))
        messages.success(request, text % {"count": len(rows)})

    def _end(self, request: HttpRequest, row: EmbedKey) -> None:
        keys.revoke(key=row, by=request.user.email)  # type: ignore[union-attr]
        self.log_change(request, row, gettext("Ended."))
