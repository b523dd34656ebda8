"""The ticket for a new account.

https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accounts/provisionAccountTicket
"""

from __future__ import annotations

from sandbox import transcoding
from sandbox.admin_api import messages
from sandbox.admin_api.base import ANY, Methods, Route, check_name
from sandbox.codes import REGIONS
from sandbox.errors import invalid
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

NAME_LENGTH = 100  # UTF-16 code units


class Provisioning(Methods):
    def provision_account_ticket(self, request: Request) -> Response:
        caller = self.writer(request, "ProvisionAccountTicket")
        asked = transcoding.parse(request.body, messages.PROVISION_ACCOUNT_TICKET)
        account = asked.get("account", {})
        check_name(account.get("displayName", ""), "account.display_name", NAME_LENGTH)
        region = account.get("regionCode", "")
        if region and region not in REGIONS:
            raise invalid(
                f"The value for the 'account.region_code' field was invalid: '{region}' is no CLDR region."
            )
        redirect_uri = asked.get("redirectUri", "")
        if not redirect_uri:
            raise invalid("The 'redirect_uri' field is required but was empty.")
        if not self.world.may_redirect(caller.client_id, redirect_uri):
            raise invalid(
                "The value for the 'redirect_uri' field was invalid: it must be a redirect URI of the OAuth "
                "client."
            )
        ticket = self.world.tickets.add(
            caller.email, caller.client_id, "admin", asked, redirect_uri, self.world.clock.time()
        )
        return json_response({"accountTicketId": ticket})


def routes(world: World) -> list[Route]:
    api = Provisioning(world)
    return [("POST", ANY + r"/accounts:provisionAccountTicket", api.provision_account_ticket)]
