"""Which refusal of a call that makes or changes something becomes which error.

Google answers as it does to questions (`refusals`), but "no permission" and "invalid" ask other things of
people here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from google_api import errors
from google_api.errors import GoogleError
from google_api.refusals import Refusal, api_error, string

# What Google may complain of, in letters alone, and what we call it.
DETAILS: Mapping[str, str] = {
    "displayname": "display_name",
    "accountname": "display_name",
    "timezone": "time_zone",
    "currency": "currency_code",
    "regioncode": "region_code",
    "industry": "industry_category",
    "defaulturi": "default_uri",
    "websiteurl": "default_uri",
    "redirecturi": "redirect_uri",
    "user": "user",
    "role": "role",
    "eventname": "event_name",
}

Kinds = Mapping[type[GoogleError], type[GoogleError]]


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
    return errors.InvalidDetails(error.log_detail, status=error.status, reason=reason, fields=fields)


def details_named(refusal: Refusal) -> tuple[str, ...]:
    """Which of the details that we sent Google complains of: fields that it names, else its sentence."""
    error = refusal.json().get("error")
    error = error if isinstance(error, dict) else {}
    named = _details_in(" ".join(_violated(error.get("details")))) or _details_in(
        string(error.get("message"))
    )
    sent = _squeezed(refusal.sent)
    return tuple(dict.fromkeys(DETAILS[word] for word in named if word in sent))


def _violated(details: object) -> list[str]:
    """google.rpc.BadRequest: {"fieldViolations": [{"field": "property.display_name", "description": "…"}]}"""
    listed = details if isinstance(details, list) else []
    lists = [item.get("fieldViolations") for item in listed if isinstance(item, dict)]
    violations = [each for some in lists if isinstance(some, list) for each in some if isinstance(each, dict)]
    return [string(violation.get("field")) for violation in violations]


def _details_in(words: str) -> list[str]:
    squeezed = _squeezed(words[:2000])
    return [word for word in DETAILS if word in squeezed]


def _squeezed(words: str) -> str:
    """Letters alone, as Google writes display_name, displayName or "display name"."""
    return re.sub(r"[^a-z]", "", words.lower())
