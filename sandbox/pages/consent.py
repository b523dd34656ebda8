"""What a program asks for, and the warning before it where Google has not verified the program."""

from __future__ import annotations

from html import escape

from sandbox.oauth.authorization import Authorization
from sandbox.oauth.scopes import SENTENCES, SIGN_IN
from sandbox.pages.layout import face, heading, page
from sandbox.people import Person
from sandbox.wire import Response

_SELECT_ALL = """
<script>
const all = document.getElementById("all"), boxes = [...document.querySelectorAll("[name=scope]")];
all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
const noted = () => { all.checked = boxes.every((box) => box.checked); };
boxes.forEach((box) => box.addEventListener("change", noted));
noted();
all.closest("li").hidden = false;
</script>
"""


def unverified(asked: Authorization, person: Person, onward: str) -> Response:
    """ "Google hasn't verified this app": the way on is under "Advanced"."""
    app = escape(asked.client.name)
    body = (
        f"<p>The app is asking for sensitive information in the Google Account of {escape(person.email)}. "
        "Until the developer has verified it with Google, you shouldn’t use it.</p>"
        "<details><summary>Advanced</summary><p>Continue only if you understand the risks and trust the "
        f'developer.</p><p><a href="{escape(onward)}">Go to {app} (unsafe)</a></p></details>'
        f"{_buttons(asked, 'Back to safety', None)}"
    )
    return page("Unverified app", heading("Google hasn’t verified this app"), body)


def consent(
    asked: Authorization, person: Person, here: str, *, wanted: frozenset[str], granted: frozenset[str]
) -> Response:
    """`wanted` is put to the person: one line for each scope, with a box where there is more than one."""
    app = asked.client.name
    rest = sorted(wanted - SIGN_IN)
    title = f"{app} wants access to your Google Account" if rest else f"Sign in to {app}"
    head = heading(title) + (
        f'<div class="row" style="padding-inline:0">{face(person.name)}<span>{escape(person.name)}'
        f"<small>{escape(person.email)}</small></span></div>"
    )
    body = f'<form method="post" action="{escape(here)}">{_sign_in_part(wanted, app)}'
    body += _boxes(rest, granted, app) if len(rest) > 1 else _line(rest, app)
    if granted - SIGN_IN - wanted:
        body += f'<p class="soft">{escape(app)} already has some access to your Google Account.</p>'
    return page(title, head, f"{body}{_buttons(asked, 'Cancel', 'Continue')}</form>")


def _sign_in_part(wanted: frozenset[str], app: str) -> str:
    if not wanted & SIGN_IN:
        return ""
    return (
        f"<p>Google will share your name, e-mail address and profile picture with {escape(app)}, "
        "to sign you in.</p>"
    )


def _boxes(scopes: list[str], granted: frozenset[str], app: str) -> str:
    rows = "".join(_box(scope, scope in granted) for scope in scopes)
    return (
        f'<h2>Select what {escape(app)} can access</h2><ul class="rows"><li hidden><label class="row">'
        f'<span><b>Select all</b></span><input type="checkbox" id="all"></label></li>{rows}</ul>{_SELECT_ALL}'
    )


def _box(scope: str, ticked: bool) -> str:
    return (
        f'<li><label class="row"><span>{escape(SENTENCES[scope])}</span><input type="checkbox" '
        f'name="scope" value="{escape(scope)}"{" checked" if ticked else ""}></label></li>'
    )


def _line(scopes: list[str], app: str) -> str:
    """One scope alone has no box: continuing is consenting."""
    if not scopes:
        return ""
    return (
        f'<h2>This will allow {escape(app)} to</h2><ul class="rows"><li><div class="row"><span>'
        f'{escape(SENTENCES[scopes[0]])}</span><input type="hidden" name="scope" value="{escape(scopes[0])}">'
        "</div></li></ul>"
    )


def _buttons(asked: Authorization, away: str, onward: str | None) -> str:
    """A way back to the app without consent, and one on."""
    back = f'<a class="button" href="{escape(asked.answered(error="access_denied"))}">{escape(away)}</a>'
    on = f'<button class="button main">{escape(onward)}</button>' if onward else ""
    return f'<div class="actions">{back}{on}</div>'
