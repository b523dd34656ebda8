"""What went wrong with Google, as version 3 says it to a page: nothing of credentials or of the agency."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dashboards.embed.core_reporting import Query
from dashboards.embed.errors import V3Error, backend_error, bad_parameter, bad_request
from dashboards.snapshots import QuotaLow
from google_api import errors

RETRY_SECONDS = 30


def refusal(query: Query, code: str) -> V3Error:
    """The answer to a query that has none yet; `code` is of the last failure, empty while none is known."""
    kind = errors.ERRORS.get(code, errors.GoogleError)
    if issubclass(kind, errors.UnknownField):
        return _unknown(query)
    if issubclass(kind, errors.IncompatibleFields):
        return bad_request(_("Selected dimensions and metrics cannot be queried together."))
    if issubclass(kind, errors.InvalidArgument):
        return bad_request(_("Google Analytics does not accept this query."))
    if issubclass(kind, QuotaLow):
        sentence = _("Google's allowance for this property is almost used up. Try again in an hour.")
        return V3Error(403, "quotaExceeded", sentence, retry_after=3600)
    error = backend_error(_("The figures cannot be fetched right now. Try again in a moment."))
    error.retry_after = RETRY_SECONDS
    return error


def _unknown(query: Query) -> V3Error:
    """Google knows one of the names less than version 3 did."""
    names = query.uncertain or [each.asked for each in (*query.metrics, *query.dimensions)]
    location = "metrics" if any(each.asked in names for each in query.metrics) else "dimensions"
    sentence = _("This property has no dimension or metric of this name: %(names)s")
    return bad_parameter(location, sentence % {"names": ", ".join(names)})
