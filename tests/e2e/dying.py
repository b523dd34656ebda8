"""Walks customers to a live view in processes that are killed at one outgoing call after the other.

Run by test_killed.py inside an installation: `python -m tests.e2e.dying GOOGLE before|after`. For each call
of the whole way a child process goes as far as that call and is then gone, as by `kill -9`: before the
question has left, or after Google has answered. Another goes on from there. Prints, as JSON, what came of
each.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402

from accounts.models import Membership, Tenant, User  # noqa: E402
from accounts.tenancy import all_tenants  # noqa: E402
from google_api import http  # noqa: E402
from provisioning.models import ProvisioningRequest  # noqa: E402
from provisioning.requests.steps import OURS, Step, next_step  # noqa: E402
from tests.consenting import Visitor  # noqa: E402
from tests.provisioning.journey import Journey, leads_to  # noqa: E402
from tests.signing import teach_the_client  # noqa: E402

teach_the_client()
GONE = 9
MOST_CALLS = 40


class Elsewhere:
    """What a journey needs of Google: where it is."""

    def __init__(self, url: str) -> None:
        self.url = url


def dies_at(call: int, when: str) -> None:
    """From now on the process is gone at its `call`-th question to Google."""
    send: Callable[..., Any] = http._send
    asked = 0

    def counted(*args: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == call and when == "before":
            os._exit(GONE)
        reply = send(*args)
        if asked == call:
            os._exit(GONE)
        return reply

    http._send = counted


def step_of(journey: Journey) -> Step:
    """What comes next for this customer."""
    with all_tenants(reason="a test looks"):
        return next_step(journey.row())


def walk(journey: Journey) -> None:
    """From wherever the request stands to the end, as its page leads; no more than a customer would try."""
    for _ in range(12):
        step = step_of(journey)
        if step is Step.DONE:
            return
        if step is Step.DETAILS:
            journey.tell()
        elif step is Step.AUTHORISE:
            journey.consent(leads_to(journey.do("authorise")))
        elif step in OURS:
            journey.do("advance")
        else:
            answer = journey.do("terms")
            if answer.status_code == 200:
                journey.back(journey.terms(leads_to(answer)))


def in_a_child(what: Callable[[], None]) -> int:
    """Its exit code."""
    connections.close_all()
    http._session.cache_clear()
    child = os.fork()
    if child == 0:
        what()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def customer(number: int, google: Elsewhere) -> Journey:
    """Somebody new, who has begun."""
    email = f"customer-{number}@shops.example"
    with all_tenants(reason="a test's set-up"):
        user = User.objects.create_user(email)
        tenant = Tenant.objects.create(slug=f"shop-{number}", name=f"Shop {number}")
        Membership.objects.create(user=user, tenant=tenant, role="owner")
    journey = Journey(google, Visitor(google.url), user, email)  # type: ignore[arg-type]
    journey.client.defaults["SERVER_NAME"] = "localhost"
    journey.visitor.session.post(
        f"{google.url}/analytics/web/sign-in", data={"email": email, "ticket": "x"}, timeout=10
    )
    return journey.start()


def main(google: Elsewhere, when: str) -> None:
    outcomes = []
    for call in range(1, MOST_CALLS):
        journey = customer(call, google)

        def go(journey: Journey = journey, call: int = call) -> None:
            dies_at(call, when)
            walk(journey)

        code = in_a_child(go)
        with all_tenants(reason="the killed process's turn is over"):
            ProvisioningRequest.objects.update(working_until=None)
        stood_at = step_of(journey).value
        walk(journey)
        row = journey.row()
        outcomes.append(
            {"stood_at": stood_at, "state": row.state, "account": row.account_id, "typed": row.account_name,
             "property": row.property_id, "stream": row.stream_id, "killed": code == GONE}
        )  # fmt: skip
        journey.visitor.close()
        if code != GONE:
            break
    sys.stdout.write(json.dumps(outcomes) + "\n")


if __name__ == "__main__":
    main(Elsewhere(sys.argv[1]), sys.argv[2])
