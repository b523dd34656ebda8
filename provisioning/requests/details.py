"""What a customer tells about the account to be made, checked against Google's own limits. Pure.

https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from urllib.parse import urlsplit

import idna
from babel import Locale
from babel.numbers import list_currencies

DEFAULT_ZONE = "America/Los_Angeles"
"""What Google takes when nobody says."""

ACCOUNT_NAME_UNITS = 100
PROPERTY_NAME_UNITS = 100
VIEW_NAME_UNITS = 100
URL_LENGTH = 255

INDUSTRIES = (
    "AUTOMOTIVE", "BUSINESS_AND_INDUSTRIAL_MARKETS", "FINANCE", "HEALTHCARE", "TECHNOLOGY", "TRAVEL", "OTHER",
    "ARTS_AND_ENTERTAINMENT", "BEAUTY_AND_FITNESS", "BOOKS_AND_LITERATURE", "FOOD_AND_DRINK", "GAMES",
    "HOBBIES_AND_LEISURE", "HOME_AND_GARDEN", "INTERNET_AND_TELECOM", "LAW_AND_GOVERNMENT", "NEWS",
    "ONLINE_COMMUNITIES", "PEOPLE_AND_SOCIETY", "PETS_AND_ANIMALS", "REAL_ESTATE", "REFERENCE", "SCIENCE",
    "SPORTS", "JOBS_AND_EDUCATION", "SHOPPING",
)  # fmt: skip


@dataclass(frozen=True)
class Details:
    """All of it, as Google takes it. `website` is an address with its scheme."""

    account_name: str
    property_name: str
    website: str
    view_name: str
    time_zone: str = DEFAULT_ZONE
    currency: str = ""
    country: str = ""
    industry: str = ""

    def as_columns(self) -> dict[str, str]:
        """By the names that a provisioning request has for them."""
        return asdict(self)


def utf16_units(text: str) -> int:
    """The length that Google counts: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def known_from(given: Mapping[str, str]) -> dict[str, str]:
    """The details among what an address or a form brings along; they are checked when they are used."""
    names = [each.name for each in fields(Details)]
    return {name: given[name].strip() for name in names if given.get(name, "").strip()}


def website_of(typed: str) -> str:
    """ "https://shop.it" of "shop.it". Raises ValueError for what is no website's address."""
    text = typed.strip()
    parts = urlsplit(text if re.match(r"(?i)[a-z][a-z0-9+.-]*://", text) else f"https://{text}")
    if parts.scheme.lower() not in {"http", "https"} or parts.username or parts.password:
        raise ValueError("not the address of a website")
    host = _host(parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    path = parts.path.rstrip("/")
    address = f"{parts.scheme.lower()}://{host}{port}{path}"
    if len(address) > URL_LENGTH or re.search(r"[\s<>\"\\]", address):
        raise ValueError("not the address of a website")
    return address


def _host(name: str) -> str:
    """As the DNS has it. Raises ValueError."""
    host = idna.encode(name, uts46=True).decode() if name else ""
    labels = host.rstrip(".").split(".")
    if len(labels) < 2 or all(label.isdigit() for label in labels) or labels[-1].isdigit():
        raise ValueError("not the name of a host")
    return host.rstrip(".")


def zone_of(name: str) -> str:
    """The IANA zone. Raises ValueError for what is none."""
    if name not in zoneinfo.available_timezones():
        raise ValueError("not a time zone")
    return name


def zones() -> list[str]:
    """Every IANA zone that a region goes by, in order, and UTC."""
    named = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [*sorted(named), "UTC"]


def currencies(language: str) -> dict[str, str]:
    """ISO 4217 codes in use, with their names."""
    locale = Locale.parse(language, sep="-")
    return {
        code: str(locale.currencies.get(code, code)) for code in sorted(list_currencies()) if len(code) == 3
    }


def countries(language: str) -> dict[str, str]:
    """CLDR's regions of two letters, with their names."""
    territories = Locale.parse(language, sep="-").territories
    return {
        code: name
        for code, name in territories.items()
        if re.fullmatch(r"[A-Z]{2}", code) and code not in NO_COUNTRY
    }


NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"})
