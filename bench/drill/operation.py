"""What is tried under every fault: an operation of the portal's, on a subject made for this one time."""

from __future__ import annotations

from typing import ClassVar

from bench.drill.person import Seen
from bench.drill.place import Place


class Operation:
    """One operation. `prepare` runs before the fault, `act` under it, the others after it has ended."""

    name: ClassVar[str]
    asks_google: ClassVar[bool] = True
    sends_mail: ClassVar[bool] = False
    runs_in: ClassVar[str] = "web"  # or "worker", "command"
    action: ClassVar[str] = ""  # what somebody does to go on; empty where nobody need do anything

    def __init__(self, place: Place) -> None:
        self.place = place
        self.url = place.made.url

    def prepare(self) -> None:
        """Makes a subject, as far as it goes before the operation."""

    def act(self) -> Seen:
        """The operation, and what somebody saw."""
        raise NotImplementedError

    def heals(self) -> bool:
        """Whether all is as it would be without a fault, after what `action` says or the portal did."""
        raise NotImplementedError

    def lost(self) -> str:
        """What is missing, or there twice, once it has healed; empty for nothing."""
        return ""
