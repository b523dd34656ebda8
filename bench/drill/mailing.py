"""The operation of a mail: a colleague is invited."""

from __future__ import annotations

from accounts.models import Invitation, User
from accounts.tenancy import all_tenants
from bench.drill.operation import Operation
from bench.drill.person import Person, Seen, address
from bench.drill.place import OWNER, Place


class Invite(Operation):
    """The person is told whether the mail went out."""

    name = "mail"
    asks_google = False
    sends_mail = True

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.person = Person(self.url, User.objects.get(email=OWNER))

    def prepare(self) -> None:
        """Somebody who was not invited yet."""
        self.email = address()

    def act(self) -> Seen:
        return self._invite()

    def _invite(self) -> Seen:
        form = {"email": self.email, "role": "viewer"}
        return self.person.sees("POST", "/clients/osteria/people/invite/", data=form)

    def heals(self) -> bool:
        """Where the portal said that nothing was done, the person tries again."""
        if not self._invitations():
            self._invite()
        return bool(self._mails())

    def lost(self) -> str:
        found = (self._invitations(), len(self._mails()))
        return "" if found == (1, 1) else f"{found[0]} invitations, {found[1]} mails"

    def _invitations(self) -> int:
        with all_tenants(reason="the drill looks"):
            return Invitation.objects.filter(email=self.email).count()

    def _mails(self) -> set[str]:
        """By their Message-ID: the same mail may come twice."""
        mine = [each for each in self.place.mail.mails if f"To: {self.email}" in each]
        return {line for each in mine for line in each.splitlines() if line.lower().startswith("message-id:")}
