"""What is left of each property's quota at Google, for the owner to read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import OwnerOnly
from dashboards.models import PropertyUse


def percent(share: float | None) -> str:
    """A share of 0 to 1, in the reader's form; a dash where none is known."""
    if share is None:
        return "–"
    return gettext("%(percent)s %%") % {"percent": number_format(share * 100, decimal_pos=0)}


@admin.register(PropertyUse)
class PropertyUseAdmin(OwnerOnly, PortalAdmin):
    """What Google last said of each property's quota; read only."""

    list_display = ["property_id", "left", "of_the_day", "of_the_hour", "of_the_project", "quota_read_at"]
    search_fields = ["property_id"]
    ordering = ["quota_left", "property_id"]
    list_per_page = 50
    show_full_result_count = False
    list_display_links = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Google's to say."""
        return False

    has_change_permission = has_delete_permission = has_add_permission

    @admin.display(description=_("quota left"), ordering="quota_left")
    def left(self, use: PropertyUse) -> str:
        """The scarcest bucket."""
        return percent(use.quota_left)

    @admin.display(description=_("tokens left today"), empty_value="–")
    def of_the_day(self, use: PropertyUse) -> str | None:
        """Of the property, until midnight in California."""
        return _tokens(use, "tokens_per_day")

    @admin.display(description=_("this hour"), empty_value="–")
    def of_the_hour(self, use: PropertyUse) -> str | None:
        """Of the property."""
        return _tokens(use, "tokens_per_hour")

    @admin.display(description=_("this hour, this project"), empty_value="–")
    def of_the_project(self, use: PropertyUse) -> str | None:
        """Of the property, for this installation's Google Cloud project."""
        return _tokens(use, "tokens_per_project_per_hour")


def _tokens(use: PropertyUse, bucket: str) -> str | None:
    status = (use.quota or {}).get(bucket)
    return number_format(status["remaining"], force_grouping=True) if status else None
