"""Google Analytics' Terms of Service page for an account that is to be made, and what it says instead.

The ticket stands in the address behind the `#`, which no server gets to see: a small script reads it, asks
for the page, and puts it in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sandbox.errors import Refusal
from sandbox.pages.layout import CONTENT_TYPE, HEADERS, document, face, heading, page
from sandbox.people import Person
from sandbox.tickets import Ticket
from sandbox.wire import Response

_READS_THE_TICKET = """
<noscript>This page needs JavaScript.</noscript>
<script>
let sent = false;
async function show() {
  sent = false;
  const part = decodeURIComponent(location.hash);
  const found = part.match(/termsofservice\\/([^/?&]+)$/) ?? part.match(/api\\.accountTicketId=([^&]+)/);
  const authuser = new URLSearchParams(location.search).get("authuser") ?? "";
  const query = new URLSearchParams({ ticket: found?.[1] ?? "", authuser });
  const answer = await fetch(`/analytics/web/terms?${query}`, { cache: "no-store" });
  const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = shown.title;
  document.querySelector("main").replaceWith(shown.querySelector("main"));
}
addEventListener("hashchange", show);
addEventListener("pageshow", (event) => { if (event.persisted) show(); });
addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
show();
</script>
"""
_TERMS = (
    "These terms stand in for those of Google Analytics. Whoever accepts them agrees to nothing, and the "
    "account is made on this machine alone.",
)
# answer -> what the button says
ENDINGS = {
    "limit": "Too many accounts, and back to the app",
    "limit_page": "Too many accounts, and no way back",
    "backend_error": "An error at Google, and back to the app",
    "unknown_error": "An error with a code that nobody knows",
    "walk_away": "Accept, but close the page before the way back",
}
_LABELS = {
    "account": {"name": "Account", "displayName": "Account", "regionCode": "Country"},
    "webproperty": {"name": "Property", "websiteUrl": "Website"},
    "profile": {"name": "View", "timezone": "Time zone"},
}


class Stop(Refusal):
    """A page that leads nowhere. `status` is 200 where the script asks, which shows whatever comes."""

    content_type = CONTENT_TYPE

    def __init__(self, title: str, text: str, more: str = "", status: int = 200) -> None:
        super().__init__(status, HEADERS)
        self.title = title
        self.text = text
        self.more = more

    def body(self) -> bytes:
        return document(self.title, heading(self.title), f"<p>{escape(self.text)}</p>{self.more}")


def shell() -> Response:
    """The page before the script has read which ticket it is about."""
    return page("Google Analytics", heading("Google Analytics"), f"<p>Loading…</p>{_READS_THE_TICKET}")


def terms(ticket: Ticket, person: Person, app: str) -> Response:
    title = "Google Analytics Terms of Service Agreement"
    head = heading(title) + (
        f'<div class="row" style="padding-inline:0">{face(person.name)}<span>{escape(person.name)}'
        f"<small>{escape(person.email)}</small></span></div>"
        f"<p>{escape(app)} wants to make this account for you:</p>{_details(ticket)}"
    )
    words = "".join(f"<p>{escape(text)}</p>" for text in _TERMS)
    body = (
        f"{words}{_form(ticket, person)}"
        '<div class="actions"><button class="button" name="answer" value="decline">I Do Not Accept</button>'
        '<button class="button main" name="answer" value="accept">I Accept</button></div></form>'
        '<details style="margin-top:2rem"><summary>In the sandbox it can also end like this</summary>'
        f'{_form(ticket, person)}<ul class="rows">{_endings()}</ul></form></details>'
    )
    return page(title, head, body)


def signed_out(ticket_id: str, authuser: str, people: Sequence[Person]) -> Stop:
    """Whoever the address means is not signed in in this browser."""
    return Stop("Sign in", "to continue to Google Analytics", choices(ticket_id, people, authuser))


def wrong_person(ticket_id: str, person: Person, people: Sequence[Person]) -> Stop:
    text = (
        f"You are signed in as {person.email}. Only the person who began to make this account can accept its "
        "terms."
    )
    others = [one for one in people if one != person]
    return Stop("You do not have access to this request", text, choices(ticket_id, others))


def choices(ticket_id: str, people: Sequence[Person], email: str = "") -> str:
    """The others who are signed in, and a field for somebody else."""
    start = (
        '<form method="post" action="/analytics/web/sign-in">'
        f'<input type="hidden" name="ticket" value="{escape(ticket_id)}">'
    )
    rows = "".join(
        f'<li><button class="row" name="email" value="{escape(one.email)}">{face(one.name)}'
        f"<span>{escape(one.name)}<small>{escape(one.email)}</small></span></button></li>"
        for one in people
    )
    listed = f'{start}<ul class="rows">{rows}</ul></form>' if rows else ""
    value = escape(email) if "@" in email else ""
    return (
        f'{listed}{start}<label class="field">E-mail address<input name="email" type="email" required '
        f'autocomplete="off" value="{value}"></label>'
        '<div class="actions"><button class="button main">Next</button></div></form>'
    )


def _details(ticket: Ticket) -> str:
    rows = [
        (label, str(ticket.asked[part][field]))
        for part, labels in _LABELS.items()
        for field, label in labels.items()
        if ticket.asked.get(part, {}).get(field)
    ]
    items = "".join(
        f'<li><div class="row"><span><small>{label}</small>{escape(text)}</span></div></li>'
        for label, text in rows
    )
    return f'<ul class="rows">{items}</ul>'


def _form(ticket: Ticket, person: Person) -> str:
    return (
        '<form method="post" action="/analytics/web/terms">'
        f'<input type="hidden" name="ticket" value="{escape(ticket.id)}">'
        f'<input type="hidden" name="authuser" value="{escape(person.email)}">'
    )


def _endings() -> str:
    return "".join(
        f'<li><button class="row" name="answer" value="{answer}"><span>{escape(words)}</span></button></li>'
        for answer, words in ENDINGS.items()
    )
