"""The ids of another client's rows in everything that a page sends: nothing of theirs is changed or shown.

Every form of every page, each field that names a row, every action on many rows, every link with a question,
every list to pick from: first as it stands, then naming the other client's. Owners and staff in a usual run,
everybody with `WALK=whole`.
"""

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core import mail

from tests.walk.addresses import Address, every_address
from tests.walk.conftest import PEOPLE, Walk, untouched
from tests.walk.markup import raw
from tests.walk.pages import Form, Page, Pairs
from tests.walk.swaps import NONSENSE, Swap
from tests.walk.test_every_address import OPENED_BY_A_TOKEN, seen
from tests.walk.world import contents, word

IS_WHOLE = os.environ.get("WALK") == "whole"
ASKING = list(PEOPLE) if IS_WHOLE else ["owner", "staff"]
FORM = "application/x-www-form-urlencoded"
# What a form that is sent as it stands lacks, by its field. One for a code, a key or the old password is not
# taken, and staff do not assign properties.
TYPED = {
    "email": "somebody@new.example", "name": "Something", "password": "long enough", "sites": "https://a.example",
}  # fmt: skip


NOT_TAKEN = {
    "/accounts/login/", "/accounts/reauthenticate/", "/accounts/password/change/",
    "/accounts/security/totp/activate/",
    "/accounts/security/recovery-codes/generate/", "/admin/password_change/",
    "/admin/provisioning/credential/add/", "/admin/provisioning/grant/assign/",
}  # fmt: skip
# Taken with another's id all the same: what two clients may have alike, what is left out, what is not read.
HARMLESS = {
    "slug", "email", "ua_view_id", "widgets", "_selected_action", "widgets-__prefix__-dashboard", "-2-0-id",
    "-2-0-tenant",
}  # fmt: skip
# How a person's rights are refused before any row is looked for.
REFUSED = {"anonymous": 401, "viewer": 403, "chosen": 403}
# Requests of those who are always asked; fewer would mean that pages were not found.
LEAST = {"owner": 50, "staff": 200}


class Asker:
    """One person's requests, and what is wrong with their answers. Who sees both clients must still not make
    the one's rows lead to the other's.
    """

    def __init__(self, walk: Walk, person: str) -> None:
        self.walk, self.person = walk, person
        self.hidden = walk.theirs if person not in {"outsider", "other_staff"} else walk.mine
        self.own = walk.mine if self.hidden is walk.theirs else walk.theirs
        self.swap = Swap(self.own, self.hidden)
        self.sees_both = person == "agency"
        self.faults: list[str] = []
        self.asked = 0
        self._before = contents(self.hidden.tenant)

    def pages(self) -> Iterator[tuple[Address, Page]]:
        """Every page of one's own."""
        for address in every_address():
            if address.route.startswith(OPENED_BY_A_TOKEN):
                continue
            answer = self.walk.ask(self.person, "get", address.of(self.own))
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                yield address, Page(answer.body.decode(), address.of(self.own))

    def send(self, form: Form, pairs: Pairs, what: str) -> Any:
        """Sends a form, and looks at what it did before it is undone."""
        self.asked += 1
        text = urlencode(pairs)
        if form.method != "post":
            return self._look(self.walk.ask(self.person, "get", f"{form.action}?{text}"), form.action, what)
        with untouched():
            answer = self.walk.say(self.person, "post", form.action, raw=(text.encode(), FORM))
            self._look(answer, form.action, what)
            self._follow(answer, form.action, what)
            if not self.sees_both and contents(self.hidden.tenant) != self._before:
                self.faults.append(f"{form.action} with {what} changed what is another's")
            kept = contents(self.own.tenant)
            if any(key in kept for key in self.swap.theirs_keys):
                self.faults.append(f"{form.action} with {what} leads to what is another's")
        return answer

    def _follow(self, answer: Any, path: str, what: str) -> None:
        """The page that one is led to, which may tell what was done."""
        if what == "its own" and answer.status_code == 302 and answer["Location"].startswith("/"):
            led = answer.client.get(answer["Location"])
            led.body = led.content
            self._look(led, f"after {path}", what)

    def _look(self, answer: Any, path: str, what: str) -> Any:
        text = word(self.hidden.mark)
        if answer.status_code >= 500:
            self.faults.append(f"{path} with {what}: {answer.status_code}")
        if raw(answer):
            self.faults.append(f"{path} with {what} shows markup as it came")
        if self.sees_both:
            return answer
        if seen(answer, self.hidden.mark):
            self.faults.append(f"{path} with {what} shows what is another's")
        if any(text in f"{each.subject}{each.body}{each.to}" for each in mail.outbox):
            self.faults.append(f"{path} with {what} mails what is another's")
        mail.outbox.clear()
        return answer


