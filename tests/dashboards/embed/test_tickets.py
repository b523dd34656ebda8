"""So many a minute for each name, in all processes together."""

import pytest
from django.core.cache import cache

from dashboards.embed import tickets
from dashboards.embed.errors import V3Error


@pytest.fixture(autouse=True)
def _at_noon(db, monkeypatch):
    monkeypatch.setattr(tickets.time, "time", lambda: 12 * 3600 + 15.0)
    tickets.forget()
    cache.clear()
    yield
    tickets.forget()


def spent(name: str, most: int, times: int) -> list[int | None]:
    """For each time, None or after how many seconds to come again."""
    found: list[int | None] = []
    for _ in range(times):
        try:
            tickets.spend(name, most)
            found.append(None)
        except V3Error as error:
            found.append(error.retry_after)
    return found


def test_the_last_ticket_is_good_and_the_next_is_not():
    assert spent("a", 3, 5) == [None, None, None, 45, 45]


def test_names_have_their_own_tickets():
    assert (spent("a", 1, 2), spent("b", 1, 1)) == ([None, 45], [None])


def test_there_are_new_ones_in_the_next_minute(monkeypatch):
    spent("a", 1, 2)
    monkeypatch.setattr(tickets.time, "time", lambda: 12 * 3600 + 60.0)
    assert spent("a", 1, 2) == [None, 60]


def test_processes_share_the_count():
    spent("a", 50, 1)
    tickets.forget()
    spent("a", 50, 1)
    tickets.forget()
    assert spent("a", 50, 48) == [None] * 46 + [45, 45]


def test_a_process_leaves_the_others_their_part_where_there_are_few():
    spent("a", 20, 1)
    tickets.forget()
    assert spent("a", 20, 20) == [None] * 19 + [45]


def test_who_has_none_left_costs_the_database_nothing(django_assert_num_queries):
    spent("a", 1, 2)
    with django_assert_num_queries(0):
        spent("a", 1, 100)


@pytest.mark.parametrize(("most", "taken"), [(20, [1] * 21), (60, [3] * 21), (400, [20] * 5), (6000, [100])])
def test_who_has_many_takes_more_at_once(monkeypatch, most, taken):
    asked = []
    incr = cache.incr

    def noted(key, delta):
        asked.append(delta)
        return incr(key, delta)

    monkeypatch.setattr(tickets.cache, "incr", noted)
    spent("a", most, 100)
    assert asked == taken
