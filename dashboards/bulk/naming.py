"""Addresses made of names, free and well formed. Pure."""

from __future__ import annotations

from collections.abc import Container

from django.utils.text import slugify

from dashboards.bulk.table import MAX_SLUG


def address_of(name: str, otherwise: str) -> str:
    """The name as an address; `otherwise` where it has no letter or digit that one could have."""
    return _cut(slugify(name).replace("_", "-"), MAX_SLUG) or otherwise


def free(slug: str, taken: Container[str]) -> str:
    """The address, or with the first number behind it that is not taken."""
    number, found = 1, slug
    while found in taken:
        number += 1
        tail = f"-{number}"
        found = _cut(slug, MAX_SLUG - len(tail)) + tail
    return found


def _cut(slug: str, length: int) -> str:
    parts = [part for part in slug.split("-") if part]
    return "-".join(parts)[:length].strip("-")
