"""Parts of pages are rendered once for all that they are made from, and the longest unused go first."""

import pytest
from django.template import Context, Template, TemplateSyntaxError

from dashboards import rendered

COUNTED = Template('{% load once %}{% once "part" %}<{{ count }}>{% endonce %}')


@pytest.fixture(autouse=True)
def _nothing_kept():
    rendered.forget()
    yield
    rendered.forget()


def test_a_part_is_rendered_once_for_what_it_is_made_from():
    texts = [COUNTED.render(Context({"count": at, "parts": rendered.parts("one")})) for at in range(3)]
    assert texts == ["<0>"] * 3


def test_another_page_has_parts_of_its_own():
    texts = [COUNTED.render(Context({"count": at, "parts": rendered.parts(at)})) for at in range(3)]
    assert texts == ["<0>", "<1>", "<2>"]


def test_without_a_place_for_parts_everything_is_rendered_each_time():
    assert [COUNTED.render(Context({"count": at})) for at in range(3)] == ["<0>", "<1>", "<2>"]


def test_what_is_kept_stays_escaped_as_it_was():
    parts = rendered.parts("one")
    texts = [COUNTED.render(Context({"count": "<b>", "parts": parts})) for _ in range(2)]
    assert texts == ["<&lt;b&gt;>"] * 2


def test_the_longest_unused_page_goes_first(monkeypatch):
    monkeypatch.setattr(rendered, "MOST_PAGES", 2)
    for page in ("one", "two", "one", "three"):
        rendered.parts(page)["part"] = page
    assert [rendered.parts(page) for page in ("one", "three")] == [{"part": "one"}, {"part": "three"}]
    assert rendered.parts("two") == {}


def test_a_part_needs_a_name():
    with pytest.raises(TemplateSyntaxError, match="once takes the name of its part"):
        Template("{% load once %}{% once %}{% endonce %}")
