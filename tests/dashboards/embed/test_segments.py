"""Segments that a filter says exactly; every other is refused."""

import pytest

from dashboards.embed import segments
from dashboards.embed.errors import V3Error
from dashboards.embed.names import Names


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("gaid::-1", "None"),
        ("gaid::-3", "newVsReturning==returning"),
        ("gaid::-5", "sessionMedium==organic"),
        ("gaid::-14", "deviceCategory==mobile"),
        ("sessions::condition::ga:country==Italy", "country==Italy"),
        ("sessions::condition::ga:medium==cpc,ga:medium==ppc", "sessionMedium==cpc,sessionMedium==ppc"),
        ("dynamic::ga:source==google", "sessionSource==google"),
    ],
)
def test_segments_that_can_be_shown(text, same):
    assert str(segments.read(text, Names())) == same


@pytest.mark.parametrize(
    "text",
    [
        "gaid::-9", "gaid::abc", "gaid::", "users::condition::ga:country==Italy", "nonsense",
        "sessions::condition::!ga:country==Italy", "sessions::condition::ga:pagePath==/a",
        "sessions::condition::ga:sessions>1", "sessions::condition::perHit::ga:country==Italy",
        "sessions::condition::", "sessions::sequence::ga:country==Italy",
    ],
)  # fmt: skip
def test_segments_that_cannot(text):
    with pytest.raises(V3Error) as caught:
        segments.read(text, Names())
    assert (caught.value.code, caught.value.location) == (400, "segment")