def works(answer: Any) -> bool:
    """Whether a form was taken, as far as its page tells."""
    return (
        answer.status_code < 400
        and b'class="errorlist' not in answer.body
        and b"errornote" not in answer.body
    )


def buttons(form: Form) -> list[Pairs]:
    """What is sent beside the fields: by each button, and for a list by each of its actions."""
    actions = [each for each in form.choices.get("action", []) if each]
    if "_selected_action" in form.choices:
        return [[("action", each), ("index", "0")] for each in actions]
    return [[each] for each in form.buttons] or [[]]


def filled(pairs: Pairs) -> Pairs:
    return [(name, value or TYPED.get(name, "")) for name, value in pairs if name != "action"]


@pytest.mark.parametrize("person", ASKING)
def test_every_form_with_the_ids_of_another_client(person, walk: Walk):
    asker, shapes, refused, taken = Asker(walk, person), set(), set(), set()
    for _, page in asker.pages():
        for form in page.forms:
            shape = (urlsplit(form.action).path, form.method, tuple(sorted(form.names)))
            if shape in shapes or form.method == "dialog":
                continue
            shapes.add(shape)
            own = filled(asker.swap.own_fields(form))
            for button in buttons(form):
                answer = asker.send(form, own + button, "its own")
                if not works(answer):
                    refused.add(re.sub("/[0-9a-f-]{36}/", "/", form.action))
                follow(asker, form, answer, own + button)
                for name, pairs in asker.swap.fields(form, own):
                    swapped = asker.send(form, pairs + button, name)
                    follow(asker, form, swapped, pairs + button)
                    names_a_row = form.method == "post" and name not in {"…", NONSENSE}
                    if names_a_row and works(answer) and works(swapped):
                        taken.add(name)
    assert asker.faults == []
    assert refused <= NOT_TAKEN or person not in LEAST
    assert taken <= HARMLESS or asker.sees_both
    assert asker.asked >= LEAST.get(person, 0)


def follow(asker: Asker, form: Form, answer: Any, sent: Pairs) -> None:
    """Says yes where the answer asks whether one is sure, with one's own and the other's named."""
    if answer.status_code != 200 or form.method != "post" or b"<form" not in answer.body:
        return
    for asked in Page(answer.body.decode(), form.action).forms:
        if asked.action == form.action and {"post", "confirmed"} & set(asked.names):
            asker.send(asked, asked.fields, "its own, sure")
            for name, pairs in asker.swap.fields(asked, asked.fields):
                asker.send(asked, pairs, f"{name}, sure")


@pytest.mark.parametrize("person", ASKING)
def test_every_question_with_the_ids_of_another_client(person, walk: Walk):
    asker, asked = Asker(walk, person), set()
    for address, page in asker.pages():
        path = address.of(asker.own)
        for where, own, others in asker.swap.questions(page):
            if (where, tuple(others)) not in asked:
                asked.add((where, tuple(others)))
                asker.send(Form(where, "get"), own, "its own")
                asker.send(Form(where, "get"), others, "another's")
        for pair in asker.swap.extra() if IS_WHOLE else []:
            asker.send(Form(path, "get"), [pair], str(pair))
        asker.send(Form(path, "get"), asker.swap.extra(), "all that it might read")
    assert asker.faults == []


@pytest.mark.parametrize("person", ["staff", "other_staff"] if IS_WHOLE else ["staff"])
def test_every_list_to_pick_from_offers_ones_own_alone(person, walk: Walk):
    asker, offered = Asker(walk, person), set()
    for _, page in asker.pages():
        for form in page.forms:
            for about in form.models.values():
                app, model, field = about.split(".")
                names = {"app_label": app, "model_name": model, "field_name": field}
                for term in ("", "Zq", asker.hidden.tenant.slug, "rival", "acme"):
                    pairs = [*names.items(), ("term", term)]
                    answer = asker.send(Form("/admin/autocomplete/", "get"), pairs, about)
                    if word(asker.own.mark).encode() in answer.body:
                        offered.add(about)
    assert asker.faults == []
    assert {"dashboards.dashboard.tenant", "provisioning.credential.tenant"} <= offered


@pytest.mark.parametrize("person", ASKING)
def test_every_address_of_ones_own_with_one_id_of_another_client(person, walk: Walk):
    asker, found = Asker(walk, person), set()
    for address in every_address():
        for path in address.mixed(asker.own, asker.hidden):
            for verb in ("get", "post"):
                answer = asker.send(Form(path, verb), [], f"{verb} {address.name}")
                led = answer.get("Location", "").partition("?")[0]
                if answer.status_code != REFUSED.get(person):
                    found.add((answer.status_code, led if answer.status_code in {302, 404, 405} else path))
    assert asker.faults == []
    assert found <= {(302, "/accounts/login/"), (302, "/admin/login/"), (404, ""), (405, "")}
