"""`dumpdata`: rows of every tenant, and nothing that opens a door."""

import io
import json

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from portal.management.commands import dumpdata
from provisioning.models import Credential
from tests.conftest import Cast

MARK = "marked-and-sealed"


def dumped(*args: str, **options: object) -> str:
    out = io.StringIO()
    call_command("dumpdata", *args, stdout=out, **options)
    return out.getvalue()


def sealed_columns() -> dict[str, list[str]]:
    return {
        model._meta.label: names
        for model in apps.get_models()
        if (names := [each.name for each in model._meta.concrete_fields if each.name.startswith("sealed_")])
    }


def test_rows_of_all_clients_are_in_it(cast: Cast):
    rows = json.loads(dumped("dashboards.view"))
    assert {row["pk"] for row in rows} == {str(cast.view.pk), str(cast.other_view.pk)}


@pytest.mark.parametrize("every", [False, True])
def test_no_secret_is_in_it_not_even_sealed(cast: Cast, every: bool, everything):
    Credential.objects.update(sealed_secret=MARK, sealed_access_token=MARK)
    client = Client()
    client.force_login(User.objects.get(pk=cast.olivia.pk))
    text = dumped(use_base_manager=every)
    key = client.cookies["sessionid"].value
    found = [word for word in (MARK, "sealed_", key, *dumpdata.OPENS_A_DOOR) if word in text]
    assert (found, "provisioning.credential" in text) == ([], True)


def test_every_sealed_column_is_known_by_its_name():
    assert "provisioning.Credential" in sealed_columns()
    ciphers = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.label_lower not in dumpdata.OPENS_A_DOOR
        for field in model._meta.concrete_fields
        if ("secret" in field.name or "access_token" in field.name or "verifier" in field.name)
        and not field.name.startswith("sealed_")
        and field.get_internal_type() in {"TextField", "BinaryField"}
    ]
    assert ciphers == []


def test_afterwards_serializers_are_as_before(cast: Cast):
    dumped("accounts.tenant")
    assert Credential._meta.get_field("sealed_secret").serialize is True


def test_what_was_dumped_can_be_loaded(cast: Cast, everything, tmp_path):
    path = tmp_path / "all.json"
    # Without the record, which only grows: what stands in it already cannot be loaded over itself.
    path.write_text(dumped("accounts", "provisioning", "dashboards", exclude=["accounts.auditentry"]))
    Credential.objects.filter(pk=cast.view.agency_credential_id).update(name="changed meanwhile")
    call_command("loaddata", str(path), verbosity=0)
    row = Credential.objects.get(pk=cast.view.agency_credential_id)
    assert (row.name != "changed meanwhile", row.sealed_secret) == (True, "")
