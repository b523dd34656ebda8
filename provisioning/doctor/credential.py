"""The links of a credential: from its stored secret to what Google lets it read."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from google_api import admin, data, scopes
from google_api.http import Api
from provisioning import credentials, scope_words
from provisioning.doctor.remarks import clock as clock_in_words
from provisioning.doctor.remarks import skew_in
from provisioning.doctor.walk import Found, Step, Trouble, Walk, first_broken
from provisioning.models import Credential

READS = frozenset({scopes.ANALYTICS_READONLY})
"""What a credential must be allowed to feed a view."""

CLOCK_MAY_DIFFER = datetime.timedelta(minutes=1)


def examine(credential: Credential) -> list[Step]:
    """Every link in its order; asks Google live. Runs in a scope that holds the credential's owner."""
    walk, found = Walk(), _Found(credential)
    signed_in = sign_in(walk, credential)
    listed = walk.look(_("The Admin API answers"), found.list, after=(signed_in,), is_private=True)
    walk.look(_("The Data API reads figures"), found.read, after=(listed,), is_private=True)
    if first_broken(walk.steps) is None:
        credentials.record_success(credential)
    return walk.steps


def sign_in(walk: Walk, credential: Credential, needed: frozenset[str] = READS) -> Step:
    """The links up to a fresh access token, which all processes then share; `needed` are the scopes that
    somebody's consent must cover. The last link that others hang on comes back."""
    grant = credential.is_grant
    opens = walk.look(
        _("The encryption key opens the stored consent")
        if grant
        else _("The encryption key opens the stored key"),
        lambda: _opened(credential),
        is_private=grant,  # a service account's address is for whoever gives it access
    )
    signed_in = walk.look(
        _("The consent signs in") if grant else _("The key signs in"),
        lambda: _signed_in(credential),
        after=(opens,),
    )
    _clock(walk, signed_in)
    if grant:
        allowed = _("The consent covers what is needed")
        walk.look(allowed, lambda: _allowed(credential, needed), after=(signed_in,))
    return signed_in


def admin_api(walk: Walk, credential: Credential, signed_in: Step) -> Step:
    """The link that lists accounts and properties."""
    listed = _Found(credential).list
    return walk.look(_("The Admin API answers"), listed, after=(signed_in,), is_private=True)


def sessions_on(
    api: Api, property_id: str, day: datetime.date, dimension_filter: dict[str, Any] | None = None
) -> int:
    """The property's sessions of one day: the cheapest question there is. Raises GoogleError."""
    question = data.ReportRequest(
        date_ranges=(data.DateRange(day, day),),
        dimensions=(),
        metrics=("sessions",),
        dimension_filter=dimension_filter,
    )
    totals = data.run_report(api, property_id, question).totals_of("current")
    return int(totals[0]) if totals else 0


def sessions_in_words(credential: Credential, property_id: str) -> str:
    """What the property says of yesterday. Raises GoogleError."""
    day = timezone.now().date() - datetime.timedelta(days=1)
    count = credentials.call(
        credential, settings.GOOGLE_DATA_API, lambda api: sessions_on(api, property_id, day)
    )
    return _("%(sessions)s sessions yesterday") % {"sessions": number_format(count)}


def _opened(credential: Credential) -> str:
    if credential.is_grant and not credential.sealed_secret:
        raise Trouble(_("It was disconnected here. Connect the Google account again."))
    try:
        credentials.check_secret(credential)
    except credentials.SecretUnreadable as error:
        if not credential.is_grant:
            raise
        text = _("The stored consent cannot be read. Connect the Google account again, or restore the key.")
        raise Trouble(text, detail=error.log_detail) from None
    return credential.email


def _signed_in(credential: Credential) -> str:
    credentials.sign_in(credential)
    return _("Google gave an access token.")


def _clock(walk: Walk, signed_in: Step) -> None:
    """By the time in Google's answer, refused or not: a wrong clock spoils keys today, and all else later."""
    link, skew = _("This server's clock is right"), skew_in(signed_in.exchanges)
    if skew is None:
        walk.steps.append(Step(link, Found.UNTRIED, _("not tried")))
    else:
        walk.look(link, lambda: _compared(skew))


def _compared(skew: datetime.timedelta) -> str:
    if abs(skew) > CLOCK_MAY_DIFFER:
        raise Trouble(f"{clock_in_words(skew)} {_('Set it, and keep it right by NTP.')}")
    return _("as Google's")


def _allowed(grant: Credential, needed: frozenset[str]) -> str:
    if missing := needed - grant.granted:
        raise Trouble(
            _("This permission is missing: %(names)s. Connect again, and tick every box at Google.")
            % {"names": _names(missing)}
        )
    return _names(grant.granted)


def _names(wanted: frozenset[str]) -> str:
    return ", ".join(f"“{each.asked}”" for each in scope_words.in_words(wanted))


class _Found:
    """What the credential reaches, as the walk comes to know it."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential
        self._properties: list[admin.PropertySummary] = []

    def list(self) -> str:
        """How many properties there are."""
        asked = credentials.call(self._credential, settings.GOOGLE_ADMIN_API, admin.list_account_summaries)
        self._properties = [each for account in asked for each in account.properties]
        count = len(self._properties)
        return ngettext("It lists %(count)s property.", "It lists %(count)s properties.", count) % {
            "count": count
        }

    def read(self) -> str:
        """Yesterday in the first of them that may be read."""
        if not self._properties:
            raise Trouble(
                _("It sees no property. Give %(email)s access to one in Google Analytics.")
                % {"email": self._credential.email}
            )
        one = self._properties[0]
        return f"{one.display_name}: {sessions_in_words(self._credential, one.property.rpartition('/')[2])}"
