"""Markup in what Google says is text wherever it is shown. For what people type, see the other walks."""

from typing import Any

import pytest

from accounts.tenancy import all_tenants
from dashboards.models import Snapshot, View, Widget
from tests.google import Google
from tests.walk.conftest import Walk
from tests.walk.markup import raw
from tests.walk.test_every_address import seen
from tests.walk.world import word

SITE = "https://shop.example"


@pytest.fixture
def answered(walk: Walk) -> Walk:
    """The world with answers of Google's whose every value and remark is marked."""
    for name in ("data", "rows"):
        for _ in range(10):
            if walk.say("owner", "get", pages(walk)[name]).json()["complete"]:
                break
    with all_tenants(reason="a test's set-up"):
        found = list(Snapshot.objects.filter(tenant=walk.mine.tenant).exclude(answer=None))
        for each in found:
            each.answer = marked(each.answer, walk.mine.mark)
        assert Snapshot.objects.bulk_update(found, ["answer"]) > 1
    return walk


def pages(walk: Walk) -> dict[str, str]:
    """The addresses that show figures of a client's own view."""
    view, links = walk.mine.row(View), walk.mine.tokens
    with all_tenants(reason="a test looks"):
        table = Widget.objects.get(tenant=walk.mine.tenant, kind="table")
    base = f"/clients/acme/views/{view.slug}/"
    return {
        "page": base,
        "data": f"{base}data.json",
        "table": f"{base}widgets/{table.pk}/",
        "rows": f"{base}widgets/{table.pk}/data.json",
        "share": f"/share/{links['share']}/",
        "shared": f"/share/{links['share']}/data.json",
    }


def marked(answer: Any, mark: str) -> Any:
    """A stored answer in which every value of a dimension begins with the mark, dates apart."""
    for part in answer["parts"]:
        part[1] = [[_marked(value, mark) for value in row] for row in part[1]]
    return answer


def _marked(value: Any, mark: str) -> Any:
    return f"{mark}{value}" if isinstance(value, str) and not value.isdigit() else value


def test_what_google_names_is_text_on_every_page(answered: Walk):
    answers = {name: answered.ask("owner", "get", path) for name, path in pages(answered).items()}
    said = word(answered.mine.mark).encode()
    assert [name for name, each in answers.items() if each.body.count(said) < 5] == []
    assert [name for name, each in answers.items() if raw(each)] == []


def test_a_file_is_named_by_letters_alone(answered: Walk):
    table = pages(answered)["table"]
    answer = answered.ask("owner", "get", f"{table.rstrip('/')}.csv")
    assert (answer.status_code, seen(answer, answered.mine.mark), raw(answer)) == (200, True, False)


def test_what_googles_refusal_says_is_text_in_the_doctor(walk: Walk, google: Google):
    google.control("POST", "faults", {"path": ".*", "status": 403, "reason": walk.mine.mark, "count": 50})
    answer = walk.ask("owner", "post", f"{pages(walk)['page']}doctor/")
    assert (answer.status_code, seen(answer, walk.mine.mark), raw(answer)) == (200, True, False)
