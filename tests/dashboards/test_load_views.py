"""Views in bulk: what a table makes, each way a line can be wrong, and that a wrong one changes nothing."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.tenancy import all_tenants
from dashboards.bulk import loading, table
from dashboards.models import Dashboard, View
from provisioning import flows
from provisioning.models import Credential, PropertyAssignment, ReachableProperty
from tests import factories

ROBOT = "robot@demo.iam.gserviceaccount.com"
NARROW = "narrow@demo.iam.gserviceaccount.com"
HEADER = "tenant,tenant_name,view,view_name,property,service_account,filter"
OSTERIA = f"osteria,Osteria da Nino,site,Whole site,310000001,{ROBOT},"
ITALY = f"osteria,,italy,From Italy,310000001,{ROBOT},country==Italy"
SHOP = f"marlow,Marlow Cycles,shop,Shop,310000002,{ROBOT},"


@pytest.fixture
def robot(db):
    """The agency's account, which was seen to reach two properties."""
    return reaching(factories.CredentialFactory(email=ROBOT), "310000001", "310000002")


def reaching(credential, *properties):
    zones = {"310000001": ("Europe/Rome", "EUR"), "310000002": ("Europe/London", "GBP")}
    with all_tenants(reason="a test's set-up"):
        for each in properties:
            zone, currency = zones.get(each, ("Europe/Berlin", "EUR"))
            ReachableProperty.objects.create(
                tenant_id=credential.tenant_id,
                credential=credential,
                property_id=each,
                name=f"Property {each}",
                account_name="Account",
                time_zone=zone,
                currency=currency,
            )
    return credential


@pytest.fixture
def path(tmp_path):
    return tmp_path / "views.csv"


@pytest.fixture
def load(path):
    """Writes a file of these lines and loads it; gives what was said."""

    def run(*lines, args=(), encoding="utf-8"):
        path.write_bytes("\n".join(lines).encode(encoding))
        out = io.StringIO()
        call_command("load_views", str(path), *args, stdout=out)
        return out.getvalue()

    return run


@pytest.fixture
def refused(path):
    """Writes a file that must be refused; gives the lines named, and then the last word."""

    def run(*lines, content=None):
        path.write_bytes("\n".join(lines).encode() if content is None else content)
        before, err = everything(), io.StringIO()
        with pytest.raises(CommandError) as error:
            call_command("load_views", str(path), stdout=io.StringIO(), stderr=err)
        assert error.value.returncode == 1
        assert everything() == before
        return [*err.getvalue().splitlines(), str(error.value)]

    return run


def everything():
    """All tenants and views, by value."""
    with all_tenants(reason="a test looks"):
        return list(Tenant.objects.values()), list(View.objects.values())


def views():
    with all_tenants(reason="a test looks"):
        return {f"{view.tenant.slug}/{view.slug}": view for view in View.objects.for_page()}


def offered(view):
    with all_tenants(reason="a test looks"):
        return [view.dashboard.slug, *view.more_dashboards.values_list("slug", flat=True)]


# ---- what it makes


def test_tenants_and_views_are_made_as_the_table_says(robot, load):
    said = load(HEADER, OSTERIA, ITALY, SHOP)
    assert said == ("Clients: 2 created, 0 changed, 0 unchanged\nViews: 3 created, 0 changed, 0 unchanged\n")
    made = views()
    assert {address: view.tenant.name for address, view in made.items()} == {
        "osteria/site": "Osteria da Nino",
        "osteria/italy": "Osteria da Nino",
        "marlow/shop": "Marlow Cycles",
    }
    shop = made["marlow/shop"]
    assert (shop.name, shop.property_id, shop.property_name, shop.account_name) == (
        "Shop",
        "310000002",
        "Property 310000002",
        "Account",
    )
    assert (shop.time_zone, shop.currency, shop.filter, shop.agency_credential, shop.tenant_credential) == (
        "Europe/London",
        "GBP",
        "",
        robot,
        None,
    )
    assert made["osteria/italy"].filter == "country==Italy"


