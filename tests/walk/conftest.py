"""Two clients with everything, and everybody signed in."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client as Browser

from accounts.models import Membership
from accounts.tenancy import all_tenants
from tests import factories
from tests.accounts.stepping import sign_in
from tests.conftest import Cast
from tests.walk import world

MARKS = ("""Zqacme"'><zq-a onzq=1>""", """Zqrival"'><zq-b onzq=1>""")
PEOPLE = ("anonymous", "viewer", "chosen", "owner", "staff", "outsider", "other_staff", "agency")


@dataclass
class Walk:
    """The clients as the people see them, and a way to ask as anybody without a trace."""

    mine: world.Client
    theirs: world.Client
    sessions: dict[str, str]

    def forbidden(self, person: str) -> world.Client | None:
        """The client of which this person may see nothing; None for the agency's owner."""
        if person == "agency":
            return None
        return self.mine if person in {"outsider", "other_staff"} else self.theirs

    def ask(self, person: str, verb: str, path: str, *args: Any, **kwargs: Any) -> Any:
        """What the portal answers; whatever it changed is undone."""
        with untouched():
            return self.say(person, verb, path, *args, **kwargs)

    def say(
        self,
        person: str,
        verb: str,
        path: str,
        *args: Any,
        raw: tuple[bytes, str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """What the portal answers, with its body read. `raw` is a body and its type, sent as they are."""
        cache.clear()  # limits on rates are tested elsewhere
        browser = Browser(raise_request_exception=False)
        if person != "anonymous":
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        if raw is not None:
            answer: Any = browser.generic(verb.upper(), path, *raw, **kwargs)
        else:
            answer = getattr(browser, verb)(path, *args, **kwargs)
        answer.body = b"".join(answer) if answer.streaming else answer.content
        return answer


@contextlib.contextmanager
def untouched() -> Iterator[None]:
    """Undoes what happens inside, as a test's own end would."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # verbs that must be outermost are, in the portal
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture
def walk(cast: Cast, google: Any) -> Iterator[Walk]:
    """The cast with everything that a client can have; the mark of each is an element of no page."""
    chosen = factories.person("carol@acme.example", "viewer", cast.tenant)
    with all_tenants(reason="a test's set-up"):
        Membership.objects.filter(user=chosen).update(all_views=False)
    people = {
        "viewer": cast.bob, "chosen": chosen, "owner": cast.alice, "staff": cast.dana,
        "outsider": cast.charlie, "other_staff": cast.erin, "agency": cast.olivia,
    }  # fmt: skip
    mine = world.populate(cast.tenant, cast.view, cast.alice, MARKS[0], "390000071")
    theirs = world.populate(cast.other, cast.other_view, cast.charlie, MARKS[1], "390000072")
    world.remembered(mine, [cast.dana, cast.olivia])
    world.remembered(theirs, [cast.erin, cast.olivia])
    for view, number in ((cast.view, "390000071"), (cast.other_view, "390000072")):
        factories.store_key(view.agency_credential, google.key(number, email=f"robot-{number}@demo.example"))
    sessions = {name: _session(user) for name, user in people.items()}
    logging.disable(logging.ERROR)  # thousands of refusals
    yield Walk(mine, theirs, sessions)
    logging.disable(logging.NOTSET)
    cache.clear()


def _session(user: Any) -> str:
    cache.clear()
    browser, _ = sign_in(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value
