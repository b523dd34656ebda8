"""The files of the agency's look, at addresses that name their content: kept by browsers for good."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts import branding
from accounts.branding import Sheet
from accounts.models import Branding
from accounts.permissions import public

FOR_GOOD = "public, max-age=31536000, immutable"


def _answer(content: bytes | str, content_type: str) -> HttpResponse:
    headers = {"Cache-Control": FOR_GOOD, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _sheet(sheet: Sheet, digest: str) -> HttpResponse:
    if sheet.digest != digest:
        raise Http404
    return _answer(sheet.css, "text/css; charset=utf-8")


@public("the agency's colour, on the sign-in page too")
@require_safe
def sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet of the portal's pages."""
    return _sheet(branding.page_sheet(Branding.look().accent), digest)


@public("the agency's colour, on the admin's sign-in page too")
@require_safe
def admin_sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet of the admin."""
    return _sheet(branding.admin_sheet(Branding.look().accent), digest)


@public("the agency's logo, on the sign-in page and in mails")
@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The logo, as the kind of picture that it was found to be."""
    row = Branding.objects.filter(pk=Branding.ONLY, logo_digest=digest).first()
    if row is None or not row.logo:
        raise Http404
    return _answer(bytes(row.logo), row.logo_type)
