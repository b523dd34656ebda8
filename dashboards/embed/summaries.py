"""The views that a token opens, as version 3's Management API listed accounts. Pure.

https://developers.google.com/analytics/devguides/config/mgmt/v3/mgmtReference/management/accountSummaries
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dashboards.embed import profiles
from dashboards.embed.access import Grant
from dashboards.embed.bodies import Json, web_property_id
from dashboards.embed.errors import bad_parameter
from dashboards.models import View

MOST = 1_000  # accounts in one answer, as there


def answer(grant: Grant, params: Mapping[str, Any]) -> Json:
    """Account > property > view, of the token's views alone. Raises V3Error."""
    start = _count(params, "start-index", 1)
    size = _count(params, "max-results", MOST)
    items = [_account(views) for views in _grouped(grant.views, profiles.account_id)]
    return {
        "kind": "analytics#accountSummaries",
        "totalResults": len(items),
        "startIndex": start,
        "itemsPerPage": size,
        "items": items[start - 1 : start - 1 + size],
    }


def _count(params: Mapping[str, Any], name: str, default: int) -> int:
    text = str(params.get(name) or default)
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 9 and int(text)):
        raise bad_parameter(
            name, _("Invalid value “%(text)s” for %(name)s.") % {"text": text[:60], "name": name}
        )
    return int(text)


def _grouped(views: Sequence[View], key: Any) -> list[list[View]]:
    groups: dict[str, list[View]] = {}
    for view in views:
        groups.setdefault(key(view), []).append(view)
    return list(groups.values())


def _account(views: Sequence[View]) -> Json:
    return {
        "id": profiles.account_id(views[0]),
        "kind": "analytics#accountSummary",
        "name": profiles.account_name(views[0]),
        "webProperties": [_property(group) for group in _grouped(views, lambda view: view.property_id)],
    }


def _property(views: Sequence[View]) -> Json:
    first = views[0]
    return {
        "kind": "analytics#webPropertySummary",
        "id": web_property_id(first.property_id),
        "name": first.property_name or first.name,
        "internalWebPropertyId": first.property_id,
        "level": "STANDARD",
        "profiles": [
            {"kind": "analytics#profileSummary", "id": str(view.embed_id), "name": view.name, "type": "WEB"}
            for view in views
        ],
    }
