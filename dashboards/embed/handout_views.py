"""Where a member asks for Google's own access token."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.asking_again import asks_again
from accounts.permissions import Capability, TenantRequest, requires
from dashboards import access
from dashboards.embed import handout, tickets
from dashboards.embed.errors import V3Error, backend_error, speaks_v3
from google_api.errors import GoogleError

A_MINUTE = 20


@speaks_v3
@requires(Capability.READ_VIEWS)
@asks_again
@require_POST
@never_cache
def access_token(request: TenantRequest, view: str) -> HttpResponse:
    """Google's access token as JSON, or why there is none, in v3's shape."""
    row = access.view_for(request.user, request.tenant, view)
    try:
        tickets.spend(f"handout:{request.user.pk}", A_MINUTE)
        value, seconds = handout.hand_out(view=row, tenant=request.tenant, reader=request.user)
    except V3Error as error:
        return error.response()
    except GoogleError as error:
        return backend_error(_(error.user_message)).response()
    return JsonResponse({"access_token": value, "expires_in": seconds, "token_type": "Bearer"})