def test_the_second_run_changes_nothing(robot, load):
    load(HEADER, OSTERIA, SHOP)
    before = everything()
    assert load(HEADER, OSTERIA, SHOP) == (
        "Clients: 0 created, 0 changed, 2 unchanged\n"
        "Views: 0 created, 0 changed, 2 unchanged\n"
        "Nothing changed.\n"
    )
    assert everything() == before


def test_changed_lines_change_their_rows_only(robot, load):
    load(HEADER, OSTERIA, ITALY, SHOP)
    with all_tenants(reason="a test's set-up"):
        View.objects.update(state=View.State.FAILING, last_error_code="not_found")
    said = load(
        HEADER,
        f"osteria,Osteria,site,Site,310000001,{ROBOT},",
        ITALY.replace("Italy", "France").replace("From France", "From Italy"),
        SHOP,
    )
    assert said == ("Clients: 0 created, 1 changed, 1 unchanged\nViews: 0 created, 2 changed, 1 unchanged\n")
    made = views()
    assert {address: (view.name, view.filter, view.state) for address, view in made.items()} == {
        "osteria/site": ("Site", "", "failing"),
        "osteria/italy": ("From Italy", "country==France", "new"),
        "marlow/shop": ("Shop", "", "failing"),
    }
    assert made["osteria/site"].tenant.name == "Osteria"


def test_a_dry_run_counts_and_writes_nothing(robot, load):
    before = everything()
    assert load(HEADER, OSTERIA, args=["--dry-run"]) == (
        "Clients: 1 created, 0 changed, 0 unchanged\n"
        "Views: 1 created, 0 changed, 0 unchanged\n"
        "A dry run: nothing was written.\n"
    )
    assert everything() == before


def test_what_the_table_does_not_name_stays(robot, load):
    load(HEADER, OSTERIA, SHOP)
    load(HEADER, SHOP)
    assert sorted(views()) == ["marlow/shop", "osteria/site"]


def test_empty_names_leave_existing_ones(robot, load):
    load(HEADER, OSTERIA)
    load(HEADER, f"osteria,,site,,310000002,{ROBOT},")
    view = views()["osteria/site"]
    assert (view.tenant.name, view.name, view.property_id) == ("Osteria da Nino", "Whole site", "310000002")


def test_zone_and_currency_follow_google(robot, load):
    load(HEADER, OSTERIA)
    with all_tenants(reason="a test's set-up"):
        ReachableProperty.objects.update(time_zone="Europe/Paris", currency="USD")
    load(HEADER, OSTERIA)
    view = views()["osteria/site"]
    assert (view.time_zone, view.currency) == ("Europe/Paris", "USD")


def test_a_view_opens_with_the_overview_and_shops_with_theirs(robot, load):
    load(HEADER + ",dashboard", OSTERIA + ",", SHOP + ",e-commerce")
    made = views()
    assert offered(made["osteria/site"]) == ["overview", "content"]
    assert offered(made["marlow/shop"]) == ["e-commerce", "overview", "content"]


def test_another_dashboard_keeps_the_former_one_on_offer(robot, load):
    load(HEADER, OSTERIA)
    load(HEADER + ",dashboard", OSTERIA + ",e-commerce")
    assert offered(views()["osteria/site"]) == ["e-commerce", "overview", "content"]
    load(HEADER, OSTERIA)
    assert offered(views()["osteria/site"]) == ["e-commerce", "overview", "content"]


def test_a_clients_own_dashboard_comes_before_the_agencys(robot, load):
    load(HEADER, OSTERIA)
    with all_tenants(reason="a test's set-up"):
        own = Dashboard.objects.create(tenant=Tenant.objects.get(), name="Ours", slug="content")
    load(HEADER + ",dashboard", OSTERIA + ",content", SHOP + ",content")
    made = views()
    assert made["osteria/site"].dashboard == own
    assert made["marlow/shop"].dashboard.tenant is None


