"""What an installation needs of Google: the client, the service account, the APIs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from google_api import admin, data, errors, oauth, v3
from google_api.http import Api
from portal.setup.looking import Item, Missing, Untold, Wrong, look
from provisioning import base_address, credentials, oauth_state
from provisioning.models import Credential
from provisioning.requests.steps import guest

SECONDS = 8.0
"""For one call: somebody waits for the page."""

ANY_PROPERTY = "0"
"""By this number Google names the dimensions and metrics that every property has.
https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/properties/getMetadata"""


def items() -> list[Item]:
    """In the order in which they are set up."""
    web = look(_("Client of the kind “Web application”"), _web_client)
    robot = look(_("Service account"), _service_account)
    return [
        look(_("The portal's address"), _address),
        web,
        look(_("Client of the kind “Desktop app”"), _desktop_client),
        look(_("Consent screen"), _consent_screen),
        robot,
        *_apis(_("in the service account's project"), guest, after=(robot,)),
        *_apis(_("in the client's project"), _latest_grant, after=(web,)),
        *_old_api(web),
    ]


def _address() -> str:
    if trouble := base_address.trouble_with(settings.BASE_URL):
        raise Wrong(_(trouble))
    return settings.BASE_URL


def _web_client() -> str:
    if not settings.GOOGLE_CLIENT_ID:
        raise Missing(
            _("GOOGLE_CLIENT_ID is not set: whatever sends people to Google is hidden. Views need none.")
        )
    return _client_known(settings.GOOGLE_CLIENT_ID)


def _desktop_client() -> str:
    if not settings.GOOGLE_DESKTOP_CLIENT_ID:
        raise Missing(_("GOOGLE_DESKTOP_CLIENT_ID is not set. Only manage.py connect_google needs it."))
    return _client_known(settings.GOOGLE_DESKTOP_CLIENT_ID)


def _client_known(client_id: str) -> str:
    """Google looks at id and secret before it looks at the code: a made-up code tells whether they fit."""
    try:
        oauth.exchange_code(
            settings.GOOGLE_TOKEN_URI,
            credentials.client_of(client_id),
            code="4/set-up-check",
            redirect_uri=oauth_state.redirect_uri(),
            verifier=oauth.new_verifier(),
            deadline=SECONDS,
        )
    except (errors.CodeRefused, errors.RedirectRefused):
        return _("Google knows the client ID and takes its secret.")
    raise Wrong(_("Something that is not Google answered. Check GOOGLE_TOKEN_URI and any proxy on the way."))


def _consent_screen() -> str:
    if not settings.GOOGLE_CLIENT_ID:
        raise Untold(_("Needed together with the client."))
    grant = _latest_grant()
    if grant is None:
        raise Untold(_("Google tells nothing of it. Whether it is in Testing shows with the first consent."))
    if grant.secret_expires_at and grant.ends_by_testing:
        ends = date_format(localtime(grant.secret_expires_at), "DATETIME_FORMAT")
        raise Wrong(
            _(
                "It is in Testing: the last consent ends on %(date)s, and so does every one after 7 days. "
                "Publish the app on the consent screen."
            )
            % {"date": ends}
        )
    return _("Google named no end in 7 days for the last consent: the app is not in Testing.")


def _service_account() -> str:
    robot = guest()
    if robot is None:
        raise Missing(
            _("The agency has none that works. Views can also be fed by Google accounts that people connect.")
        )
    try:
        token = credentials.test_key(credentials.open_key(robot))
    except errors.GoogleError as error:
        credentials.record_error(robot, error)
        raise
    credentials.keep_access_token(robot, token.value, token.expires_at)
    return _("%(email)s signs in.") % {"email": robot.email}


def _latest_grant() -> Credential | None:
    """The Google account that worked last, of those that belong to the client of the settings."""
    rows = Credential.objects.filter(kind=Credential.Kind.GRANT, client_id=settings.GOOGLE_CLIENT_ID)
    found: Credential | None = (
        rows.exclude(state=Credential.State.REFUSED).order_by("-consented_at", "pk").first()
    )
    return found


def _apis(where: str, whose: Callable[[], Credential | None], *, after: tuple[Item, ...]) -> list[Item]:
    """The two that views need, in the project that this credential belongs to."""
    asked: list[tuple[str, str, Callable[[Api], Any]]] = [
        ("Google Analytics Admin API", settings.GOOGLE_ADMIN_API, admin.list_account_summaries),
        ("Google Analytics Data API", settings.GOOGLE_DATA_API, _metadata),
    ]
    return [
        look(f"{name}, {where}", lambda base=base, ask=ask: _enabled(whose(), base, ask), after=after)  # type: ignore[misc]
        for name, base, ask in asked
    ]


def _old_api(web: Item) -> list[Item]:
    if settings.PROVISIONING_API != "v3":
        return []
    name = _("Google Analytics API (v3), in the client's project")
    base = settings.GOOGLE_V3_API
    return [look(name, lambda: _enabled(_latest_grant(), base, v3.list_account_tree), after=(web,))]


def _metadata(api: Api) -> data.Metadata:
    return data.get_metadata(api, ANY_PROPERTY)


def _enabled(credential: Credential | None, base: str, ask: Callable[[Api], Any]) -> str:
    """Whether the API is on; that Google refuses this one question for another reason says that it is."""
    if credential is None:
        raise Untold(_("It shows with the first Google account that somebody connects."))
    try:
        credentials.call(credential, base, lambda api: ask(replace(api, deadline=SECONDS)))
    except (errors.PropertyForbidden, errors.NoAccounts, errors.NotFound):
        return _("It is enabled.")
    return _("It is enabled and answers.")
