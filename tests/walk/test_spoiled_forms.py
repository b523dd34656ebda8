"""Every form of every page, filled in as its page shows it but for one field, which holds what nobody would
send: no 500, no markup, nothing of another client's. One odd value for each field in a usual run, all of them
with `WALK=whole`.
"""

import itertools
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.walk.conftest import Walk
from tests.walk.odd import ODD
from tests.walk.pages import Form, Pairs
from tests.walk.test_swapped_ids import IS_WHOLE, Asker, buttons, filled

ASKING = ["owner", "agency"]
VALUES = len(ODD) if IS_WHOLE else 1
NUMBER = re.compile(r"\d+|[0-9a-f-]{36}")


def spoiled(form: Form, own: Pairs, values: Iterator[str]) -> Iterator[tuple[str, Pairs]]:
    """What was done, and the fields; once for each field of its kind, as rows of a table are alike."""
    seen = set()
    for place, (name, _) in enumerate(own):
        kind = NUMBER.sub("", name)
        if kind in seen or name == "csrfmiddlewaretoken":
            continue
        seen.add(kind)
        for value in itertools.islice(values, VALUES):
            yield f"{name}={value[:40]!r}", [*own[:place], (name, value), *own[place + 1 :]]


@pytest.mark.parametrize("person", ASKING)
def test_every_form_with_one_field_that_makes_no_sense(person, walk: Walk):
    asker, shapes, values = Asker(walk, person), set(), itertools.cycle(ODD)
    for _, page in asker.pages():
        for form in page.forms:
            shape = (NUMBER.sub("", urlsplit(form.action).path), form.method, tuple(sorted(form.names)))
            if shape in shapes or form.method == "dialog":
                continue
            shapes.add(shape)
            own = filled(asker.swap.own_fields(form))
            for button in buttons(form):
                for what, pairs in spoiled(form, own, values):
                    asker.send(form, pairs + button, what)
    assert asker.faults == []
    assert asker.asked >= len(shapes)