def test_a_clients_own_account_comes_before_the_agencys(robot, load):
    tenant = factories.TenantFactory(slug="osteria", name="Osteria da Nino")
    own = reaching(factories.CredentialFactory(tenant=tenant, email=ROBOT), "310000001")
    load(HEADER, OSTERIA, SHOP)
    made = views()
    assert (made["osteria/site"].tenant_credential, made["osteria/site"].agency_credential) == (own, None)
    assert (made["marlow/shop"].tenant_credential, made["marlow/shop"].agency_credential) == (None, robot)


def test_the_account_that_reaches_the_property_is_taken(robot, load):
    tenant = factories.TenantFactory(slug="osteria", name="Osteria da Nino")
    own = reaching(factories.CredentialFactory(tenant=tenant, email="own@x.example"), "310000003")
    load(HEADER, OSTERIA, "osteria,,other,Other,310000003,OWN@x.example,")
    made = views()
    assert (made["osteria/site"].credential, made["osteria/other"].credential) == (robot, own)


# ---- Google is asked anew


def test_a_property_shared_since_is_found(db, google, load):
    with all_tenants(reason="a test's set-up"):
        robot = flows.add_service_account(key=google.key("310000001", "310000002"))
        ReachableProperty.objects.all().delete()
    load(HEADER, OSTERIA, SHOP)
    assert {address: view.time_zone for address, view in views().items()} == {
        "osteria/site": "Europe/Rome",
        "marlow/shop": "Europe/London",
    }
    assert [view.agency_credential for view in views().values()] == [robot, robot]


def test_google_is_asked_once_and_only_when_something_is_missing(db, google, load, refused):
    with all_tenants(reason="a test's set-up"):
        flows.add_service_account(key=google.key("310000001", "310000002"))
    listings = len(google.requests("accountSummaries"))
    load(HEADER, OSTERIA, SHOP)
    assert len(google.requests("accountSummaries")) == listings
    refused(HEADER, *(OSTERIA.replace("310000001", f"99{n}").replace("site", f"v{n}") for n in range(5)))
    assert len(google.requests("accountSummaries")) == listings + 1


# ---- what is wrong with a line


def wrong(line, sentence, header=HEADER):
    return pytest.param(header, line, sentence, id=sentence[:60])


@pytest.mark.parametrize(
    ("header", "line", "sentence"),
    [
        wrong("osteria,Osteria", "It has 2 cells where the first line has 7."),
        wrong(OSTERIA + ",more", "It has 8 cells where the first line has 7."),
        wrong(OSTERIA.replace("osteria,", ",", 1), "The tenant is missing."),
        wrong(OSTERIA.replace(",site,", ",,"), "The view is missing."),
        wrong(
            OSTERIA.replace("osteria,", "Osteria,", 1),
            "The tenant “Osteria” is no address: write lower-case letters, digits and single hyphens, "
            "50 at most.",
        ),
        wrong(
            OSTERIA.replace(",site,", f",{'a' * 51},"),
            f"The view “{'a' * 51}” is no address: write lower-case letters, digits and single hyphens, "
            "50 at most.",
        ),
        wrong(
            OSTERIA.replace("Whole site", "n" * 151),
            "The view_name is longer than 150 characters.",
        ),
        wrong(
            OSTERIA.replace("Whole site", '"two\nlines"'),
            "The view_name contains a line break or another character that cannot be stored.",
        ),
        wrong(
            OSTERIA.replace("Whole", "Wh\0le"),
            "The view_name contains a line break or another character that cannot be stored.",
        ),
        wrong(
            OSTERIA.replace("310000001", "UA-1-1"),
            "The property “UA-1-1” is not a number, as a GA4 property's id is.",
        ),
        wrong(
            OSTERIA.replace("310000001", "1" * 20),
            f"The property “{'1' * 20}” is not a number, as a GA4 property's id is.",
        ),
        wrong(OSTERIA.replace(ROBOT, ""), "The service_account is missing: write its e-mail address."),
        wrong(
            OSTERIA + "country",
            "“country” is not a condition; one looks like country==Germany, with ==, !=, =^, =@ or =~ "
            "between a dimension’s name and a value.",
        ),
        wrong(OSTERIA + "a==" + "x" * 10_000, "The filter is too long; it may have 2,000 characters."),
        wrong(
            OSTERIA + ",UA-1-1",
            "The ua_view_id “UA-1-1” is not a number, as a view's id in Universal Analytics was.",
            HEADER + ",ua_view_id",
        ),
        wrong(
            OSTERIA + ",https://x.example http://y.example",
            "“http://y.example” must begin with https://.",
            HEADER + ",origins",
        ),
        wrong(OSTERIA.replace("Osteria da Nino", ""), "The client osteria is new and needs a tenant_name."),
        wrong(OSTERIA.replace("Whole site", ""), "The view site is new and needs a view_name."),
        wrong(
            OSTERIA.replace(ROBOT, "else@x.example"),
            "No service account “else@x.example” is stored, neither the agency's nor this client's own.",
        ),
        wrong(
            OSTERIA + ",fancy",
            "There is no dashboard “fancy” for this client. There are: content, e-commerce, overview.",
            HEADER + ",dashboard",
        ),
        wrong(
            OSTERIA.replace("310000001", "310000009"),
            "Property 310000009 was not among those the service account reached, and asking Google again "
            "failed: The stored key of this service account cannot be read. Upload the key again, or restore "
            "the encryption key that sealed it.",
        ),
    ],
)
def test_a_bad_line_is_named_and_nothing_changes(robot, refused, header, line, sentence):
    missing = "," * (header.count(",") - HEADER.count(","))
    assert refused(header, SHOP + missing, line) == [
        f"Line 3: {sentence}",
        "1 line is wrong; nothing was changed.",
    ]


