"""The agency's own look: a logo and a colour, as small files at addresses that name their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from accounts import colours
from accounts.models import Branding
from accounts.prepared import Prepared
from accounts.recalled import Recalled

DEFAULT_ACCENT = "#1f6f5c"  # --accent in static/belvedere.css
LOGO_LIMIT = 200 * 1024  # bytes

# What a logo begins with; the name and type that a browser sent prove nothing. No SVG: it can run scripts.
_MAGIC = {
    "image/png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "image/webp": lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP",
}


def logo_type(data: bytes) -> str:
    """The content type of a picture, by its first bytes; empty for what is none of the three kinds."""
    return next((kind for kind, fits in _MAGIC.items() if fits(data)), "")


def digest_of(data: bytes) -> str:
    """What stands in an address for these bytes."""
    return hashlib.sha256(data).hexdigest()[:20]


@dataclass(frozen=True)
class Sheet:
    """A stylesheet and the digest in its address."""

    css: str
    digest: str


def _sheet(css: str) -> Sheet:
    return Sheet(css, digest_of(css.encode()))


@lru_cache(maxsize=16)
def page_sheet(accent: str) -> Sheet:
    """What the portal's own pages load after static/belvedere.css."""
    light, dark = colours.for_light(accent or DEFAULT_ACCENT), colours.for_dark(accent or DEFAULT_ACCENT)
    plain = "--wash: var(--line); --hover: var(--line); --area: transparent; --s1: var(--accent)"
    colour = (
        f":root {{ --accent: {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ --accent: {dark} }} }}\n"
        f"@supports not (color: color-mix(in oklab, red, blue)) {{ :root {{ {plain} }} }}\n"
    )
    return _sheet((colour if accent else "") + _LOGO)


@lru_cache(maxsize=16)
def admin_sheet(accent: str) -> Sheet:
    """What the admin loads after static/admin-look.css; --accent means something else there."""
    if not accent:
        return _sheet(_LOGO + _ADMIN_LOGO)
    light, dark = _admin_light(accent), _admin_dark(accent)
    return _sheet(
        f':root, html[data-theme="light"] {{ {light} }}\n'
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        f'html[data-theme="dark"] {{ {dark} }}\n' + _LOGO + _ADMIN_LOGO
    )


_LOGO = """.logo { display: block; height: 2rem; width: auto; max-width: 10rem; object-fit: contain }
@media (prefers-color-scheme: dark) { .logo { background: #fff; border-radius: 6px; padding: 3px } }
@media print { .logo { height: 1.5rem } }
"""
# On the admin's bar, which is in the accent itself, a logo stands on white.
_ADMIN_LOGO = """#branding { align-items: center }
#branding .logo { flex: none; background: #fff; border-radius: 6px; padding: 3px; margin-inline-end: .75rem }
"""
_ACCENTED = ("primary", "secondary", "breadcrumbs-link-fg", "link-fg", "link-selected-fg", "button-bg",
             "default-button-bg")  # fmt: skip
_HOVERED = ("link-hover-color", "button-hover-bg", "default-button-hover-bg")
_WASHED = ("selected-bg", "selected-row")


def _admin_light(accent: str) -> str:
    colour = colours.for_light(accent)
    wash = colours.mix(colour, colours.LIGHT.surfaces[0], 0.12)
    header = {"header-bg": colour, "header-color": "#ffffff"}
    return _variables(colour, colours.mix(colour, "#000000", 0.8), wash) + "; " + _declared(header)


def _admin_dark(accent: str) -> str:
    colour = colours.for_dark(accent)
    wash = colours.mix(colour, colours.DARK.surfaces[0], 0.22)
    return _variables(colour, colours.mix(colour, "#ffffff", 0.8), wash)


def _variables(colour: str, hover: str, wash: str) -> str:
    return _declared(
        dict.fromkeys(_ACCENTED, colour) | dict.fromkeys(_HOVERED, hover) | dict.fromkeys(_WASHED, wash)
    )


def _declared(values: dict[str, str]) -> str:
    return "; ".join(f"--{name}: {value}" for name, value in values.items())


def look() -> Branding:
    """The agency's look as it stands now, to be read and never changed."""
    return _looks.get((), Branding.look)


def _rows_of_look() -> QuerySet[Any]:
    rows = Branding.objects.filter(pk=Branding.ONLY)
    return rows.values_list("accent", "logo_type", "logo_digest")


_looks: Recalled[Branding] = Recalled(Prepared(_rows_of_look))


class Agency:
    """Who runs this installation, as pages and mails show them. The database is asked when the look is."""

    @property
    def name(self) -> str:
        """Its name."""
        return settings.AGENCY_NAME

    @property
    def contact(self) -> str:
        """Whom its clients turn to; empty where the settings name nobody."""
        return settings.AGENCY_CONTACT

    @cached_property
    def _look(self) -> Branding:
        return look()

    @property
    def sheet_url(self) -> str:
        """The stylesheet of its colour and logo; empty when it has neither."""
        if not self._look.is_set:
            return ""
        return reverse("accounts:brand", args=[page_sheet(self._look.accent).digest])

    @property
    def admin_sheet_url(self) -> str:
        """The same for the admin."""
        if not self._look.is_set:
            return ""
        return reverse("accounts:admin_brand", args=[admin_sheet(self._look.accent).digest])

    @property
    def logo_url(self) -> str:
        """The address of its logo, or empty."""
        digest = self._look.logo_digest
        return reverse("accounts:logo", args=[digest]) if digest else ""

    @property
    def logo_address(self) -> str:
        """The same for mails, which need it whole."""
        return settings.BASE_URL + self.logo_url if self.logo_url else ""

    @property
    def accent(self) -> str:
        """The colour on light pages, for mails."""
        return colours.for_light(self._look.accent or DEFAULT_ACCENT)

    @property
    def dark_accent(self) -> str:
        """The colour on dark pages, for mails."""
        return colours.for_dark(self._look.accent or DEFAULT_ACCENT)
