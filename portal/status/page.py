"""The page: for staff what is broken of their clients, for the agency's owner of everybody and of the
machine.
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.admin_rights import is_agency_owner
from portal.metrics import standing
from portal.status import clients, machine


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Everything that is broken by now, the worst of each kind first."""
    sections, figures = clients.sections(), []
    if is_agency_owner(request):
        found = standing.read()
        sections = [*machine.sections(found), *sections]
        figures = machine.figures(found)
    context = {
        **admin.site.each_context(request),
        "title": _("What is broken"),
        "sections": [each for each in sections if each.troubles],
        "figures": figures,
    }
    return TemplateResponse(request, "admin/status.html", context)
