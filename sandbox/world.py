"""One sandbox: everything that its parts share, put together once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sandbox.access import Access
from sandbox.browser import Browsers
from sandbox.clock import Clock
from sandbox.created import Created
from sandbox.documents import Documents
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.oauth.clients import PROJECT, Clients
from sandbox.oauth.codes import Codes
from sandbox.oauth.consents import Consents
from sandbox.oauth.id_tokens import Signer
from sandbox.oauth.refresh_tokens import RefreshTokens
from sandbox.oauth.tokens import Tokens
from sandbox.people import People
from sandbox.properties import Directory, Property
from sandbox.quotas import Quotas
from sandbox.reports.recorded import find
from sandbox.reports.source import Sources
from sandbox.state import State
from sandbox.tickets import Tickets
from sandbox.trees import Trees
from sandbox.verdicts import Verdicts


class World:
    """The state, clock, journal, faults, quotas, people and properties of a running sandbox.

    `portal` is where the demonstration's client is registered; `token_limit` how many refresh tokens a person
    has with it; `testing` its publishing status.
    """

    def __init__(
        self,
        state: State,
        recorded: Sequence[str] = (),
        portal: str = "http://localhost:8000",
        *,
        token_limit: int = 100,
        testing: bool = False,
    ) -> None:
        self.state = state
        self.portal = portal.rstrip("/")
        self.token_limit = token_limit
        self.testing = testing
        self.clock = Clock()
        self.journal = Journal()
        self.faults = Faults()
        self.quotas = Quotas(self.clock)
        self.tokens = Tokens(state, self.clock)
        self.clients = Clients(state.db)
        self.people = People(state)
        self.browsers = Browsers(state.db, self.people)
        self.consents = Consents(state.db)
        self.codes = Codes(state.db)
        self.refresh_tokens = RefreshTokens(state.db)
        self.signer = Signer(state.db)
        self.verdicts = Verdicts()
        recordings = find(recorded)
        self.created = Created(state.db)
        self.directory = Directory(
            {key: recording.property for key, recording in recordings.items()}, self.created
        )
        self.access = Access(state, self.created, self.directory)
        self.documents = Documents(state.db)
        self.tickets = Tickets(state.db)
        self.trees = Trees(state.db)
        self.sources = Sources(recordings)
        self._ship()

    def _ship(self) -> None:
        self.clients.ship(self.portal, token_limit=self.token_limit, testing=self.testing)
        self.people.ship()

    def may_redirect(self, client_id: str, uri: str) -> bool:
        """Whether a program may have people sent to `uri`. A robot is no program of that kind: it may not."""
        client = self.clients.find(client_id)
        return client is not None and client.redirects_to(uri)

    def now_at(self, prop: Property) -> datetime:
        """The property's local time, by the sandbox's clock."""
        return self.clock.now(prop.zone)

    def project_of(self, email: str) -> str:
        """The Cloud project whose quota a caller uses: a robot's own, or for a person the program's."""
        account = self.state.service_account(email)
        return account.project if account else PROJECT

    def reset(self) -> None:
        self.state.reset()
        self.clock.reset()
        self.journal.clear()
        self.faults.clear()
        self.quotas.reset()
        self.tickets.reset()
        self.verdicts.clear()
        self._ship()
