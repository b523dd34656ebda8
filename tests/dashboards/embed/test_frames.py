"""What a frame's address wishes: what does not exist is left out."""

import pytest
from django.http import QueryDict

from dashboards.embed.frames import Wish, read


@pytest.mark.parametrize(
    ("query", "wish"),
    [
        ("", Wish()),
        ("accent=1A73e8&theme=dark&background=none", Wish(accent="1a73e8", scheme="dark", is_clear=True)),
        ("accent=%231a73e8&theme=light", Wish(accent="1a73e8", scheme="light")),
        ("accent=red&theme=pink&background=blue&lang=xx", Wish()),
        ("accent=1a73e8;}body{x:y", Wish()),
        ("lang=de-AT", Wish(language="de")),
        ("lang=../../etc", Wish()),
        ("widgets=lead,,pages", Wish(widgets=("lead", "pages"))),
    ],
)
def test_an_address_says_how_the_frame_is_to_look(query, wish):
    assert read(QueryDict(query)) == wish
