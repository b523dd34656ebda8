"""A view's links to share, as its page in the admin lists them."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from dashboards.models import ShareLink, View

LISTED = 50


def listed(view: View) -> str:
    """The links that still lead somewhere, each with how often it was opened; a dash where there is none."""
    links = [link for link in ShareLink.objects.filter(view=view, revoked_at=None)[:LISTED] if link.is_open]
    if not links:
        return "–"
    address = reverse("outside:sharing", args=[view.tenant.slug, view.slug])
    lines = format_html_join("", "<li>{}: {}</li>", ((link, _told(link)) for link in links))
    return format_html('<ul>{}</ul><a href="{}">{}</a>', lines, address, gettext("Make and end links"))


def _told(link: ShareLink) -> str:
    if not link.opened or link.last_opened_at is None:
        return gettext("not opened yet")
    when = date_format(localtime(link.last_opened_at), "DATETIME_FORMAT")
    text = ngettext("opened once, %(when)s", "opened %(count)s times, last %(when)s", link.opened)
    return text % {"count": link.opened, "when": when}
