"""Version 3's filters say the same in GA4's terms."""

import pytest

from dashboards.embed import v3_filters
from dashboards.embed.errors import V3Error
from dashboards.embed.names import Names

NAMES = Names({"dimension1": "customEvent:plan"})


def rows(text: str) -> str:
    """The portal's own writing of what rows must be like."""
    return str(v3_filters.read(text, NAMES).rows)


def figures(text: str):
    return v3_filters.read(text, NAMES).figures_wire()


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(V3Error) as caught:
        v3_filters.read(text, NAMES)
    assert caught.value.location == "filters"
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ga:country==Italy", "country==Italy"),
        ("ga:country!=Italy", "country!=Italy"),
        ("ga:browser=@fox;ga:browser!@safari", "browser=@fox;browser!@safari"),
        (
            "ga:medium==organic,ga:medium==cpc;ga:city==Rome",
            "sessionMedium==organic,sessionMedium==cpc;city==Rome",
        ),
        (r"ga:pageTitle==Salt\, pepper\; more", r"pageTitle==Salt\, pepper\; more"),
        (r"ga:pageTitle==a\\b", r"pageTitle==a\b"),
        ("ga:pagePath=~^/shop/(red|blue)$", "pagePathPlusQueryString=~^/shop/(red|blue)$"),
        (r"ga:pagePath=~\.html$", r"pagePathPlusQueryString=~\.html$"),
        ("ga:browser==Internet Explorer", "browser==Internet Explorer"),
        ("ga:medium==(not set)", "sessionMedium==(not set)"),
        ("ga:dimension1==gold", "customEvent:plan==gold"),
        ("sessionSource==google", "sessionSource==google"),
        ("ga:userType==New Visitor", "newVsReturning==new"),
        ("ga:userType!=returning visitor", "newVsReturning!=returning"),
        ("ga:userType=@New", "newVsReturning==new"),
        ("ga:userType!@Visitor", "newVsReturning!=new;newVsReturning!=returning"),
        ("ga:pagePathLevel1==/shop/", "pagePath=^/shop/"),
        ("ga:pagePathLevel1!=/", "pagePath!=/"),
        ("ga:pagePathLevel2==/red", "pagePath=~^(/[^/]*){1}/red$"),
        ("ga:pagePathLevel3=@sale", "pagePath=~^(/[^/]*){2}/[^/]*sale"),
    ],
)
def test_conditions_on_dimensions(text, same):
    assert rows(text) == same


def number(name: str, operation: str, **value):
    return {"filter": {"fieldName": name, "numericFilter": {"operation": operation, "value": value}}}


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("ga:sessions>10", number("sessions", "GREATER_THAN", int64Value="10")),
        ("ga:sessions<=10", number("sessions", "LESS_THAN_OR_EQUAL", int64Value="10")),
        ("ga:sessions!=0", {"notExpression": number("sessions", "EQUAL", int64Value="0")}),
        ("ga:bounceRate>50", number("bounceRate", "GREATER_THAN", doubleValue=0.5)),
        (
            "ga:avgSessionDuration>=1.5",
            number("averageSessionDuration", "GREATER_THAN_OR_EQUAL", doubleValue=1.5),
        ),
        (
            "ga:sessions>10,ga:users==1;ga:hits<5",
            {
                "andGroup": {
                    "expressions": [
                        {
                            "orGroup": {
                                "expressions": [
                                    number("sessions", "GREATER_THAN", int64Value="10"),
                                    number("totalUsers", "EQUAL", int64Value="1"),
                                ]
                            }
                        },
                        number("eventCount", "LESS_THAN", int64Value="5"),
                    ]
                }
            },
        ),
    ],
)
def test_conditions_on_metrics(text, wire):
    assert figures(text) == wire


def test_both_kinds_at_once():
    found = v3_filters.read("ga:country==Italy;ga:sessions>10", NAMES)
    assert (str(found.rows), found.figures_wire()) == (
        "country==Italy",
        number("sessions", "GREATER_THAN", int64Value="10"),
    )


def test_a_name_that_only_ga4_has_is_what_the_query_asks_it_as():
    found = v3_filters.read("engagedSessions==3", NAMES, {"engagedSessions"})
    assert found.figures_wire() == number("engagedSessions", "EQUAL", int64Value="3")


@pytest.mark.parametrize(
    "text",
    [
        "ga:country", "ga:country==", "==Italy", "ga:country=Italy", ";", "ga:country==Italy;", ",",
        "ga:country==Italy,ga:sessions>1",
        "ga:sessions=@1", "ga:sessions>many", "ga:sessions>1e9", "ga:country>3",
        "ga:exits>1", "ga:metro==x", "ga:foo bar==1",
        "ga:userType=~^New", "ga:userType!@Visitor,ga:country==Italy",
        "ga:pagePathLevel1=~^/s", "ga:pagePathLevel1==/a/b", "ga:pagePathLevel2=@a/b", "ga:pagePathLevel2==x",
        "ga:country=~(a+)+$", "ga:country=~(a|aa)+$", "ga:country=~(.*a){20}", "ga:country=~.*.*.*.*.*.*x",
        "ga:country=~(", "ga:country=~(?=a)", "ga:country=~" + "a" * 129,
        "ga:country==" + "a" * 10_000,
        ";".join(["ga:country==Italy"] * 51),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused(text):
    assert refusal(text)[0] == 400


@pytest.mark.parametrize("pattern", ["^/a/.*/b$", "^(/a|/b)/", "[(+]+", r"\(a+\)+", "(ab){2}", "a{2,4}b?"])
def test_patterns_that_end_are_let_through(pattern):
    assert rows(
        f"ga:pagePath=~{pattern}".replace(",", "\\,")
    ) == f"pagePathPlusQueryString=~{pattern}".replace(",", "\\,")


def test_no_filter_is_no_filter():
    assert v3_filters.read(" ", NAMES) == v3_filters.Filters()


def test_a_query_can_only_narrow_the_views_own_filter_down():
    own = "hostName==shop.example"
    asked = v3_filters.read("ga:country==Italy,ga:country==Spain", NAMES).rows
    assert v3_filters.combined(own, asked) == {
        "andGroup": {
            "expressions": [
                {"filter": {"fieldName": "country", "inListFilter": {"values": ["Italy", "Spain"]}}},
                {
                    "filter": {
                        "fieldName": "hostName",
                        "stringFilter": {"matchType": "EXACT", "value": "shop.example"},
                    }
                },
            ]
        }
    }
    assert v3_filters.combined("", None) is None
