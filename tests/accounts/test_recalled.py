"""Queries that are written once still know whose rows they may see."""

import uuid

import pytest

from accounts.kept import Kept
from accounts.models import Branding
from accounts.prepared import Prepared
from accounts.recalled import Recalled
from accounts.tenancy import tenant_scope
from dashboards.models import View
from tests import factories
from tests.conftest import Cast


def _names(tenant: uuid.UUID, *views: uuid.UUID):
    with tenant_scope({tenant}):
        return View.objects.filter(pk__in=views).order_by("name").values_list("name")


@pytest.fixture
def names() -> Prepared:
    return Prepared(_names)


def test_a_prepared_query_answers_each_tenant_with_its_own(cast: Cast, names: Prepared):
    both = (cast.view.pk, cast.other_view.pk)
    assert names.rows(cast.tenant.pk, *both) == (("Whole site",),)
    assert names.rows(cast.other.pk, *both) == (("Rival secret view",),)
    assert names.rows(uuid.uuid4(), *both) == ()


def test_a_number_is_a_value_too(cast: Cast):
    def numbered(tenant: uuid.UUID, *numbers: int):
        with tenant_scope({tenant}):
            return View.objects.filter(embed_id__in=numbers).values_list("name")

    query = Prepared(numbered)
    both = (cast.view.embed_id, cast.other_view.embed_id)
    assert query.rows(cast.tenant.pk, *both) == (("Whole site",),)
    assert query.rows(cast.tenant.pk, 1, 2) == ()


def test_it_is_written_once_for_each_number_of_values(cast: Cast):
    written = []

    def build(tenant: uuid.UUID, *views: uuid.UUID):
        written.append(len(views))
        return _names(tenant, *views)

    query = Prepared(build)
    for _ in range(3):
        query.rows(cast.tenant.pk, cast.view.pk)
        query.rows(cast.tenant.pk, cast.view.pk, cast.other_view.pk)
    assert written == [1, 2]


def test_what_was_read_holds_until_its_rows_change(cast: Cast, names: Prepared):
    recalled: Recalled[str] = Recalled(names)
    key = (cast.tenant.pk, cast.view.pk)
    assert [recalled.get(key, text.title) for text in ("first", "second")] == ["First", "First"]
    with tenant_scope({cast.tenant.pk}):
        View.objects.update(name="New name")
    assert [recalled.get(key, text.title) for text in ("third", "fourth")] == ["Third", "Third"]


def test_what_is_read_of_no_rows_is_not_kept(cast: Cast, names: Prepared):
    recalled: Recalled[str] = Recalled(names)
    key = (cast.other.pk, cast.view.pk)
    assert [recalled.get(key, text.title) for text in ("first", "second")] == ["First", "Second"]


def test_the_longest_unused_goes_first():
    kept: Kept[int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]


def test_what_is_read_of_many_rows_is_not_kept(cast: Cast, names: Prepared, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("accounts.recalled.LONGEST", 1)
    second = factories.ViewFactory(tenant=cast.tenant, slug="second")
    recalled: Recalled[str] = Recalled(names)
    few, many = (cast.tenant.pk, cast.view.pk), (cast.tenant.pk, cast.view.pk, second.pk)
    assert [recalled.get(few, text.title) for text in ("first", "second")] == ["First", "First"]
    assert [recalled.get(many, text.title) for text in ("first", "second")] == ["First", "Second"]


def test_a_query_without_values_has_one_answer_and_that_is_kept(cast: Cast):
    def nobodys():
        return Branding.objects.values_list("accent")

    recalled: Recalled[str] = Recalled(Prepared(nobodys))
    assert [recalled.get((), text.title) for text in ("first", "second")] == ["First", "First"]
    factories.branded()
    assert [recalled.get((), text.title) for text in ("third", "fourth")] == ["Third", "Third"]
