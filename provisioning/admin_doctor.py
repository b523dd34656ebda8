"""The doctor in the admin: a page beside a row's own, where a button walks its chain."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.admin_pages import PortalAdmin
from provisioning.doctor.recorded import Recorded
from provisioning.doctor.sight import Examined


class ExaminedAdmin(PortalAdmin):
    """For a ModelAdmin of rows that the doctor examines."""

    def examined(self, request: HttpRequest, row: Any) -> Examined:
        """Its chain, walked live, as far as this person may see it."""
        raise NotImplementedError

    def recorded(self, row: Any) -> list[Recorded]:
        """Its consents."""
        return []

    def get_urls(self) -> list[URLPattern]:
        """Also: the doctor's page."""
        examine = self.admin_site.admin_view(self.examine_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_examine"
        return [path("<uuid:object_id>/examine/", examine, name=name), *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def examine_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """A POST asks Google; before it there is what was recorded, and the button."""
        row = self.row_to_change(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": gettext("Examination of %(what)s") % {"what": row},
            "examined": self.examined(request, row) if request.method == "POST" else None,
            "recorded": self.recorded(row),
        }
        return TemplateResponse(request, "admin/examined.html", context)
