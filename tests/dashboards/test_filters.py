"""The filter grammar: what it reads, how it is written on Google's wire, what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.filters import OPERATORS, Condition, Filter, FilterError, combine, parse


def text_filter(dimension: str, match: str, value: str) -> dict:
    return {"filter": {"fieldName": dimension, "stringFilter": {"matchType": match, "value": value}}}


def sentence(text: str) -> str:
    with pytest.raises(FilterError) as caught:
        parse(text)
    return caught.value.sentence


# ---- reading


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("a==x", [[("a", "==", "x")]]),
        ("a==x;b!=y", [[("a", "==", "x")], [("b", "!=", "y")]]),
        ("a==x,b=^y;c=@z", [[("a", "==", "x"), ("b", "=^", "y")], [("c", "=@", "z")]]),
        ("customEvent:foo_1=~^x", [[("customEvent:foo_1", "=~", "^x")]]),
        ("a==United States", [[("a", "==", "United States")]]),
        (" a == x ; b =@ y ", [[("a", "==", "x")], [("b", "=@", "y")]]),
        ("a===x", [[("a", "==", "=x")]]),
        ("pagePath==/p?a=b&c==d", [[("pagePath", "==", "/p?a=b&c==d")]]),
        (r"a==x\,y\;z\\", [[("a", "==", "x,y;z\\")]]),
        (r"a==\ x\ ", [[("a", "==", " x ")]]),
        (r"a=~^/x\.html$", [[("a", "=~", r"^/x\.html$")]]),
        ("a!^x;b!@y,c!~z", [[("a", "!^", "x")], [("b", "!@", "y"), ("c", "!~", "z")]]),
        ("a==x\ny", [[("a", "==", "x\ny")]]),
        ("a==（not set）", [[("a", "==", "（not set）")]]),
    ],
)
def test_parse(text, groups):
    assert parse(text) == Filter(tuple(tuple(Condition(*each) for each in group) for group in groups))


@pytest.mark.parametrize(
    "text", ["a==x", "a==x,b=^y;c=@z", r"a==x\,y\;z", r"a=~^/x\.html$", r"a==x\\", r"a==\ x\ "]
)
def test_canonical_text_stays_as_it_was_typed(text):
    assert str(parse(text)) == text


def test_dimensions_are_named_once_in_order():
    assert parse("b==x;a==y,b==z").dimensions == ("b", "a")


# ---- on the wire


@pytest.mark.parametrize(
    ("operator", "match"),
    [("==", "EXACT"), ("=^", "BEGINS_WITH"), ("=@", "CONTAINS"), ("=~", "PARTIAL_REGEXP")],
)
def test_each_operator_has_its_match_type(operator, match):
    assert parse(f"country{operator}x").to_wire() == text_filter("country", match, "x")


@pytest.mark.parametrize(
    ("operator", "match"),
    [("!=", "EXACT"), ("!^", "BEGINS_WITH"), ("!@", "CONTAINS"), ("!~", "PARTIAL_REGEXP")],
)
def test_each_operator_has_its_negation(operator, match):
    assert parse(f"a{operator}x").to_wire() == {"notExpression": text_filter("a", match, "x")}


def test_a_regular_expression_is_checked_where_it_is_negated_too():
    assert sentence("a!~(") == "“(” is not a valid regular expression."


def test_semicolon_is_and():
    expected = {"andGroup": {"expressions": [text_filter("a", "EXACT", "x"), text_filter("b", "EXACT", "y")]}}
    assert parse("a==x;b==y").to_wire() == expected


def test_comma_is_or_and_binds_tighter():
    either = {"orGroup": {"expressions": [text_filter("a", "EXACT", "x"), text_filter("b", "EXACT", "y")]}}
    third = text_filter("c", "EXACT", "z")
    assert parse("a==x,b==y;c==z").to_wire() == {"andGroup": {"expressions": [third, either]}}


def test_several_values_of_one_dimension_are_a_list():
    expected = {"filter": {"fieldName": "a", "inListFilter": {"values": ["x", "y"]}}}
    assert parse("a==y,a==x,a==y").to_wire() == expected


def test_a_list_stands_beside_other_conditions_of_its_group():
    listed = {"filter": {"fieldName": "a", "inListFilter": {"values": ["x", "y"]}}}
    expected = {"orGroup": {"expressions": [listed, text_filter("a", "CONTAINS", "z")]}}
    assert parse("a=@z,a==x,a==y").to_wire() == expected


@pytest.mark.parametrize(("one", "other"), [("a==x;b==y", "b==y;a==x"), ("a==x,b==y", "b==y,a==x")])
def test_the_order_of_conditions_makes_no_other_question(one, other):
    assert parse(one).to_wire() == parse(other).to_wire()


# ---- together


def test_combine_asks_for_all():
    assert combine([parse("a==x"), parse("b==y,c==z")]) == parse("a==x;b==y,c==z")


def test_combine_asks_once_what_several_ask():
    assert combine([parse("a==x"), parse("a==x;b==y")]) == parse("a==x;b==y")


def test_combine_of_nothing_is_no_filter():
    assert combine([]) is None


# ---- refusals

EXAMPLE = "one looks like country==Germany, with ==, !=, =^, =@ or =~ between a dimension’s name and a value."
GAP = "The filter lacks a condition before or after a “,” or “;”."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "The filter is empty."),
        ("  ", "The filter is empty."),
        ("a==" + "x" * 10_000, "The filter is too long; it may have 2,000 characters."),
        (";".join(["a==x"] * 51), "The filter has too many conditions; it may have 50."),
        ("a==x;", GAP),
        (",a==x", GAP),
        ("country", f"“country” is not a condition; {EXAMPLE}"),
        ("country=Germany", f"“country=Germany” is not a condition; {EXAMPLE}"),
        ("9lives==x", f"“9lives==x” is not a condition; {EXAMPLE}"),
        ("a b==x", f"“a b==x” is not a condition; {EXAMPLE}"),
        ("pays’==x", f"“pays’==x” is not a condition; {EXAMPLE}"),
        ("a" * 201 + "==x", f"“{'a' * 60}…” is not a condition; {EXAMPLE}"),
        ("a==", "The filter compares a with nothing; write a value after ==."),
        ("a=~ ", "The filter compares a with nothing; write a value after =~."),
        ("a==x\0", "The filter contains a character that cannot be stored."),
        ("a==\ud800", "The filter contains a character that cannot be stored."),
    ],
)
def test_what_is_no_filter_has_its_own_sentence(text, expected):
    assert sentence(text) == expected


def test_fifty_conditions_and_two_thousand_characters_are_allowed():
    assert len(parse(";".join(["a==x"] * 50)).groups) == 50
    assert parse("a==" + "x" * 1_997).groups[0][0].value == "x" * 1_997


@pytest.mark.parametrize(
    "pattern",
    [
        "a(?=b)",
        "a(?!b)",
        "(?<=a)b",
        "(?<!a)b",
        "(a)\\1",
        "(?P<x>a)(?P=x)",
        "(?>a)",
        "a++",
        "a{2}+",
        "(a)(?(1)b)",
    ],
)
def test_what_re2_lacks_is_refused_by_name(pattern):
    assert sentence("a=~" + pattern.replace(",", r"\,")) == (
        "Google’s regular expressions (RE2) know no look-ahead, look-behind, back-references, atomic groups "
        "or possessive repeats; write the expression without them."
    )


@pytest.mark.parametrize("pattern", ["(", "a)", "[a", "*a", "a{2}{3}", "(?P<x", "(" * 1_500])
def test_an_expression_that_cannot_be_read_is_refused(pattern):
    shown = pattern if len(pattern) <= 60 else pattern[:60] + "…"
    assert sentence("a=~" + pattern) == f"“{shown}” is not a valid regular expression."


@pytest.mark.parametrize(
    "pattern",
    [
        r"^/(en|de)/",
        r"\d+\.html?$",
        r"(?i)shop",
        r"x(?i)shop",
        r"(?:a|b)*?",
        r"(?P<name>x)",
        r"[(?=]",
        r"[]a]",
        r"\+\++",
        r"\pL\p{Greek}\z",
        r"[[:alpha:]_]+",
        r"a\+b",
        r"{x}",
    ],
)
def test_what_re2_reads_is_let_through(pattern):
    assert parse(f"a=~{pattern}").groups[0][0].value == pattern


# ---- what holds for all filters

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_:.]{0,9}", fullmatch=True)
characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from("\\,; =^")
values = st.text(characters, min_size=1, max_size=8)
operators = st.sampled_from([operator for operator in OPERATORS if operator[1] != "~"])
groups = st.lists(st.builds(Condition, names, operators, values), min_size=1, max_size=3).map(tuple)
filters = st.builds(Filter, st.lists(groups, min_size=1, max_size=4).map(tuple))


def outcome(text: str) -> Filter | str:
    try:
        return parse(text)
    except FilterError as error:
        return error.sentence


@given(filters)
def test_text_and_filter_are_each_others(some):
    assert parse(str(some)) == some


@given(st.text(st.characters() | st.sampled_from("ab=^@~!,;\\ ([*+?"), max_size=60))
def test_any_text_is_a_filter_or_a_sentence(text):
    read = outcome(text)
    assert read if isinstance(read, str) else parse(str(read)) == read


@given(st.text(st.sampled_from("ab\\[](){}?=!<>:^P*+1|,"), min_size=1, max_size=30))
def test_any_expression_is_accepted_or_a_sentence(pattern):
    assert outcome("a=~" + pattern)


@pytest.mark.parametrize("text", ["a==x;a==x", "a==x;a==x,a==x", "a==x,a==x"])
def test_what_is_said_twice_is_asked_once(text):
    assert parse(text).to_wire() == parse("a==x").to_wire()
