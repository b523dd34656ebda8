"""The sentence over a list says what the list holds, and nothing that it does not."""

import pytest

from dashboards.lists.headline import detail, headline
from dashboards.models import Summary

STOPPED, FAILING, FELL, USUAL, EMPTY, GATHERING = Summary.Standing.values

SENTENCES = [
    ({STOPPED: 1, FAILING: 1, FELL: 1, USUAL: 211}, "One view has stopped, two need a look."),
    ({STOPPED: 2, FELL: 1}, "Two views have stopped, one needs a look."),
    ({STOPPED: 12, USUAL: 9}, "12 views have stopped."),
    ({FAILING: 1}, "One view needs a look."),
    ({FELL: 1_200}, "1,200 views need a look."),
    ({USUAL: 3, EMPTY: 1, GATHERING: 1}, "Everything moved as usual."),
    ({GATHERING: 3, EMPTY: 1}, "The figures are being gathered."),
    ({EMPTY: 2}, "No data has come yet."),
]


@pytest.mark.parametrize(("standings", "sentence"), SENTENCES)
def test_the_headline_says_who_needs_somebody(standings, sentence):
    assert headline(standings) == sentence


DETAILS = [
    ({STOPPED: 1, FELL: 2, USUAL: 211}, 186, "214 views of 186 clients. The rest moved as usual."),
    ({USUAL: 3}, 1, "3 views."),
    ({USUAL: 2, GATHERING: 1}, 1, "3 views. One is still being gathered."),
    ({GATHERING: 1}, 1, "1 view."),
    ({STOPPED: 1}, 1, "1 view."),
]


@pytest.mark.parametrize(("standings", "clients", "text"), DETAILS)
def test_below_it_stands_how_many_there_are(standings, clients, text):
    assert detail(standings, clients) == text
