"""A client's data to take along: all of it, nobody else's, and no secret; read piece by piece."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import asking_again
from accounts.models import User
from accounts.tenancy import NoTenantScope, all_tenants, current_scope
from accounts.tokens import digest_of
from dashboards.embed import keys, sharing
from dashboards.models import Dashboard, Widget
from portal.takeout import archive, contents, views
from provisioning import credentials
from provisioning.models import Credential, RequestEvent
from tests import factories
from tests.conftest import Cast
from tests.provisioning.granting import granted

PAGE = "/clients/acme/export/"
ARCHIVE = "/clients/acme/export/archive/"
FILES = [
    "README.txt", "client.json", "views.csv", "dashboards.json", "people.csv", "chosen_views.csv",
    "invitations.csv", "google_accounts.csv", "requests.json", "embed_keys.csv", "links.csv", "record.csv",
]  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def secrets(cast: Cast) -> set[str]:
    """A row of everything for alice's client and for charlie's; what must not be in the archive."""
    found = set()
    with all_tenants(reason="a test's set-up"):
        for tenant, view, word in ((cast.tenant, cast.view, "acme"), (cast.other, cast.other_view, "rival")):
            board = Dashboard.objects.create(tenant=tenant, name=f"Own of {word}", slug="own")
            Widget.objects.create(
                tenant=tenant, dashboard=board, title=f"Figure of {word}", kind="figure", metrics=["sessions"]
            )
            request = factories.prepared(f"customer@{word}.example", tenant, details={"account_name": word})
            RequestEvent.objects.create(tenant=tenant, request=request.request, state="details", who=word)
            link = sharing.make(view=view, made_by=word, name=f"Link of {word}", password="share-password")
            key = keys.make(tenant=tenant, name=f"Key of {word}", made_by=word)
            grant = granted(f"person@{word}.example", tenant)
            invited = factories.invited(f"new@{word}.example", tenant)
            found |= {each.token.value for each in (link, key, invited, request)}
            found |= {each.token.digest for each in (link, key, invited, request)}
            found |= {grant.sealed_secret, link.link.password, "share-password", "marked-refresh"}
            grant.refresh_from_db()
            found |= {grant.sealed_access_token, "marked-access", "v1:test:"}
    return found


def taken(client: Client) -> zipfile.ZipFile:
    answer = client.post(ARCHIVE)
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def texts(found: zipfile.ZipFile) -> dict[str, str]:
    return {name: found.read(name).decode() for name in found.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_everything_of_the_client_is_in_it(cast: Cast, secrets: set[str]):
    found = texts(taken(signed_in(cast.alice)))
    assert list(found) == FILES
    assert json.loads(found["client.json"])["name"] == "Acme"
    assert [(each["slug"], each["property_id"]) for each in rows(found["views.csv"])] == [
        ("site", "310000001")
    ]
    assert {each["user_email"]: each["role"] for each in rows(found["people.csv"])} == {
        "alice@acme.example": "owner", "bob@acme.example": "viewer",
    }  # fmt: skip
    boards = {each["slug"]: each["widgets"] for each in json.loads(found["dashboards.json"])}
    assert (set(boards), boards["own"][0]["title"]) == ({"overview", "own"}, "Figure of acme")
    (request,) = json.loads(found["requests.json"])
    assert (request["account_name"], [each["who"] for each in request["history"]][-1]) == ("acme", "acme")
    named = {
        name: [each["email"] for each in rows(found[name])]
        for name in ("invitations.csv", "google_accounts.csv")
    }
    assert named == {"invitations.csv": ["new@acme.example"], "google_accounts.csv": ["person@acme.example"]}
    assert [rows(found[name])[0]["name"] for name in ("embed_keys.csv", "links.csv")] == [
        "Key of acme", "Link of acme",
    ]  # fmt: skip


def test_nothing_of_anybody_else_and_no_secret_is_in_it(cast: Cast, secrets: set[str]):
    text = "\n".join(texts(taken(signed_in(cast.alice))).values())
    assert len(secrets) >= 18
    assert [word for word in (*secrets, "rival", "Rival", "charlie") if word in text] == []


def test_no_column_that_could_hold_a_secret_is_named():
    named = [value for name, value in vars(contents).items() if name.isupper() and isinstance(value, tuple)]
    columns = {column for each in named for column in each}
    telling = ("sealed", "digest", "password", "token", "ticket", "secret", "verifier")
    assert [column for column in columns for word in telling if word in column] == []


def test_that_it_was_taken_is_on_the_record_and_in_the_next(cast: Cast):
    client = signed_in(cast.alice)
    taken(client)
    found = rows(texts(taken(client))["record.csv"])
    exports = [(each["kind"], each["who"]) for each in found if each["kind"] == "export.client"]
    assert exports == [("export.client", "alice@acme.example")] * 2


@pytest.mark.parametrize(
    ("person", "status"),
    [("alice", 200), ("dana", 200), ("olivia", 200), ("bob", 403), ("charlie", 404), ("erin", 404)],
)
def test_owners_and_who_looks_after_the_client_take_it(cast: Cast, person: str, status: int):
    client = signed_in(getattr(cast, person))
    assert (client.get(PAGE).status_code, client.post(ARCHIVE).status_code) == (status, status)
    assert client.get("/clients/nobody/export/").status_code == 404


def test_wrong_verbs_are_refused(cast: Cast):
    client = signed_in(cast.alice)
    assert (client.post(PAGE).status_code, client.get(ARCHIVE).status_code) == (405, 405)


def test_whoever_did_not_show_lately_who_they_are_is_asked_first(cast: Cast):
    client = signed_in(cast.alice)
    session = client.session
    session[asking_again.SHOWN_AT] = 0
    session.save()
    answer = client.post(ARCHIVE)
    assert (answer.status_code, "reauthenticate" in answer.headers["Location"]) == (302, True)


def test_no_cell_is_a_formula(cast: Cast, in_tenant: Any):
    factories.ViewFactory(tenant=cast.tenant, name="=HYPERLINK(1)")
    found = texts(taken(signed_in(cast.alice)))
    assert {each["name"] for each in rows(found["views.csv"])} == {"Whole site", "'=HYPERLINK(1)"}


def test_a_client_without_anything_has_whole_files_too(cast: Cast):
    empty = factories.TenantFactory(slug="empty")
    answer = signed_in(cast.olivia).post(f"/clients/{empty.slug}/export/archive/")
    found = texts(zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))))
    assert (json.loads(found["requests.json"]), rows(found["views.csv"])) == ([], [])


def test_it_leaves_as_it_is_made_and_no_scope_stays_open_meanwhile(cast: Cast):
    answer = signed_in(cast.alice).post(ARCHIVE)
    stream = iter(answer.streaming_content)
    next(stream)
    with pytest.raises(NoTenantScope):
        current_scope()
    with CaptureQueriesContext(connection) as later:
        list(stream)
    assert len(later) >= 8


def test_each_step_is_in_the_tenants_scope_alone(cast: Cast):
    def steps() -> Iterator[Any]:
        yield current_scope().tenants
        yield current_scope().tenants

    assert list(views.in_scope(cast.tenant.pk, steps())) == [{cast.tenant.pk}, {cast.tenant.pk}]


def test_a_large_file_is_never_held_whole():
    pieces = (digest_of(str(number)) for number in range(20_000))
    sizes = [len(each) for each in archive.zipped([("large.txt", pieces)])]
    assert (len(sizes) > 20, max(sizes) < 200_000) == (True, True)


def test_an_archive_that_nobody_reads_to_its_end_is_no_error(cast: Cast):
    stream = archive.zipped([("a.txt", iter("abc")), ("b.txt", iter("abc"))])
    next(stream)
    stream.close()


def test_a_service_account_of_its_own_is_named_without_its_key(cast: Cast):
    own = factories.CredentialFactory(tenant=cast.tenant, name="Own robot")
    sealed = credentials.seal_refresh_token("marked-key", own.pk)
    Credential._base_manager.filter(pk=own.pk).update(sealed_secret=sealed)
    text = texts(taken(signed_in(cast.alice)))["google_accounts.csv"]
    assert [each["name"] for each in rows(text)] == ["Own robot"]
    assert sealed not in text
