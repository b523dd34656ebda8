"""A wrong question: 400, and 409."""

from __future__ import annotations

from collections.abc import Iterable

from google_api.errors.base import GoogleError, gettext_noop


class InvalidArgument(GoogleError):
    """Google does not accept the question.

    `reason` is a word of ours ("bad_date", "too_many", …); `fields` are those names that Google complains of
    and that we had sent ourselves.
    """

    code = "invalid_argument"
    permanent = True
    sentence = gettext_noop(
        "Google Analytics does not accept this question. Change the widget's fields, the filter or the dates."
    )

    def __init__(
        self,
        log_detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        reason: str = "invalid",
        fields: Iterable[str] = (),
    ) -> None:
        super().__init__(log_detail, status=status, retry_after=retry_after)
        self.reason = reason
        self.fields = tuple(fields)


class IncompatibleFields(InvalidArgument):
    code = "incompatible_fields"
    sentence = gettext_noop(
        "Google Analytics cannot show these dimensions and metrics together. Remove one of them from the "
        "widget or the filter."
    )


class UnknownField(InvalidArgument):
    code = "unknown_field"
    sentence = gettext_noop(
        "This property has no such dimension or metric. Choose another field for the widget or the filter."
    )


class InvalidPropertyId(InvalidArgument):
    code = "invalid_property_id"
    sentence = gettext_noop(
        "This is not the number of a Google Analytics property. It has digits only and stands under Admin, "
        "Property details in Google Analytics."
    )


class InvalidDetails(InvalidArgument):
    """Google does not take a name, a zone, an address … of what is to be made.

    `fields` are those that Google complains of and that we sent: "display_name", "time_zone", … (the list is
    in `writing_refusals`).
    """

    code = "invalid_details"
    sentence = gettext_noop(
        "Google Analytics does not accept one of these details. Check the names, the website address, the "
        "time zone, the currency and the country, and try again."
    )


class AlreadyExists(GoogleError):
    """409: it is there already, so that nothing was made twice."""

    code = "already_exists"
    permanent = True
    sentence = gettext_noop(
        "Google Analytics has this already; nothing was made twice. Go on with what is there."
    )
