"""A request's history in words: what each code in it means to whoever looks after the customer."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from google_api import errors
from provisioning.models import RequestEvent
from provisioning.requests.reasons import REASONS

NOTES = {
    "started": noop("The customer began."),
    "prepared": noop("Staff prepared it."),
    "opened": noop("The customer opened the link."),
    "code_sent": noop("A code went to the invited address: another Google account came back."),
    "code_typed": noop("The code was typed."),
    "reminded": noop("The customer was reminded."),
    "link_sent": noop("A link was sent to the customer."),
    "mail_refused": noop("The mail server refused the customer’s address."),
    "first_hit": noop("The first visitor was seen."),
    "tag_mailed": noop("The tag was mailed to a web developer."),
    "settings_changed": noop("Settings of the property were changed."),
}
"""What is noted and changes nothing."""


def in_words(event: RequestEvent) -> str:
    """What happened, in the reader's language."""
    if not event.code:
        return event.get_state_display()
    if event.code in NOTES:
        return gettext(NOTES[event.code])
    if event.code in REASONS:
        return gettext(REASONS[event.code].title)
    if event.code in errors.ERRORS:
        return gettext(errors.ERRORS[event.code].sentence)
    return event.code.replace("_", " ")
