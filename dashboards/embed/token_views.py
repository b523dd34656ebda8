"""Where a client's server exchanges its embed key for a visitor's token."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from accounts.permissions import public
from dashboards.embed import issuing, tickets
from dashboards.embed.access import bearer
from dashboards.embed.errors import V3Error, invalid_credentials, speaks_v3
from dashboards.embed.issuing import Shown, Wanted

A_MINUTE_PER_KEY = 6000
A_MINUTE_UNKNOWN = 60  # for each address that shows keys that do not exist


@speaks_v3
@public("a client's server, which shows an embed key")
@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """A token for the views and the site that the body names.

    It is a server's call: no page may read the answer, so none of the headers that would let it are sent.
    """
    try:
        if request.method != "POST":
            raise V3Error(405, "httpMethodNotAllowed", "Ask by POST.")
        wanted = issuing.read(_body(request))
        value, seconds = issuing.issue(found=_shown(request, wanted), wanted=wanted)
    except V3Error as error:
        response = error.response()
        if error.code == 405:
            response["Allow"] = "POST"
        return response
    answer = {"access_token": value, "expires_in": seconds, "token_type": "Bearer"}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _shown(request: HttpRequest, wanted: Wanted) -> Shown:
    found = issuing.shown(bearer(request), wanted)
    if found is None:
        tickets.spend(f"unknown:{get_adapter().get_client_ip(request)}", A_MINUTE_UNKNOWN)
        raise invalid_credentials("Send an embed key that was not revoked, as “Authorization: Bearer …”.")
    tickets.spend(f"key:{found.key.pk}", A_MINUTE_PER_KEY)
    return found


def _body(request: HttpRequest) -> bytes:
    if int(request.META.get("CONTENT_LENGTH") or 0) > issuing.LONGEST_BODY:
        raise V3Error(413, "uploadTooLarge", "The request is too long.")
    return request.body
