"""One sandbox: everything that its parts share, put together once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.oauth import Tokens
from sandbox.properties import Directory, Property
from sandbox.quotas import Quotas
from sandbox.reports.recorded import find
from sandbox.reports.source import Sources
from sandbox.state import State


class World:
    """The state, clock, journal, faults, quotas and properties of a running sandbox."""

    def __init__(
        self, state: State, recorded: Sequence[str] = (), portal: str = "http://localhost:8000"
    ) -> None:
        self.state = state
        self.portal = portal
        self.clock = Clock()
        self.journal = Journal()
        self.faults = Faults()
        self.quotas = Quotas(self.clock)
        self.tokens = Tokens(state, self.clock)
        recordings = find(recorded)
        self.directory = Directory({key: recording.property for key, recording in recordings.items()})
        self.sources = Sources(recordings)

    def now_at(self, prop: Property) -> datetime:
        """The property's local time, by the sandbox's clock."""
        return self.clock.now(prop.zone)

    def project_of(self, email: str) -> str:
        """The Cloud project whose quota a caller uses."""
        account = self.state.service_account(email)
        return account.project if account else "unknown"

    def reset(self) -> None:
        self.state.reset()
        self.clock.reset()
        self.journal.clear()
        self.faults.clear()
        self.quotas.reset()
