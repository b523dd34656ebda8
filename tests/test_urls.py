"""Every address × every kind of person. An address that is not in a table here fails the suite."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.branding import admin_sheet, page_sheet
from accounts.middleware import access_mark
from accounts.models import Membership, User
from accounts.tenancy import all_tenants
from dashboards.embed import keys as embed_keys
from dashboards.embed import sharing
from dashboards.models import Widget
from tests import factories
from tests.conftest import Cast

PEOPLE = ("anonymous", "outsider", "viewer", "chosen", "owner", "staff", "other_staff", "agency")

# What each kind of person is answered at alice's client's pages. `outsider` owns the other client, `chosen`
# views only views that do not include this one, `other_staff` looks after the other client.
READERS = {"viewer": 200, "owner": 200, "staff": 200, "agency": 200, "outsider": 404, "other_staff": 404}
EVERYBODY = dict.fromkeys(PEOPLE, 200)
MANAGERS = READERS | {"viewer": 403, "chosen": 403, "anonymous": 302}
MANAGERS_POST = {key: 405 if value == 200 else value for key, value in MANAGERS.items()}
TABLE: dict[str, dict[str, int]] = {
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "metrics": EVERYBODY,  # of this machine, as tests are
    "dashboards:home": EVERYBODY | {"viewer": 302, "owner": 302, "outsider": 302},
    "dashboards:views": READERS | {"chosen": 200, "anonymous": 302},
    "dashboards:dashboard": READERS | {"chosen": 404, "anonymous": 302},
    "dashboards:doctor": MANAGERS,
    "dashboards:data": READERS | {"chosen": 404, "anonymous": 401},
    "dashboards:table": READERS | {"chosen": 404, "anonymous": 302},
    "dashboards:table_data": READERS | {"chosen": 404, "anonymous": 401},
    "dashboards:realtime": READERS | {"chosen": 404, "anonymous": 401},
    "dashboards:csv": {key: 503 if value == 200 else value for key, value in READERS.items()}
    | {"chosen": 404, "anonymous": 302},
    "embed:keys": MANAGERS,
    "embed:make_key": MANAGERS_POST,
    "embed:revoke_key": MANAGERS_POST,
    "embed:end_tokens": MANAGERS_POST,
    "embed:panel": MANAGERS | {"chosen": 403},
    "embed:list_sites": MANAGERS_POST,
    "embed:end_tokens_of_view": MANAGERS_POST,
    "embed:access_token": dict.fromkeys(PEOPLE, 405)
    | {"outsider": 404, "other_staff": 404, "anonymous": 401},
    "embed:platform": EVERYBODY,
    "embed:charts": EVERYBODY,
    "embed:geo": EVERYBODY,
    "embed:query": dict.fromkeys(PEOPLE, 401),  # a token counts there, never a session
    "embed:realtime": dict.fromkeys(PEOPLE, 401),
    "embed:summaries": dict.fromkeys(PEOPLE, 401),
    "embed:token": dict.fromkeys(PEOPLE, 405),
    "embed:authorize": dict.fromkeys(PEOPLE, 400),  # no page led there
    "embed:collect": dict.fromkeys(PEOPLE, 405),
    "outside:frames": EVERYBODY,
    "outside:frame": dict.fromkeys(PEOPLE, 401),  # it shows no token
    "outside:frame_data": dict.fromkeys(PEOPLE, 401),
    "outside:frame_now": dict.fromkeys(PEOPLE, 401),
    "outside:colour": EVERYBODY,
    "outside:share": EVERYBODY,
    "outside:share_data": EVERYBODY,
    "outside:share_now": EVERYBODY,
    "outside:sharing": MANAGERS,
    "outside:make_link": MANAGERS_POST,
    "outside:revoke_link": MANAGERS_POST,
    "accounts:invitation": EVERYBODY,
    "accounts:invitation_renew": dict.fromkeys(PEOPLE, 405),
    "accounts:people": MANAGERS,
    "accounts:invite": MANAGERS_POST,
    "accounts:resend": MANAGERS_POST,
    "accounts:withdraw": MANAGERS_POST,
    "accounts:change_role": MANAGERS_POST,
    "accounts:remove_member": MANAGERS_POST,
    "accounts:record": MANAGERS,
    "accounts:record_csv": MANAGERS,
    "takeout:page": MANAGERS,
    "takeout:archive": MANAGERS_POST,
    "accounts:brand": EVERYBODY,
    "accounts:admin_brand": EVERYBODY,
    "accounts:logo": EVERYBODY,
    "google_login": dict.fromkeys(PEOPLE, 405),
    "google_callback": dict.fromkeys(PEOPLE, 302),
    "socialaccount_connections": EVERYBODY | {"anonymous": 302},
    "mfa_index": EVERYBODY | {"anonymous": 302},
    "mfa_list_webauthn": EVERYBODY | {"anonymous": 302},
    "accounts:end_sessions": dict.fromkeys(PEOPLE, 405) | {"anonymous": 302},
    "accounts:show_by_mail": EVERYBODY | {"anonymous": 302},
    "provisioning:choose": EVERYBODY | {"anonymous": 302},
    "provisioning:consented": dict.fromkeys(PEOPLE, 400),
    "provisioning:accepted": dict.fromkeys(PEOPLE, 400),
    "provisioning:invited": EVERYBODY,
    "provisioning:invited_renew": dict.fromkeys(PEOPLE, 405),
    "provisioning:arrival": dict.fromkeys(PEOPLE, 404),  # it is its session's alone
    "provisioning:arrival_code": dict.fromkeys(PEOPLE, 405),
    "provisioning:arrival_confirm": dict.fromkeys(PEOPLE, 405),
    "provisioning:request": MANAGERS,
    "provisioning:doctor": MANAGERS,
    "provisioning:details": MANAGERS,
    "provisioning:authorise": MANAGERS_POST,
    "provisioning:terms": MANAGERS_POST,
    "provisioning:advance": MANAGERS_POST,
    "provisioning:cancel": MANAGERS_POST,
    "provisioning:skip_sharing": MANAGERS_POST,
    "google:grants": MANAGERS,
    "google:connect": MANAGERS_POST,
    "google:doctor": MANAGERS,
    "google:renew": MANAGERS_POST,
    "google:disconnect": MANAGERS,
    "google:service_account": MANAGERS,
    "google:check": MANAGERS_POST,
    "provisioning:properties": {key: 302 if value == 200 else value for key, value in MANAGERS.items()},
    "provisioning:use": MANAGERS_POST,
    "provisioning:list_again": MANAGERS_POST,
    "provisioning:use_existing": MANAGERS_POST,
    "provisioning:create_instead": MANAGERS_POST,
    "provisioning:hit": {key: 404 if value == 200 else value for key, value in MANAGERS.items()}  # no tag yet
    | {"anonymous": 401},
    "provisioning:check_hit": MANAGERS_POST,
    "provisioning:send_tag": MANAGERS_POST,
    "provisioning:settings": {key: 302 if value == 200 else value for key, value in MANAGERS.items()},
    "provisioning:retention": MANAGERS_POST,
    "provisioning:measurement": MANAGERS_POST,
    "provisioning:key_events": MANAGERS_POST,
}
# Addresses that take a POST, held to it where they are tested.
VERBS = {
    "outside:share", "outside:make_link", "outside:revoke_link",
    "embed:make_key", "embed:revoke_key", "embed:end_tokens", "embed:list_sites", "embed:end_tokens_of_view",
    "embed:access_token", "embed:token", "embed:authorize", "embed:collect", "embed:query", "embed:realtime",
    "provisioning:invited", "provisioning:invited_renew", "provisioning:arrival_code",
    "provisioning:arrival_confirm",
    "takeout:archive",
    "google:connect", "google:renew", "google:disconnect", "google:service_account", "google:check",
    "google_login", "socialaccount_connections", "accounts:end_sessions", "accounts:show_by_mail",
    "accounts:invitation", "accounts:invitation_renew", "accounts:invite", "accounts:resend",
    "provisioning:doctor", "dashboards:doctor", "google:doctor",
    "accounts:withdraw", "provisioning:choose", "provisioning:details", "provisioning:authorise",
    "provisioning:properties", "provisioning:use", "provisioning:list_again", "provisioning:use_existing",
    "provisioning:check_hit", "provisioning:send_tag", "provisioning:retention", "provisioning:measurement",
    "provisioning:key_events", "provisioning:create_instead", "provisioning:terms", "provisioning:advance",
    "provisioning:cancel", "provisioning:skip_sharing", "accounts:change_role", "accounts:remove_member",
}  # fmt: skip

# allauth's own pages: sign-in, sign-out, a person's own account. They show nothing of a tenant.
ALLAUTH = {
    "account_signup", "account_login", "account_logout", "account_reauthenticate", "account_inactive",
    "account_change_password", "account_set_password", "account_email", "account_confirm_email",
    "account_email_verification_sent", "account_reset_password", "account_reset_password_done",
    "account_confirm_login_code", "account_request_login_code", "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_add_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}  # fmt: skip


def _patterns(resolver: URLResolver, namespaces: list[str]) -> Iterator[tuple[str, URLPattern, list[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inside = namespaces + ([entry.namespace] if entry.namespace else [])
            yield from _patterns(entry, inside)
        else:
            yield ":".join([*namespaces, entry.name or str(entry.pattern)]), entry, namespaces


ADDRESSES = list(_patterns(get_resolver(), []))


def test_every_address_is_in_a_table():
    own = {name for name, _, namespaces in ADDRESSES if "admin" not in namespaces}
    assert own - ALLAUTH == set(TABLE)


@pytest.mark.parametrize(("name", "pattern", "namespaces"), ADDRESSES, ids=[each[0] for each in ADDRESSES])
def test_every_view_says_who_may_call_it(name, pattern, namespaces):
    assert access_mark(pattern.callback, namespaces)


@pytest.fixture
def people(cast: Cast) -> dict[str, User | None]:
    """Every kind of person, seen from alice's client."""
    chosen = factories.person("carol@acme.example", "viewer", cast.tenant)
    with all_tenants(reason="a test's set-up"):
        Membership.objects.filter(user=chosen).update(all_views=False)
    return {
        "anonymous": None,
        "outsider": cast.charlie,
        "viewer": cast.bob,
        "chosen": chosen,
        "owner": cast.alice,
        "staff": cast.dana,
        "other_staff": cast.erin,
        "agency": cast.olivia,
    }