def test_a_property_that_google_does_not_list_says_what_to_do(db, google, refused):
    with all_tenants(reason="a test's set-up"):
        flows.add_service_account(key=google.key("310000001", email=NARROW))
    assert refused(HEADER, SHOP.replace(ROBOT, NARROW)) == [
        "Line 2: The service account does not reach property 310000002: in Google Analytics, add "
        f"{NARROW} to the property as a viewer.",
        "1 line is wrong; nothing was changed.",
    ]


def test_an_account_of_another_client_is_not_there(db, refused):
    other = factories.TenantFactory(slug="marlow", name="Marlow")
    reaching(factories.CredentialFactory(tenant=other, email=ROBOT), "310000001")
    assert refused(HEADER, OSTERIA) == [
        f"Line 2: No service account “{ROBOT}” is stored, neither the agency's nor this client's own.",
        "1 line is wrong; nothing was changed.",
    ]


def test_a_dashboard_of_another_client_is_not_there(robot, refused):
    other = factories.TenantFactory(slug="marlow", name="Marlow Cycles")
    with all_tenants(reason="a test's set-up"):
        Dashboard.objects.create(tenant=other, name="Theirs", slug="theirs")
    assert refused(HEADER + ",dashboard", SHOP + ",theirs", OSTERIA + ",theirs") == [
        "Line 3: There is no dashboard “theirs” for this client. There are: content, e-commerce, overview.",
        "1 line is wrong; nothing was changed.",
    ]


def test_a_time_zone_that_is_none_is_refused(robot, refused):
    with all_tenants(reason="a test's set-up"):
        ReachableProperty.objects.update(time_zone="Mars/Olympus")
    assert refused(HEADER, OSTERIA) == [
        "Line 2: The time zone of property 310000001, “Mars/Olympus”, is unknown to this server.",
        "1 line is wrong; nothing was changed.",
    ]


def test_a_view_twice_and_a_client_of_two_names(robot, refused):
    assert refused(HEADER, OSTERIA, SHOP, OSTERIA.replace("da Nino", "d'Anna")) == [
        "Line 4: The client osteria has another name in line 2: “Osteria da Nino”.",
        "Line 4: The view osteria/site stands in line 2 already.",
        "1 line is wrong; nothing was changed.",
    ]


