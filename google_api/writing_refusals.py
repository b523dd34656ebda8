"""Which refusal of a call that makes or changes something becomes which error.

Google answers as it does to questions (`refusals`), but "no permission" and "invalid" ask other things of
people here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from google_api import errors
from google_api.errors import GoogleError
from google_api.refusals import Refusal, api_error, string

# What Google may complain of: in its sentence and as a key of what we send, both in letters alone, and in our
# words.
_DETAILS = (
    ("displayname", "displayname", "display_name"),
    ("accountname", "name", "display_name"),
    ("timezone", "timezone", "time_zone"),
    ("currency", "currencycode", "currency_code"),
    ("region", "regioncode", "region_code"),
    ("industry", "industrycategory", "industry_category"),
    ("defaulturi", "defaulturi", "default_uri"),
    ("websiteurl", "websiteurl", "default_uri"),
    ("redirecturi", "redirecturi", "redirect_uri"),
    ("user", "user", "user"),
    ("role", "roles", "role"),
    ("eventname", "eventname", "event_name"),
    ("eventdataretention", "eventdataretention", "event_data_retention"),
    ("userdataretention", "userdataretention", "user_data_retention"),
)

Kinds = Mapping[type[GoogleError], type[GoogleError]]
Rows = Sequence[tuple[str, str, str]]


def edit_error(refusal: Refusal) -> GoogleError:
    """For what an editor of the account or property may do."""
    return _instead(refusal, {errors.PropertyForbidden: errors.EditForbidden})


def users_error(refusal: Refusal) -> GoogleError:
    """For what only an administrator may do: to see and give access."""
    return _instead(refusal, {errors.PropertyForbidden: errors.ManageUsersForbidden})


def ticket_error(refusal: Refusal) -> GoogleError:
    """For the request of an account ticket."""
    return _instead(refusal, {errors.PropertyForbidden: errors.AccountsForbidden})


def v3_ticket_error(refusal: Refusal) -> GoogleError:
    """For the request of an account ticket of version 3, which Google opened to invited projects alone.

    What it answers to others is not documented: any 403 that names no other reason is taken for that.
    """
    error = _instead(refusal, {})
    named = isinstance(error, errors.ScopeInsufficient | errors.RateLimited) or (
        isinstance(error, errors.ApiDisabled) and bool(error.service)
    )
    if refusal.status == 403 and isinstance(error, errors.Forbidden) and not named:
        return errors.ProvisioningNotAdmitted(error.log_detail, status=403)
    return error


def _instead(refusal: Refusal, kinds: Kinds) -> GoogleError:
    error = api_error(refusal)
    if type(error) is errors.InvalidArgument:
        return _invalid_details(refusal, error)
    kind = kinds.get(type(error))
    return error if kind is None else kind(error.log_detail, status=error.status)


def _invalid_details(refusal: Refusal, error: errors.InvalidArgument) -> GoogleError:
    fields = details_named(refusal)
    if fields == ("redirect_uri",):
        return errors.RedirectRefused(error.log_detail, status=error.status)
    reason = fields[0] if fields else error.reason
    detail = " ".join([error.log_detail, *fields])
    return errors.InvalidDetails(detail, status=error.status, reason=reason, fields=fields)


def details_named(refusal: Refusal) -> tuple[str, ...]:
    """Which of the details that we sent Google complains of: fields that it names, else its sentence."""
    error = refusal.json().get("error")
    error = error if isinstance(error, dict) else {}
    keys = re.sub(r'[^a-z"]', "", refusal.sent.lower())
    rows = [row for row in _DETAILS if f'"{row[1]}"' in keys]
    return _named(" ".join(_violated(error.get("details"))), rows) or _named(
        string(error.get("message")), rows
    )


def _named(words: str, rows: Rows) -> tuple[str, ...]:
    """Google writes display_name, displayName or "display name"."""
    squeezed = re.sub(r"[^a-z]", "", words[:2000].lower())
    return tuple(dict.fromkeys(name for word, _, name in rows if word in squeezed))


def _violated(details: object) -> list[str]:
    """google.rpc.BadRequest: {"fieldViolations": [{"field": "property.display_name", "description": "…"}]}"""
    listed = details if isinstance(details, list) else []
    lists = [item.get("fieldViolations") for item in listed if isinstance(item, dict)]
    violations = [each for some in lists if isinstance(some, list) for each in some if isinstance(each, dict)]
    return [string(violation.get("field")) for violation in violations]
