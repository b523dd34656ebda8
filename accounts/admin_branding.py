"""The agency's logo and colour in the admin: one page, for the owner."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts import colours
from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import OwnerOnly
from accounts.forms import BrandingForm
from accounts.models import Branding


@admin.register(Branding)
class BrandingAdmin(OwnerOnly, PortalAdmin):
    """The one row, made by the first save."""

    form = BrandingForm
    fields = ["accent", "new_logo", "remove_logo"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is one already, stored or not."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Empty it instead."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A list of one would be a detour."""
        return redirect("admin:accounts_branding_change", Branding.ONLY)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Branding | None:
        """The row, or before the first save one that is empty."""
        return Branding.look() if object_id == str(Branding.ONLY) else None

    def save_model(self, request: HttpRequest, obj: Branding, form: Any, change: bool) -> None:
        """And says where the colour had to be moved to be read."""
        super().save_model(request, obj, form, change)
        if "accent" in form.changed_data and obj.accent:
            _tell_of_colour(request, obj.accent)


def _tell_of_colour(request: HttpRequest, accent: str) -> None:
    light, dark = colours.for_light(accent), colours.for_dark(accent)
    if light != accent:
        text = gettext(
            "%(accent)s cannot be read on light pages: %(light)s stands in there, the same hue, darker."
        )
        messages.warning(request, text % {"accent": accent, "light": light})
    if dark != accent:
        text = gettext("On dark pages it becomes %(dark)s, so that it can be read there.")
        messages.info(request, text % {"dark": dark})
