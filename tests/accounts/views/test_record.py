"""A client's record: its owners and the agency read it, and nobody reads another's."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry, User
from tests.conftest import Cast

PAGE, FILE, ADMIN = "/clients/acme/record/", "/clients/acme/record.csv", "/admin/accounts/auditentry/"
NOW = timezone.now()


def day(ago: int) -> str:
    """As addresses write it."""
    return f"{NOW - datetime.timedelta(days=ago):%Y-%m-%d}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _entries(cast: Cast):
    """Three of alice's client, on three days; one of the other's and one of the agency's own."""
    rows = [
        audit.entry("key.made", tenant=cast.tenant, who="alice@acme.example", target="Shop"),
        audit.entry("export.table", tenant=cast.tenant, who="bob@acme.example", target="=cmd|'/c calc'!A1"),
        audit.entry("people.invited", tenant=cast.tenant, who="alice@acme.example", target="<b>Nora</b>"),
        audit.entry("key.made", tenant=cast.other, who="charlie@rival.example", target="Rival secret key"),
        audit.entry("client.paused", who="olivia@northlight.example", target="Agency secret"),
    ]
    for days, row in enumerate(rows):
        row.at = NOW - datetime.timedelta(days=10 * (days + 1))
    audit.record_all(rows)


def targets(client: Client, query: str = "", address: str = PAGE) -> list[str]:
    """What is shown, without what signing in has added."""
    context = client.get(address + query).context
    entries = context["entries"] if address == PAGE else context["cl"].result_list
    made = [each for each in entries if each.area not in ("sign_in", "people") or "Nora" in each.target]
    return [each.target for each in made]


def test_owners_and_the_agency_read_it_others_do_not(cast: Cast):
    people = (cast.alice, cast.dana, cast.olivia, cast.bob, cast.charlie, cast.erin)
    for address in (PAGE, FILE):
        answers = [signed_in(person).get(address).status_code for person in people]
        assert answers == [200, 200, 200, 403, 404, 404]


def test_it_shows_its_clients_alone(cast: Cast):
    for person in (cast.alice, cast.olivia):
        assert targets(signed_in(person)) == ["Shop", "=cmd|'/c calc'!A1", "<b>Nora</b>"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?kind=key", ["Shop"]),
        ("?kind=nonsense", ["Shop", "=cmd|'/c calc'!A1", "<b>Nora</b>"]),
        ("?person=ALICE@acme.example", ["Shop", "<b>Nora</b>"]),
        ("?q=SHOP", ["Shop"]),
        ("?q=%00&from=x&to=9999-99-99&after=1.2.x", ["Shop", "=cmd|'/c calc'!A1", "<b>Nora</b>"]),
        ("?q=100%25", []),
        (f"?from={day(20)}&to={day(10)}", ["Shop", "=cmd|'/c calc'!A1"]),
        ("?to=0001-01-01", []),
        ("?to=9999-12-31&kind=key", ["Shop"]),
        ("?q=secret", []),
    ],
)  # fmt: skip
def test_it_is_narrowed(cast: Cast, query, expected):
    assert targets(signed_in(cast.alice), query) == expected


def test_markup_stays_text(cast: Cast):
    page = signed_in(cast.alice).get(PAGE).content.decode()
    assert ("&lt;b&gt;Nora" in page, "<b>Nora" in page) == (True, False)


def test_pages_go_on_where_the_one_before_ended_whatever_came_meanwhile(cast: Cast):
    moment = NOW - datetime.timedelta(days=200)
    rows = [audit.entry("setup.step", tenant=cast.tenant, target=f"{number}") for number in range(120)]
    for row in rows:
        row.at = moment
    audit.record_all(rows)
    client, query, seen = signed_in(cast.alice), "?kind=setup", []
    while query:
        answer = client.get(PAGE + query)
        seen += [each.target for each in answer.context["entries"]]
        audit.record("setup.noted", tenant=cast.tenant, target="meanwhile")
        query = answer.context["older"]
    assert seen == [f"{number}" for number in reversed(range(120))]


def test_the_file_holds_what_is_asked_and_runs_nowhere(cast: Cast):
    answer = signed_in(cast.alice).get(f"{FILE}?kind=export")
    text = b"".join(answer).decode().removeprefix("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text)))
    taken = [(line["code"], line["who"], line["target"]) for line in lines]
    assert taken == [
        ("export.record", "alice@acme.example", ""),
        ("export.table", "bob@acme.example", "'=cmd|'/c calc'!A1"),
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="acme-record.csv"'


def test_a_page_costs_the_same_with_many_entries(cast: Cast):
    client = signed_in(cast.alice)
    client.get(PAGE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        return len(found)

    few = queries()
    audit.record_all(audit.entry("setup.step", tenant=cast.tenant) for _ in range(200))
    assert queries() == few


def test_in_the_admin_staff_see_their_clients_and_the_owner_everything(cast: Cast):
    people = {"dana": cast.dana, "erin": cast.erin, "olivia": cast.olivia}
    shown = {name: set(targets(signed_in(user), address=ADMIN)) for name, user in people.items()}
    acme = {"Shop", "=cmd|'/c calc'!A1", "<b>Nora</b>"}
    assert shown["dana"] >= acme
    assert "Rival secret key" not in shown["dana"]
    assert "Agency secret" not in shown["dana"] | shown["erin"]
    assert ("Rival secret key" in shown["erin"], shown["erin"] & acme) == (True, set())
    assert shown["olivia"] >= acme | {"Rival secret key", "Agency secret"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?client=rival&kind=key", {"Rival secret key"}),
        ("?client=rival%20sec&kind=key", {"Rival secret key"}),
        ("?client=nobody", set()),
        ("?person=olivia@northlight.example&kind=client", {"Agency secret"}),
        ("?q=agency+secret", {"Agency secret"}),
        (f"?to={day(49)}", {"Agency secret"}),
    ],
)
def test_the_admins_list_is_narrowed_and_so_is_its_file(cast: Cast, query, expected):
    olivia = signed_in(cast.olivia)
    assert set(targets(olivia, query, ADMIN)) == expected
    text = b"".join(olivia.get(f"{ADMIN}csv/{query}")).decode().removeprefix("\ufeff")
    assert {line["target"] for line in csv.DictReader(io.StringIO(text))} == expected


def test_nobody_adds_changes_or_deletes_in_the_admin(cast: Cast):
    olivia = signed_in(cast.olivia)
    row = AuditEntry.written.get(target="Agency secret")
    acts = [
        olivia.get(f"{ADMIN}add/"),
        olivia.post(f"{ADMIN}{row.pk}/change/", {"who": "nobody"}),
        olivia.post(f"{ADMIN}{row.pk}/delete/", {"post": "yes"}),
    ]
    assert [each.status_code for each in acts] == [403, 403, 403]
    posted = olivia.post(ADMIN, {"action": "delete_selected", "_selected_action": row.pk})
    assert (posted.status_code, AuditEntry.written.filter(pk=row.pk).count()) == (200, 1)
    assert olivia.get(f"{ADMIN}{row.pk}/change/").status_code == 200


def test_staff_open_no_entry_of_anothers_client(cast: Cast):
    row = AuditEntry.written.get(target="Rival secret key")
    dana, erin = signed_in(cast.dana), signed_in(cast.erin)
    address = f"{ADMIN}{row.pk}/change/"
    assert [each.get(address).status_code for each in (dana, erin)] == [404, 200]