def test_every_bad_line_is_named_in_order(robot, refused):
    lines = [
        OSTERIA.replace("310000001", "x"),
        "",
        SHOP,
        OSTERIA.replace(ROBOT, "else@x.example"),
        OSTERIA.replace(",site,", ",A,").replace("310000001", "y"),
    ]
    assert refused(HEADER, *lines) == [
        "Line 2: The property “x” is not a number, as a GA4 property's id is.",
        "Line 5: No service account “else@x.example” is stored, neither the agency's nor this client's own.",
        "Line 6: The property “y” is not a number, as a GA4 property's id is.",
        "Line 6: The view “A” is no address: write lower-case letters, digits and single hyphens, "
        "50 at most.",
        "3 lines are wrong; nothing was changed.",
    ]


# ---- what is wrong with a file


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\r\n \r\n", "The file is empty."),
        (HEADER.encode(), "The file has no lines below its header."),
        (
            "tenant,tenant_name\nCafé".encode("latin-1"),
            "The file is not UTF-8. In a spreadsheet, save it as “CSV UTF-8 (comma delimited)”.",
        ),
        (
            HEADER.encode("utf-16"),
            "The file is not UTF-8. In a spreadsheet, save it as “CSV UTF-8 (comma delimited)”.",
        ),
        (
            b"<!DOCTYPE html>",
            "These columns are missing from the first line: tenant, tenant_name, view, view_name, property, "
            "service_account, filter.",
        ),
        (
            (HEADER + ",colour\n").encode(),
            "The first line names unknown columns: colour. Known are: tenant, tenant_name, view, view_name, "
            "property, service_account, filter, dashboard, ua_view_id, origins.",
        ),
        ((HEADER + ",view\n").encode(), "The first line names a column twice: view."),
        (
            f'{HEADER}\n{SHOP}\nosteria,"Osteria'.encode(),
            "The file is not CSV: line 3 cannot be read. Is a quotation mark left open?",
        ),
    ],
)
def test_a_file_that_is_no_table_says_so(robot, refused, content, sentence):
    assert refused(content=content) == [sentence]


def test_a_file_that_is_not_there(db, path):
    with pytest.raises(CommandError) as error:
        call_command("load_views", str(path))
    assert str(error.value) == f"The file {path} cannot be read."


# ---- embedding

EMBEDDED = HEADER + ",ua_view_id,origins"


def embedded() -> dict[str, tuple[str, list[str]]]:
    """The old id and the sites of each view."""
    with all_tenants(reason="a test looks"):
        return {view.slug: (view.ua_view_id, view.origins) for view in View.objects.all()}


def test_old_ids_and_sites_come_with_the_table(robot, load):
    load(EMBEDDED, f"{OSTERIA},12345678,https://Osteria.example/ https://www.osteria.example", f"{ITALY},,")
    assert embedded() == {
        "site": ("12345678", ["https://osteria.example", "https://www.osteria.example"]),
        "italy": ("", []),
    }


def test_what_a_line_leaves_empty_stays(robot, load):
    load(EMBEDDED, f"{OSTERIA},12345678,https://osteria.example")
    load(EMBEDDED, f"{OSTERIA},,")
    load(HEADER, OSTERIA)
    assert embedded() == {"site": ("12345678", ["https://osteria.example"])}


def test_views_may_swap_their_old_ids(robot, load):
    load(EMBEDDED, f"{OSTERIA},1,", f"{ITALY},2,")
    load(EMBEDDED, f"{OSTERIA},2,", f"{ITALY},1,")
    assert embedded() == {"site": ("2", []), "italy": ("1", [])}


def test_an_old_id_is_one_views_alone(robot, load, refused):
    load(EMBEDDED, f"{OSTERIA},1,")
    taken, twice = [f"{ITALY},1,"], [f"{OSTERIA},2,", f"{ITALY},2,"]
    assert [refused(EMBEDDED, *lines)[0] for lines in (taken, twice)] == [
        "Line 2: The ua_view_id 1 is the view site's already.",
        "Line 3: The ua_view_id 2 is the view site's already, in line 2.",
    ]


