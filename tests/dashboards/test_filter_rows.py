"""A filter's rows: they say what the text says, and become the same text again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.filter_rows import Row, rows_of, text_of
from dashboards.filters import OPERATORS, Condition, Filter, FilterError, combine, parse

ROWS = [
    ("", []),
    ("a==x", [Row("and", "a", "==", "x")]),
    ("a=^/x;b!@y", [Row("and", "a", "=^", "/x"), Row("and", "b", "!@", "y")]),
    ("a==x,b=~y", [Row("and", "a", "==", "x"), Row("or", "b", "=~", "y")]),
    ("a==x,a==y,a==z", [Row("and", "a", "in", "x\ny\nz")]),
    ("a==x,a==y,b==z;c!=w", [
        Row("and", "a", "in", "x\ny"), Row("or", "b", "==", "z"), Row("and", "c", "!=", "w")]),
    ("a!=x;a!=y;b==z", [Row("and", "a", "not-in", "x\ny"), Row("and", "b", "==", "z")]),
    ("a!=x,a!=y", [Row("and", "a", "!=", "x"), Row("or", "a", "!=", "y")]),
    (r"a==x\,y\;z", [Row("and", "a", "==", "x,y;z")]),
    ("a==x\ny,a==z", [Row("and", "a", "==", "x\ny"), Row("or", "a", "==", "z")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), ROWS)
def test_rows_and_text_are_the_same(text: str, rows: list[Row]):
    assert (rows_of(text), text_of(rows)) == (rows, text)


def conditions():
    names = st.sampled_from(["a", "b", "customEvent:plan"])
    values = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=5)
    plain = st.sampled_from([each for each in OPERATORS if each[1] != "~"])
    return st.builds(Condition, names, plain, values)


def groups():
    return st.lists(conditions(), min_size=1, max_size=4, unique=True).map(tuple)


@given(st.lists(groups(), min_size=1, max_size=4).map(tuple))
def test_any_filter_goes_through_the_rows_and_means_the_same(groups):
    text = str(Filter(groups))
    again = combine([parse(text_of(rows_of(text)))])  # what stands twice is kept once
    assert again
    assert again.to_wire() == combine([parse(text)]).to_wire()


def test_blank_rows_say_nothing():
    assert text_of([Row(), Row("or", "", "in", ""), Row("and", "a", "==", "x")]) == "a==x"


def test_the_first_row_is_joined_to_nothing():
    assert text_of([Row("or", "a", "==", "x"), Row("or", "b", "==", "y")]) == "a==x,b==y"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([Row("and", "a b", "==", "x")], "“a b” is no dimension's API name."),
        ([Row("and", "", "==", "x")], "“” is no dimension's API name."),
        ([Row("and", "a==b;c", "==", "x")], "“a==b;c” is no dimension's API name."),
        ([Row("and", "a", "??", "x")], "Choose how a is compared."),
        ([Row("and", "a", "==", "")], "Write what a is compared with."),
        ([Row("and", "a", "in", " \n ")], "Write what a is compared with."),
        ([Row("and", "a", "=~", "(")], "“(” is not a valid regular expression."),
        ([Row("and", "b", "==", "1"), Row("or", "a", "not-in", "x\ny")],
         "“Is none of” and “or” cannot stand beside each other."),
        ([Row("and", "a", "not-in", "x\ny"), Row("or", "b", "==", "1")],
         "“Is none of” and “or” cannot stand beside each other."),
    ],
)  # fmt: skip
def test_what_rows_cannot_say(rows: list[Row], sentence: str):
    with pytest.raises(FilterError) as caught:
        text_of(rows)
    assert caught.value.sentence == sentence
