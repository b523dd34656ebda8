"""The views that a token opens, as version 3 listed accounts."""

from django.test import Client

from accounts.tenancy import all_tenants
from dashboards.embed import tokens
from dashboards.embed.keys import Issued
from tests import factories
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP, Page

SUMMARIES = "/embed/summaries"


def test_account_property_and_view(page: Page):
    body = page.get(SUMMARIES).json()
    (account,) = body.pop("items")
    assert body == {
        "kind": "analytics#accountSummaries",
        "totalResults": 1,
        "startIndex": 1,
        "itemsPerPage": 1000,
    }
    assert account["name"] == "Acme"
    assert account["webProperties"] == [
        {
            "kind": "analytics#webPropertySummary",
            "id": "UA-310000001-1",
            "name": "Whole site",
            "internalWebPropertyId": "310000001",
            "level": "STANDARD",
            "profiles": [
                {
                    "kind": "analytics#profileSummary",
                    "id": str(page.view.embed_id),
                    "name": "Whole site",
                    "type": "WEB",
                }
            ],
        }
    ]
    assert page.body(metrics="ga:sessions")["profileInfo"]["accountId"] == account["id"]


def test_views_stand_under_their_property_and_others_are_not_there(shop: Cast, issued: Issued, page: Page):
    with all_tenants(reason="a test's set-up"):
        more = [
            factories.ViewFactory(tenant=shop.tenant, name=name, property_id=number, origins=[SHOP])
            for name, number in (("Shop", "310000001"), ("Blog", "310000002"), ("Not given", "310000003"))
        ]
    token = tokens.issue(key=issued.key, views=[shop.view, *more[:2]], origin=SHOP, ttl=600)[0]
    body = Page(Client(), token, shop.view, page.google).get(SUMMARIES).json()
    (account,) = body["items"]
    assert [
        (each["internalWebPropertyId"], [profile["name"] for profile in each["profiles"]])
        for each in account["webProperties"]
    ] == [("310000001", ["Whole site", "Shop"]), ("310000002", ["Blog"])]


def test_a_second_page_is_empty(page: Page):
    body = page.get(SUMMARIES, start_index="2").json()
    assert (body["startIndex"], body["totalResults"], body["items"]) == (2, 1, [])


def test_a_page_that_is_none_is_refused(page: Page):
    assert page.refusal(path=SUMMARIES, start_index="-1")[:3] == (400, "invalidParameter", "start-index")
