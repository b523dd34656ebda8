"""Where most visits came from and which pages they began with, in a sentence. Pure."""

from collections.abc import Sequence

from django.utils.translation import gettext

from dashboards.readings import Reading
from google_api.reports import Row

MOST = 0.5
DIRECT = "(direct)"
UNNAMED = frozenset({"", "(not set)", "(other)"})
LONGEST_PAGE = 40


def sentence(readings: Sequence[Reading]) -> str:
    """ "Most came from Google, chiefly to the home page and /menu." Empty for a page that does not count
    visits by their sources, or where no source has a name."""
    came = _came(_of(readings, "sessionSource"))
    if not came:
        return ""
    pages = _pages(_of(readings, "landingPage"))
    if not pages:
        return gettext("%(came)s.") % {"came": came}
    if len(pages) == 1:
        return gettext("%(came)s, chiefly to %(page)s.") % {"came": came, "page": pages[0]}
    both = {"came": came, "page": pages[0], "second": pages[1]}
    return gettext("%(came)s, chiefly to %(page)s and %(second)s.") % both


def _of(readings: Sequence[Reading], dimension: str) -> Reading | None:
    """The widget that shows visits by this dimension, largest first, and has rows."""
    for each in readings:
        widget = each.widget
        shows_visits = (widget.metrics[:1], widget.dimensions) == (("sessions",), (dimension,))
        if shows_visits and widget.descending and widget.order_by in ("", "sessions"):
            return each if each.state == "ready" else None
    return None


def _came(sources: Reading | None) -> str:
    totals = sources.totals(sources.answer.current) if sources else None
    if sources is None or not totals or not totals[0]:
        return ""
    first: Row = sources.rows()[0]
    name, share = first.dimensions[0], first.metrics[0] / totals[0]
    if name in UNNAMED:
        return ""
    if name == DIRECT:
        return (
            gettext("Most came directly")
            if share >= MOST
            else gettext("More came directly than any other way")
        )
    text = (
        gettext("Most came from %(source)s")
        if share >= MOST
        else gettext("More came from %(source)s than from anywhere else")
    )
    return text % {"source": _source(name)}


def _source(name: str) -> str:
    """Sites by their addresses; Google's one-word names begin with a capital, as names do."""
    return name if "." in name else name[:1].upper() + name[1:]


def _pages(landings: Reading | None) -> list[str]:
    """The two pages that most visits begin with."""
    rows = landings.rows() if landings else ()
    names = [row.dimensions[0] for row in rows if row.dimensions[0] not in UNNAMED][:2]
    return [gettext("the home page") if name == "/" else name for name in names if len(name) <= LONGEST_PAGE]
