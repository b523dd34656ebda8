"""Who needs me today: an agency with two hundred clients, from the first night on."""

import sys
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.visitor import Visitor
from tests.installation import Installation, installed

OLIVIA, DANA, NINO = "olivia@northlight.example", "dana@northlight.example", "nino@osteria.example"
PROPERTIES = [f"31000000{n}" for n in range(1, 6)]
CLIENTS = 200
NIGHT_SECONDS = 120

# Data of one client came until nine days ago, as the night after would have found; another's key was refused.
TROUBLE = """
import datetime
from accounts.tenancy import all_tenants
from dashboards.models import Summary
with all_tenants(reason="a test's set-up"):
    row = Summary.objects.select_related("view").get(view__tenant__slug="client-150")
    daily = row.daily[:47] + [0] * 9
    row.daily, row.standing, row.visits = daily, Summary.Standing.STOPPED, sum(daily[28:])
    row.moved, row.last_data_on = row.visits - row.visits_before, row.until - datetime.timedelta(days=9)
    row.save()
    Summary.objects.filter(view__tenant__slug="client-160").update(
        standing=Summary.Standing.FAILING, error_code="property_forbidden")
"""
UNREAD = """
from accounts.tenancy import all_tenants
from dashboards.models import Summary
with all_tenants(reason="a test looks"):
    print(Summary.objects.filter(until=None).count())
"""


@pytest.fixture(scope="module")
def crowd(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An agency with many clients, after its first night."""
    with installed(tmp_path_factory.mktemp("crowd")) as made:
        made.add_key(*PROPERTIES)
        made.add_views(
            "osteria,Osteria da Nino,site,Whole site,310000001,,overview",
            "osteria,Osteria da Nino,italy,Guests from Italy,310000001,country==Italy,overview",
            *(
                f"client-{n},Client {n:03},site,Whole site,{PROPERTIES[n % 5]},,overview"
                for n in range(1, CLIENTS)
            ),
        )
        made.add_person(OLIVIA, "agency-owner")
        made.add_person(DANA, "staff", "osteria")
        made.add_person(DANA, "staff", "client-150")
        made.add_person(NINO, "owner", "osteria")
        for command in (["db_worker"], ["tick", "--loop"]):
            made.start(command[0], [sys.executable, "manage.py", *command])
        _wait_for_the_night(made)
        made.manage("shell", "-c", TROUBLE)
        yield made


def _wait_for_the_night(made: Installation) -> None:
    deadline = time.monotonic() + NIGHT_SECONDS
    while (left := made.manage("shell", "-c", UNREAD).strip().splitlines()[-1]) != "0":
        assert time.monotonic() < deadline, f"{left} views were not read"
        time.sleep(1)


SESSIONS: dict[str, StorageState] = {}


@pytest.fixture
def reader(browser: Browser, crowd: Installation) -> Iterator[Callable[..., Visitor]]:
    """Makes signed-in readers. What goes wrong unseen in any of their browsers fails the test."""
    made: list[Visitor] = []

    def new(email: str, *, javascript: bool = True) -> Visitor:
        made.append(Visitor(browser, crowd.url, javascript, SESSIONS.get(email)))
        if email not in SESSIONS:
            made[-1].sign_in(email)
            expect(made[-1].page.get_by_title(email)).to_be_visible()
            SESSIONS[email] = made[-1].context.storage_state()
        made[-1].page.goto("/")
        return made[-1]

    yield new
    for each in made:
        each.leave()


def titles(page: Page) -> list[str]:
    """The heads of the rows, from the top."""
    return page.locator("tbody th a").all_text_contents()


def test_who_needs_me_today_stands_first(reader):
    olivia = reader(OLIVIA)
    page = olivia.page
    assert titles(page)[:2] == ["Client 150", "Client 160"]
    expect(page.locator("h1")).to_contain_text("One view has stopped, ")
    expect(page.locator(".lead p")).to_contain_text(f"{CLIENTS + 1} views of {CLIENTS} clients.")
    expect(page.locator("tbody tr").first.locator("td .tag")).to_contain_text("stopped on ")
    expect(page.locator("polyline")).to_have_count(50)
    olivia.look("clients")


def test_a_row_leads_to_its_dashboard(reader):
    olivia = reader(OLIVIA)
    olivia.page.get_by_role("link", name="Client 150").click()
    expect(olivia.page).to_have_url(f"{olivia.url}/clients/client-150/views/site/")
    olivia.sees_everything()


def test_typing_finds_at_once_and_the_address_keeps_it(reader):
    page = reader(OLIVIA).page
    page.get_by_role("searchbox").press_sequentially("client 15")
    expect(page.locator("tbody tr")).to_have_count(10)
    expect(page.get_by_role("status")).to_have_text(f"10 of {CLIENTS + 1} match “client 15”.")
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.get_by_role("searchbox").fill("nobody at all")
    expect(page.locator("tbody tr")).to_have_count(0)
    page.get_by_role("link", name="Show all").click()
    expect(page.locator("tbody tr")).to_have_count(50)


def test_sorting_and_pages_keep_what_was_searched_for(reader):
    page = reader(OLIVIA).page
    page.get_by_role("searchbox").fill("client")
    expect(page.get_by_role("status")).to_contain_text("match “client”")
    page.locator("summary", has_text="Who needs me").click()
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("tbody th a").first).to_have_text("Client 001")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator("tbody th a").first).to_have_text("Client 051")
    expect(page.get_by_text(f"51 to 100 of {CLIENTS - 1}")).to_be_visible()


def test_all_of_it_works_without_javascript(reader):
    page = reader(OLIVIA, javascript=False).page
    page.get_by_role("searchbox").fill("osteria")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("tbody th a")).to_have_text(["Osteria da Nino"] * 2)
    page.locator("summary", has_text="Who needs me").click()
    page.get_by_role("link", name="Most visits").click()
    details = page.locator("tbody th a + span:not(.narrow)")
    expect(details).to_have_text(["Whole site", "Guests from Italy"])


def test_staff_find_their_own_clients_only(reader):
    dana = reader(DANA)
    assert sorted(titles(dana.page)) == ["Client 150", "Osteria da Nino", "Osteria da Nino"]
    expect(dana.page.locator(".lead p")).to_contain_text("3 views of 2 clients.")


def test_a_client_with_several_views_finds_them(reader):
    nino = reader(NINO)
    assert sorted(titles(nino.page)) == ["Guests from Italy", "Whole site"]
    nino.look("client-views")
