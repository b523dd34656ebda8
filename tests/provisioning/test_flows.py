"""The list of what a credential reaches, whatever Google says."""

from google_api.admin import Property
from provisioning import flows
from tests import factories


def _property(name: str) -> Property:
    return Property(name, "accounts/1", "Shop", "Europe/Rome", "EUR", "GOOGLE_ANALYTICS_STANDARD", False)


def test_a_property_that_google_lists_twice_is_kept_once(db, everything, monkeypatch):
    credential = factories.CredentialFactory()
    twice = [("One", _property("properties/7")), ("Other", _property("properties/7"))]
    monkeypatch.setattr(flows.credentials, "call", lambda *args: twice)
    assert flows.list_properties(credential=credential) is None
    assert list(credential.properties.values_list("account_name", "property_id")) == [("Other", "7")]
