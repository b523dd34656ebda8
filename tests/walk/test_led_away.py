"""Nobody is led from a page of ours to somebody else's: not by `next`, not by the name of a host."""

from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings

from tests.walk.addresses import every_address
from tests.walk.conftest import Walk
from tests.walk.pages import Page
from tests.walk.test_swapped_ids import Asker, buttons, filled

AWAY = (
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "http:///evil.example/", "\thttps://evil.example/",
    "javascript:alert('evil.example')",
)  # fmt: skip
TO = ("next", "redirect_to", "return_to", "continue", "url", "redirect_uri", "back", "_changelist_filters")
NAMED_BY_A_STRANGER = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
LINKS = ("href", "action", "src", "formaction")


def leads_away(answer: Any) -> bool:
    """Whether an answer sends somebody to the evil host, or a part of its page would."""
    away = [answer.get("Location", "")]
    if answer.get("Content-Type", "").startswith("text/html"):
        page = Page(answer.body.decode(errors="replace"), "/")
        away += [found[name] for _, found in page.elements for name in LINKS if name in found]
    return any(_is_evil(each) for each in away)


def _is_evil(link: str) -> bool:
    text = link.strip().replace("\\", "/")
    return text.startswith("javascript:") or "evil.example" in (urlsplit(text).netloc or text.split("?")[0])


@pytest.mark.parametrize("person", ["anonymous", "owner"])
def test_no_address_leads_to_another_host(person, walk: Walk):
    led = set()
    for address in every_address():
        query = urlencode([(name, AWAY[0]) for name in TO])
        path = f"{address.of(walk.mine)}?{query}"
        answer = walk.ask(
            person,
            "get",
            path,
            headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"},
        )
        if leads_away(answer):
            led.add(address.route)
    assert led == set()


def test_no_address_answers_under_another_hosts_name(walk: Walk):
    answered = {
        walk.ask("anonymous", "get", each.of(walk.mine), headers={"host": "evil.example"}).status_code
        for each in every_address()
    }
    assert answered == {400}


def test_no_form_leads_to_another_host(walk: Walk):
    asker, led, tried = Asker(walk, "owner"), set(), 0
    for _, page in asker.pages():
        for form in page.forms:
            for button in buttons(form) if form.method == "post" else []:
                tried += 1
                sent = [*filled(asker.swap.own_fields(form)), *button, *((name, AWAY[0]) for name in TO)]
                if leads_away(asker.send(form, sent, "evil")):
                    led.add(form.action)
    assert led == set()
    assert tried > 30


@pytest.mark.parametrize("away", AWAY)
def test_whoever_signs_in_is_led_to_pages_of_ours(away, walk: Walk):
    typed = {"login": "bob@acme.example", "password": "correct horse battery", "next": away}
    answer = walk.ask("anonymous", "post", "/accounts/login/", typed)
    assert answer.status_code == 302
    assert settings.SESSION_COOKIE_NAME in answer.cookies
    assert not _is_evil(answer["Location"])