def _address(name: str, cast: Cast) -> str:
    with all_tenants(reason="a test's set-up"):
        widget = Widget.objects.filter(dashboard=cast.view.dashboard).first()
        rows = Widget.objects.filter(dashboard=cast.view.dashboard, kind="table").first()
        bobs = Membership.objects.get(user=cast.bob)
        shared = sharing.make(view=cast.view, made_by="alice@acme.example")
        embed_key = embed_keys.make(tenant=cast.tenant, name="Shop", made_by="alice").key
    issued = factories.invited(f"guest-of-{name}@acme.example", cast.tenant)
    look = factories.branded()
    wanted = [factories.RequestFactory(tenant=cast.tenant, user=cast.alice).pk]
    link, nobodys = factories.prepared("guest@acme.example", cast.tenant).token.value, uuid.uuid4()
    grant = factories.CredentialFactory(tenant=cast.tenant, kind="grant", subject="1", client_id="web").pk
    factories.CredentialFactory(state="works", last_success_at=timezone.now())
    known = {
        "dashboards:views": ["acme"],
        "dashboards:dashboard": ["acme", "site"],
        "dashboards:doctor": ["acme", "site"],
        "dashboards:data": ["acme", "site"],
        "dashboards:realtime": ["acme", "site"],
        "dashboards:csv": ["acme", "site", widget.pk],
        "dashboards:table": ["acme", "site", rows.pk],
        "dashboards:table_data": ["acme", "site", rows.pk],
        "embed:keys": ["acme"],
        "embed:make_key": ["acme"],
        "embed:end_tokens": ["acme"],
        "embed:revoke_key": ["acme", embed_key.pk],
        "embed:panel": ["acme", "site"],
        "embed:list_sites": ["acme", "site"],
        "embed:end_tokens_of_view": ["acme", "site"],
        "embed:access_token": ["acme", "site"],
        "outside:frame": [cast.view.pk],
        "outside:frame_data": [cast.view.pk],
        "outside:frame_now": [cast.view.pk],
        "outside:colour": ["1a73e8"],
        "outside:share": [shared.token.value],
        "outside:share_data": [shared.token.value],
        "outside:share_now": [shared.token.value],
        "outside:sharing": ["acme", "site"],
        "outside:make_link": ["acme", "site"],
        "outside:revoke_link": ["acme", "site", shared.link.pk],
        "accounts:invitation": [issued.token.value],
        "accounts:invitation_renew": [issued.token.value],
        "accounts:people": ["acme"],
        "accounts:invite": ["acme"],
        "accounts:resend": ["acme", issued.invitation.pk],
        "accounts:withdraw": ["acme", issued.invitation.pk],
        "accounts:change_role": ["acme", bobs.pk],
        "accounts:remove_member": ["acme", bobs.pk],
        "accounts:record": ["acme"],
        "accounts:record_csv": ["acme"],
        "takeout:page": ["acme"],
        "takeout:archive": ["acme"],
        "accounts:brand": [page_sheet(look.accent).digest],
        "accounts:admin_brand": [admin_sheet(look.accent).digest],
        "accounts:logo": [look.logo_digest],
        "provisioning:invited": [link],
        "provisioning:invited_renew": [link],
        "provisioning:arrival": [nobodys],
        "provisioning:arrival_code": [nobodys],
        "provisioning:arrival_confirm": [nobodys],
        "provisioning:request": wanted,
        "provisioning:doctor": wanted,
        "provisioning:details": wanted,
        "provisioning:authorise": wanted,
        "provisioning:terms": wanted,
        "provisioning:advance": wanted,
        "provisioning:cancel": wanted,
        "provisioning:skip_sharing": wanted,
        "google:grants": ["acme"],
        "google:connect": ["acme"],
        "google:doctor": ["acme", grant],
        "google:renew": ["acme", grant],
        "google:disconnect": ["acme", grant],
        "google:service_account": ["acme", grant],
        "google:check": ["acme", grant],
        "provisioning:properties": wanted,
        "provisioning:use": wanted,
        "provisioning:list_again": wanted,
        "provisioning:use_existing": wanted,
        "provisioning:create_instead": wanted,
        "provisioning:hit": wanted,
        "provisioning:check_hit": wanted,
        "provisioning:send_tag": wanted,
        "provisioning:settings": wanted,
        "provisioning:retention": wanted,
        "provisioning:measurement": wanted,
        "provisioning:key_events": wanted,
    }
    return reverse(name, args=known.get(name, []))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", TABLE)
def test_each_person_at_each_address(name, person, people, cast: Cast):
    client = Client()
    if people[person]:
        client.force_login(people[person])
    response = client.get(_address(name, cast))
    assert (name, person, response.status_code) == (name, person, TABLE[name][person])
    if person not in {"outsider", "other_staff", "agency"}:
        assert b"Rival secret" not in b"".join(response)  # some are streams


@pytest.mark.parametrize("name", [name for name in TABLE if ":" in name])
def test_what_is_not_there_answers_as_what_is_not_yours(name, cast: Cast):
    here = _address(name, cast)
    absent = here.replace("/acme/", "/nobody/")
    if here == absent:
        pytest.skip("no tenant in this address")
    client = Client()
    client.force_login(cast.charlie)
    theirs, nobodys = client.get(here), client.get(absent)
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert _same_words(theirs) == _same_words(nobodys)


def _same_words(response) -> bytes:
    """The page without what differs between any two: its one-time token."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", [name for name in TABLE if name != "dashboards:home"])
def test_pages_only_read(name, method, cast: Cast):
    client = Client()
    client.force_login(cast.alice)
    if method == "post" and name in VERBS:
        pytest.skip("takes a POST")
    assert getattr(client, method)(_address(name, cast)).status_code == 405
