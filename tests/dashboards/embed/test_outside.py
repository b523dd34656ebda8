"""What a stranger is answered: the dashboard's own questions, and no others."""

import pytest
from django.http import Http404, QueryDict

from accounts.tenancy import tenant_scope
from dashboards import asked
from dashboards.embed import outside
from dashboards.periods import PeriodError
from tests.conftest import Cast


@pytest.fixture
def view(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        yield cast.view


def prints(question) -> list[str]:
    """The names of the reports that it asks."""
    return question.plan.fingerprints("1")


def test_it_asks_what_the_portals_own_page_asks(view):
    assert prints(outside.read(view, QueryDict()).question) == prints(asked.usual(view))


@pytest.mark.parametrize(
    "query",
    [
        "filter=country==Italy",
        "by=month",
        "from=2020-01-01&to=2020-01-02",
        "match=weekday",
        "rows=all",
        "q=x",
    ],
)
def test_questions_of_a_strangers_own_are_not_asked(view, query):
    assert prints(outside.read(view, QueryDict(query)).question) == prints(asked.usual(view))


def test_widgets_change_nothing_of_what_is_asked(view):
    some = outside.read(view, QueryDict(), widgets=["pages"])
    assert prints(some.question) == prints(asked.usual(view))


@pytest.mark.parametrize("query", ["period=7d", "period=7d&compare=year", "compare=none"])
def test_named_periods_and_comparisons_are_chosen(view, query):
    found = outside.read(view, QueryDict(query)).question
    assert prints(found) == prints(asked.read(view, QueryDict(query)))


@pytest.mark.parametrize(
    "query", ["period=custom", "period=custom&from=2026-01-01&to=2026-01-02", "period=x"]
)
def test_other_periods_are_refused(view, query):
    with pytest.raises(PeriodError):
        outside.read(view, QueryDict(query))


def test_a_dashboard_that_the_view_does_not_offer_is_not_there(view):
    with pytest.raises(Http404):
        outside.read(view, QueryDict("dashboard=e-commerce"))


@pytest.mark.parametrize(
    ("fixed", "query"), [("7d", "period=7d"), ("2026-10-01/2026-10-31", "from=2026-10-01&to=2026-10-31")]
)
def test_a_fixed_period_stays_whatever_is_asked(view, fixed, query):
    shown = outside.read(view, QueryDict("period=90d&compare=year"), fixed=fixed)
    assert prints(shown.question) == prints(asked.read(view, QueryDict(query)))
    context = shown.context(outside.Place("/data.json", "/now.json"))
    assert (context["periods"], context["compares"], context["parts"]) == ([], [], {"lead"})


def test_widgets_are_named_by_their_title_or_id(view):
    everything = outside.read(view, QueryDict())
    figures = {figure.title for figure in everything.page().figures}
    last = next(card for card in everything.page().cards if card.title not in figures)
    for name in (last.anchor, last.id):
        shown = outside.read(view, QueryDict(), widgets=[name])
        assert [card.id for card in shown.page().cards] == [last.id]
        assert (shown.page().figures, shown.parts) == ((), frozenset())


def test_all_figures_have_a_name(view):
    shown = outside.read(view, QueryDict(), widgets=["lead", "figures"])
    assert len(shown.page().figures) == len(outside.read(view, QueryDict()).page().figures)
    assert (shown.page().cards, shown.parts) == ((), {"lead"})


def test_of_several_tabs_that_are_left_one_is_open(view):
    cards = outside.read(view, QueryDict()).page().cards
    behind = next(card for card in cards if card.hidden)
    (left,) = outside.read(view, QueryDict(), widgets=[behind.id]).page().cards
    assert (left.id, left.hidden) == (behind.id, False)
