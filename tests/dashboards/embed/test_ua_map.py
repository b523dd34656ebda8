"""A site's own old names stand for names of GA4's, one to a line."""

import pytest

from dashboards.embed import ua_map

GOOD = {"dimension1": "customEvent:plan", "eventCategory": "customEvent:event_category", "goal1": "purchase"}


def test_a_map_is_read_as_it_is_written():
    assert ua_map.parse(ua_map.write(GOOD)) == GOOD
    assert ua_map.parse("\n ga:dimension1=customEvent:plan \n\n") == {"dimension1": "customEvent:plan"}


@pytest.mark.parametrize(
    "line",
    [
        "dimension1", "dimension0 = x", "dimension201 = x", "sessions = x", "dimension1 = ",
        "goal1 = two words",
        "dimension1 = customEvent:", "dimension1 = a;b", "eventCategory = <script>",
        "goal1 = customEvent:x", "= x",
    ],
)  # fmt: skip
def test_what_ga4_could_not_know_is_refused(line):
    with pytest.raises(ua_map.MapError):
        ua_map.parse(line)


@pytest.mark.parametrize(
    "names", [[], "text", None, {1: 2}, {f"dimension{each}": "x" for each in range(300)}]
)
def test_what_is_no_map_is_refused(names):
    with pytest.raises(ua_map.MapError):
        ua_map.check(names)


def test_names_are_written_in_the_order_that_people_count_in():
    names = dict.fromkeys(("goal1", "dimension10", "eventLabel", "dimension2"), "x")
    assert ua_map.write(names).splitlines() == [
        "dimension2 = x",
        "dimension10 = x",
        "eventLabel = x",
        "goal1 = x",
    ]
