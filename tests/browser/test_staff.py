"""The agency's day in the admin: many properties at once, whose each is, and a filter built by clicking."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_owner import OLIVIA, follow, key_file, open_choice, pick
from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import Installation

TWENTY = [str(number) for number in range(310000101, 310000121)]
MANY = "many@demo.iam.gserviceaccount.com"


@pytest.fixture
def reached(visitor: NewVisitor, site: Installation) -> Visitor:
    """The page of a service account of the agency's that reaches twenty properties."""
    olivia = visitor(OLIVIA)
    follow(olivia.page, "Service accounts", "Add service account")
    olivia.page.get_by_label("Key file").set_input_files(key_file(site, MANY, *TWENTY))
    olivia.page.get_by_label("Name").fill("Many")
    olivia.page.get_by_role("button", name="Sign in and save").click()
    olivia.sees("It signs in and reaches 20 properties.")
    olivia.look("admin-properties", phone=False)
    return olivia


def test_twenty_properties_become_clients_and_views(reached: Visitor):
    olivia, page = reached, reached.page
    page.get_by_label("All of them").check()
    page.get_by_role("button", name="Make clients and views of the ticked ones").click()
    expect(page.locator("tbody tr")).to_have_count(20)
    olivia.look("admin-many", phone=False)
    first = page.locator("tbody tr").first
    first.get_by_label("View's address").fill("Not so")
    page.get_by_role("button", name="Save all ticked lines").click()
    expect(page.locator(".errornote")).to_have_text("1 line is wrong; nothing was made.")
    expect(first).to_contain_text("Use lower-case letters, digits and single hyphens.")
    olivia.look("admin-many-refused", phone=False)
    page.locator("tbody tr").nth(1).get_by_label("View's address").fill("front")
    page.get_by_role("button", name="Save all ticked lines").click()
    expect(page.locator(".messagelist")).to_contain_text("20 views.")


def test_a_filter_is_built_by_clicking_and_previewed(visitor: NewVisitor):
    olivia = visitor(OLIVIA)
    page = olivia.page
    follow(page, "Views", "Whole site")
    expect(page.locator(".filter-row")).to_have_count(1)
    row = page.locator(".filter-row").first
    row.get_by_label("Dimension").fill("country")
    row.get_by_label("Comparison").select_option("is one of")
    row.get_by_label("Value").fill("Italy\nGermany")
    page.get_by_role("button", name="Add a condition").click()
    second = page.locator(".filter-row").nth(1)
    second.get_by_label("Dimension").fill("deviceCategory")
    second.get_by_label("Comparison").select_option("does not contain")
    second.get_by_label("Value").fill("tablet")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".filter-kept")).to_contain_text("of yesterday's")
    expect(page.locator("datalist option[value=country]")).to_have_count(1)
    olivia.look("admin-filter", phone=False)
    page.get_by_role("button", name="Save and continue editing").click()
    olivia.sees("was changed successfully")
    page.locator("summary", has_text="As text").click()
    expect(page.locator("#id_filter")).to_have_value("country==Italy,country==Germany;deviceCategory!@tablet")
    page.locator(".filter-row").nth(1).get_by_role("button", name="Remove").click()
    page.locator(".filter-row").first.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("#id_filter")).to_have_value("")
    page.get_by_role("button", name="Examine").click()
    olivia.sees("Every link is whole.")
    olivia.look("admin-examined", phone=False)


def test_a_filter_is_built_and_previewed_without_scripts(visitor: NewVisitor):
    visitor(OLIVIA)
    olivia = visitor(OLIVIA, javascript=False)
    page = olivia.page
    follow(page, "Views", "Whole site")
    row = page.locator(".filter-row").first
    row.get_by_label("Dimension").fill("country")
    row.get_by_label("Value").fill("Italy")
    page.get_by_role("button", name="Preview the filter").click()
    expect(page.locator(".filter-kept")).to_contain_text("of yesterday's")
    expect(row.get_by_label("Value")).to_have_value("Italy")


def test_a_table_is_seen_before_it_is_saved(visitor: NewVisitor):
    olivia = visitor(OLIVIA)
    page = olivia.page
    follow(page, "Views", "Load a table")
    olivia.look("admin-load", phone=False)
    line = "quarry,Quarry & Sons,site,Whole site,310000001,robot@demo.iam.gserviceaccount.com,"
    header = "tenant,tenant_name,view,view_name,property,service_account,filter"
    content = f"{header}\n{line}\n".encode()
    page.get_by_label("Table").set_input_files(
        {"name": "views.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="See what it does").click()
    olivia.sees("Views: 1 created, 0 changed, 0 unchanged")
    olivia.look("admin-load-seen", phone=False)
    page.get_by_role("button", name="Save").click()
    olivia.sees("Views: 1 created")
    page.get_by_label("Client's name or address").fill("quarry")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    olivia.look("admin-views", phone=False)


def test_a_widget_that_google_would_refuse_is_not_saved(visitor: NewVisitor):
    olivia = visitor(OLIVIA)
    page = olivia.page
    follow(page, "Dashboards", "Content")
    page.get_by_role("link", name="Copy for a client").click()
    pick(page, "Client", "Marlow Cycles")
    olivia.look("admin-copy", phone=False)
    page.get_by_role("button", name="Copy").click()
    olivia.sees("Marlow Cycles's own.")
    open_choice(page, "Fields as in")
    page.get_by_role("option", name="Whole site").first.click()
    first = page.locator("tr.form-row.has_original").first
    first.locator("[name$=-metrics]").fill("itemRevenue")
    first.locator("[name$=-dimensions]").fill("eventName")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".errorlist").first).to_contain_text(
        "cannot show these dimensions and metrics together"
    )
    olivia.look("admin-dashboard-refused", phone=False)
