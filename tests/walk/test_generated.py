"""Made-up requests to every address, as everybody: no 500, nothing of another client's.

Some hundreds in a run; `GENERATED_REQUESTS=20000 .venv/bin/pytest tests/walk/test_generated.py` asks more.
"""

import os
import re
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, Phase, given, settings

from tests.walk.conftest import Walk
from tests.walk.generated import ROOT, content, led_astray, requests
from tests.walk.markup import raw
from tests.walk.test_every_address import OPENED_BY_A_TOKEN, seen

MANY = int(os.environ.get("GENERATED_REQUESTS", "300"))
FIELD = re.compile(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"(?:[^>]*?\bvalue="([^"]*)")?')


class Forms:
    """What the forms of pages hold, looked up once per page and person."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, person: str, path: str) -> dict[str, str]:
        """The fields of a page's forms as a browser would send them, nearly."""
        if (person, path) not in self._known:
            page = self._walk.ask(person, "get", path).body.decode(errors="replace")
            self._known[person, path] = dict(FIELD.findall(page))
        return self._known[person, path]


def sent(walk: Walk, forms: Forms, made: dict[str, Any]) -> tuple[str, Any]:
    """The path asked for, and the answer."""
    person, verb, query = made["person"], made["verb"], made["query"]
    path = made["address"].of(walk.mine if made["is_mine"] else walk.theirs)
    asked = led_astray(path, made["detour"], made["place"])
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    whole = f"{asked}?{text}" if text else asked
    body, kind = b"", ""
    if verb not in {"get", "head", "trace"}:
        filled = forms.of(person, path) if made["is_filled"] and verb == "post" else {}
        body, kind = content(*made["body"], filled)
    return whole, walk.ask(person, verb, whole, raw=(body, kind), **made["headers"])


def wrong(walk: Walk, made: dict[str, Any], path: str, answer: Any) -> str:
    """What is wrong with an answer; empty when nothing is."""
    hidden = walk.forbidden(made["person"])
    if answer.status_code >= 500:
        frames = traceback.extract_tb(answer.exc_info[2]) if answer.exc_info else []
        ours = [each for each in frames if str(ROOT) in each.filename and ".venv" not in each.filename]
        where = [f"{Path(each.filename).name}:{each.lineno}" for each in [*ours[-2:], *frames[-2:]]]
        return f"{answer.status_code} {answer.exc_info and repr(answer.exc_info[1])[:200]} {where}"
    if raw(answer):
        return f"markup shown as it came by {made['address'].name}"
    opened = any(start.partition("<")[0] in path for start in OPENED_BY_A_TOKEN)
    if hidden and not opened and seen(answer, hidden.mark):
        return f"{made['address'].name} shows what is not theirs"
    return ""


def test_no_made_up_request_breaks_the_portal(walk: Walk):
    faults: dict[str, str] = {}
    forms = Forms(walk)
    ids = [str(row.pk) for client in (walk.mine, walk.theirs) for row in client.rows.values()]
    ids += [str(walk.theirs.tenant.pk), "acme", "rival", "390000071", "390000072"]

    @settings(
        max_examples=MANY, deadline=None, database=None, derandomize=MANY < 1000, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(requests(ids))
    def ask(made: dict[str, Any]) -> None:
        path, answer = sent(walk, forms, made)
        fault = wrong(walk, made, path, answer)
        if fault:
            faults.setdefault(
                fault, f"{made['verb'].upper()} {path[:300]} as {made['person']}: {made}"[:1500]
            )

    ask()
    print("\n\n".join(f"{fault}\n    {request}" for fault, request in faults.items()))  # noqa: T201
    assert list(faults) == []
