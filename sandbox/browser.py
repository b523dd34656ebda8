"""Who is signed in to Google in a browser: several people at once, in the order in which they came, which is
what `authuser` counts.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie

from sandbox.database import Database
from sandbox.people import People, Person
from sandbox.state import token_hash
from sandbox.wire import Request

COOKIE = "sandbox_sid"
_NUMBER = re.compile(r"[0-9]{1,4}")
_SCHEMA = "CREATE TABLE IF NOT EXISTS browsers (hash TEXT PRIMARY KEY, emails TEXT NOT NULL);"


class Browsers:
    def __init__(self, db: Database, people: People) -> None:
        self._db = db
        self._people = people
        db.define(_SCHEMA, ["DELETE FROM browsers"])

    def people(self, request: Request) -> list[Person]:
        """The signed-in people of the browser that asks."""
        row = self._db.first("SELECT emails FROM browsers WHERE hash = ?", token_hash(_cookie(request)))
        found = [self._people.find(email) for email in json.loads(row[0])] if row else []
        return [person for person in found if person is not None]

    def chosen(self, request: Request, authuser: str) -> Person | None:
        """The one that `authuser` means: a number, an address, or nothing for the first."""
        people = self.people(request)
        if "@" in authuser:
            return next((one for one in people if one.email == authuser.strip().lower()), None)
        number = int(authuser or "0") if _NUMBER.fullmatch(authuser or "0") else len(people)
        return people[number] if number < len(people) else None

    def sign_in(self, request: Request, person: Person) -> tuple[int, dict[str, str]]:
        """(the person's number among the signed-in, headers that the answer must carry)."""
        emails = [one.email for one in self.people(request)]
        if person.email not in emails:
            emails.append(person.email)
        return emails.index(person.email), {"Set-Cookie": self._keep(_cookie(request), emails)}

    def _keep(self, cookie: str, emails: Sequence[str]) -> str:
        known = cookie and self._db.first("SELECT 1 FROM browsers WHERE hash = ?", token_hash(cookie))
        cookie = cookie if known else secrets.token_urlsafe(32)
        self._db.write(
            "INSERT OR REPLACE INTO browsers VALUES (?, ?)", token_hash(cookie), json.dumps(list(emails))
        )
        return f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax"


def _cookie(request: Request) -> str:
    try:
        morsel = SimpleCookie(request.headers.get("Cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""
