"""Choosing who one is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sandbox.oauth.authorization import Authorization
from sandbox.pages.layout import face, heading, page
from sandbox.people import Person
from sandbox.wire import Response


def chooser(asked: Authorization, people: Sequence[Person]) -> Response:
    """The people who are signed in in this browser, and "use another account"."""
    rows = "".join(_row("authuser", str(number), person) for number, person in enumerate(people))
    other = (
        f'<li><a class="row" href="{escape(asked.page("identifier"))}">'
        '<i class="face none" aria-hidden="true" style="font-style:normal">+</i>'
        "<span>Use another account</span></a></li>"
    )
    body = f'<form method="post" action="{_action(asked)}"><ul class="rows">{rows}{other}</ul></form>'
    return page("Choose an account", heading("Choose an account", _continue(asked)), body)


def identifier(
    asked: Authorization, shipped: Sequence[Person], email: str = "", problem: str = ""
) -> Response:
    """An address to sign in with. One that nobody has yet becomes a new person's."""
    wrong = f'<p class="bad" role="alert">{escape(problem)}</p>' if problem else ""
    form = (
        f'<form method="post" action="{_action(asked)}">{wrong}'
        f'<label class="field">E-mail address<input name="email" type="email" required autofocus '
        f'autocomplete="off" value="{escape(email)}"></label>'
        '<label class="field">Name, for somebody new<input name="name" autocomplete="off"></label>'
        '<p class="soft">No password: any address will do. One that nobody has yet becomes a new person’s, '
        "without Google Analytics.</p>"
        '<div class="actions"><button class="button main">Next</button></div></form>'
    )
    rows = "".join(_row("email", person.email, person) for person in shipped)
    known = (
        f'<h2>Or be one of these</h2><form method="post" action="{_action(asked)}">'
        f'<ul class="rows">{rows}</ul></form>'
    )
    return page("Sign in", heading("Sign in", _continue(asked)), form + known, 400 if problem else 200)


def _row(field: str, value: str, person: Person) -> str:
    return (
        f'<li><button class="row" name="{field}" value="{escape(value)}">{face(person.name)}'
        f"<span>{escape(person.name)}<small>{escape(person.email)}</small></span></button></li>"
    )


def _action(asked: Authorization) -> str:
    return escape(asked.page("chooser"))


def _continue(asked: Authorization) -> str:
    return f"to continue to {asked.client.name}"
