"""The library that pages on other sites load: `/embed/platform.js`, and what it fetches when a chart or a map
is drawn. The same for everybody, made and compressed once in a process.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import public
from dashboards import countries
from dashboards.embed.composing import Composition

HOUR, YEAR = 3600, 365 * 24 * 3600
MODULES = Path(__file__).parent / "js"
VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
CHARTS, GEO = "chart_drawing.js", "geo_drawing.js"


@dataclass(frozen=True)
class Script:
    """A script as it is sent."""

    plain: bytes
    zipped: bytes
    version: str

    @classmethod
    def of(cls, text: str) -> Script:
        """The script that `text` is."""
        plain = text.encode()
        return cls(plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:16])


@public("a script that pages of any site load; nothing of anybody's is in it")
@require_safe
def script(request: HttpRequest, part: str) -> HttpResponse:
    """A part of the library. At the address that names its version it may be kept for ever, else an hour."""
    found = _PARTS[part](request)
    etag = f'"{found.version}"'
    same = request.headers.get("If-None-Match", "").removeprefix("W/") == etag
    zips = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponseNotModified() if same else HttpResponse(found.zipped if zips else found.plain)
    if not same:
        answer["Content-Type"] = "text/javascript; charset=utf-8"
    if zips and not same:
        answer["Content-Encoding"] = "gzip"
    named = request.GET.get("v") == found.version
    answer["Cache-Control"] = f"public, max-age={YEAR}, immutable" if named else f"public, max-age={HOUR}"
    answer["ETag"] = etag
    answer["Vary"] = "Accept-Encoding"
    # For pages that isolate themselves, and for module scripts, which are always asked for by CORS.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _platform_asked(request: HttpRequest) -> Script:
    """In the language that the page asks for with `?hl=`, else the installation's: whoever reads the page may
    read another, but it is the page that is written in one."""
    asked = request.GET.get("hl", "")
    known = translation.check_for_language(asked) if asked else False
    return platform(asked if known and asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


@lru_cache(maxsize=8)
def platform(language: str) -> Script:
    """All but the charts."""
    with translation.override(language):
        facts = {
            "home": settings.BASE_URL,
            "words": _words(),
            "parts": {"charts": _address("charts", charts()), "geo": _address("geo", geo())},
        }
    made = {"portal.js": lambda: f"export const PORTAL = {json.dumps(facts)};\n"}
    return Script.of(_composed(made).script("platform.js"))


@lru_cache(maxsize=1)
def charts() -> Script:
    """Chart.js and what draws with it. As a module of its own it meets no other Chart.js in the page."""
    vendor = f"const module = {{ exports: {{}} }};\n{_wrapped('chart.umd.min.js', '')}\n"
    made = {"vendor_chart.js": lambda: f"{vendor}export const Chart = module.exports;\n"}
    return Script.of(_composed(made).module(CHARTS))


@lru_cache(maxsize=1)
def geo() -> Script:
    """The map: the atlas, what draws it, and which country is where in it."""
    made = {"vendor_geo.js": _vendor_geo}
    elsewhere = {CHARTS: _address("charts", charts())}
    return Script.of(_composed(made, elsewhere).module(GEO))


def _vendor_geo() -> str:
    requires = "const require = (name) => (name.endsWith('helpers') ? engine.helpers : engine);"
    wrapped = _wrapped("chartjs-chart-geo.umd.min.js", ", require")
    return (
        f'import {{ engine }} from "./{CHARTS}";\n'
        f"const module = {{ exports: {{}} }};\n{requires}\n{wrapped}\n"
        "export const ChartGeo = module.exports;\n"
        f"export const atlas = {_vendor('countries-110m.json')};\n"
        f"export const codes = {json.dumps(countries.shapes())};\n"
    )


def _composed(made: dict[str, Callable[[], str]], elsewhere: dict[str, str] | None = None) -> Composition:
    return Composition(MODULES, made, elsewhere or {})


def _wrapped(file: str, more: str) -> str:
    """A library in the form for Node, with a `module` to fill, so that it meets no loader of the page's; and
    a `Chart` of the page's, which Chart.js overwrites all the same, is put back at once."""
    return (
        'const theirs = Object.getOwnPropertyDescriptor(globalThis, "Chart");\n'
        f"(function (module, exports{more}, define) {{\n{_vendor(file)}\n}})(module, module.exports{more});\n"
        "delete globalThis.Chart;\n"
        'if (theirs) Object.defineProperty(globalThis, "Chart", theirs);\n'
    )


def _vendor(file: str) -> str:
    return (VENDOR / file).read_text(encoding="utf-8")


def _address(part: str, found: Script) -> str:
    return f"{reverse(f'embed:{part}')}?v={found.version}"


@lru_cache(maxsize=1)
def frames() -> Script:
    """What gives frames their height, and new tokens."""
    return Script.of(_composed({}).script("frames.js"))


_PARTS: dict[str, Callable[[HttpRequest], Script]] = {
    "platform": _platform_asked,
    "charts": lambda request: charts(),
    "geo": lambda request: geo(),
    "frames": lambda request: frames(),
}


def _words() -> dict[str, str]:
    """All that the library says to people. `%s` stands for what a sentence is about."""
    return {
        "signIn": _("Show my statistics"),
        "signedIn": _("You are logged in."),
        "tooLate": _("Nobody agreed in time. Press the button again."),
        "unreachable": _("The figures cannot be fetched just now. Try again later."),
        "nothing": _("No data for these days."),
        "provinces": _("A map of provinces cannot be drawn, so this is a table."),
        "container": _("There is no element %s to draw in."),
        "kind": _("There is no chart of the type %s. Use LINE, COLUMN, BAR, PIE, TABLE or GEO."),
        "reportType": _("Reports of the type %s are not answered. Use ga or realtime."),
        "path": _("%s is not answered here."),
        "account": _("Account"),
        "property": _("Property"),
        "view": _("View"),
        "from": _("From"),
        "to": _("To"),
        "before": _("Previous page"),
        "after": _("Next page"),
        "activeUsers": _("Active users:"),
    }