# ---- the shapes that spreadsheets write


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\r\n{OSTERIA}\r\n{SHOP}\r\n",
        f"\ufeff{HEADER}\n{OSTERIA}\n{SHOP}",
        f"{HEADER},,\n{OSTERIA},,\n,,,,,,,,\n{SHOP},,\n",
        f"{HEADER.upper()}\n{OSTERIA}\n\n{SHOP}\n",
        f"{HEADER}\n{OSTERIA}\n{SHOP}\n".replace(",", ";"),
        f"{HEADER}\n{OSTERIA}\n{SHOP}\n".replace(",", "\t"),
        f"{HEADER}\n{OSTERIA}\n{SHOP}\n".replace(",", " , "),
        f"{HEADER},ua_view_id,origins\n{OSTERIA},,\n{SHOP},,\n",
    ],
    ids=["CRLF", "BOM", "empty columns", "capitals", "semicolons", "tabs", "spaces", "optional columns"],
)
def test_every_dialect_reads_alike(text):
    rows = table.read(text.encode()).rows
    assert [(row.tenant, row.tenant_name, row.view, row.property, row.filter) for row in rows] == [
        ("osteria", "Osteria da Nino", "site", "310000001", ""),
        ("marlow", "Marlow Cycles", "shop", "310000002", ""),
    ]


def test_a_quoted_filter_keeps_its_delimiters():
    line = f'osteria;Nino;site;Site;1;{ROBOT};"country==Italy;city==Rome,city==Milan"'
    (row,) = table.read(f"{HEADER.replace(',', ';')}\n{line}\n".encode()).rows
    assert row.filter == "country==Italy;city==Rome,city==Milan"


# ---- long tables


def long_table(count):
    lines = [
        f"t{n // 2},Client {n // 2},v{n % 2},View,310000001,{ROBOT},country==Italy" for n in range(count)
    ]
    return table.read("\n".join([HEADER, *lines]).encode())


@pytest.mark.parametrize("change", ["created", "unchanged", "changed"])
def test_a_long_table_takes_few_reads(robot, change):
    """Reads do not grow with the table beyond one for 500 clients; writes are the database's batches."""

    def reads(count):
        lines = long_table(count)
        with all_tenants(reason="a test looks"), CaptureQueriesContext(connection) as queries:
            loading.load(lines)
        return sum(each["sql"].startswith("SELECT") for each in queries)

    def prepare(count):
        with all_tenants(reason="a test's set-up"):
            View.objects.all().delete()
            Tenant.objects.all().delete()
            if change != "created":
                loading.load(long_table(count))
            if change == "changed":
                View.objects.update(filter="", name="Old")

    prepare(4)
    few = reads(4)
    prepare(200)
    assert reads(200) == few


def test_credentials_are_untouched(robot, load):
    with all_tenants(reason="a test looks"):
        before = list(Credential.objects.values())
    load(HEADER, OSTERIA, SHOP)
    with all_tenants(reason="a test looks"):
        assert list(Credential.objects.values()) == before


def test_what_a_line_shows_of_the_agencys_account_is_its_clients_from_then_on(robot, load):
    load(HEADER, OSTERIA, ITALY, SHOP)
    with all_tenants(reason="a test looks"):
        rows = PropertyAssignment.objects.select_related("tenant")
        given = {(row.property_id, row.tenant.slug) for row in rows}
    assert given == {("310000001", "osteria"), ("310000002", "marlow")}


def test_two_loads_at_once_make_one_of_each(robot, load, monkeypatch):
    write = loading._Plan.write

    def beaten(plan):
        monkeypatch.setattr(loading._Plan, "write", write)
        load(HEADER, OSTERIA)
        write(plan)

    monkeypatch.setattr(loading._Plan, "write", beaten)
    said = load(HEADER, OSTERIA)
    with all_tenants(reason="a test looks"):
        assert [view.slug for view in View.objects.filter(tenant__slug="osteria")] == ["site"]
    assert said.splitlines() == [
        "Clients: 0 created, 0 changed, 1 unchanged",
        "Views: 0 created, 0 changed, 1 unchanged",
        "Nothing changed.",
    ]
