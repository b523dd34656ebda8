"""What a token opens by now: its own views, on its own site, until somebody ends it."""

import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import Membership
from accounts.tenancy import all_tenants, tenant_scope
from dashboards.embed import keys, revoking, tokens
from dashboards.embed.access import grant_of
from dashboards.embed.errors import V3Error
from dashboards.embed.keys import Issued
from dashboards.models import View
from tests import factories
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP


def asked(text: str, origin: str | None = SHOP, **parameters: str):
    """A page's request with a token."""
    headers = {"authorization": f"Bearer {text}"} if text else {}
    if origin is not None:
        headers["origin"] = origin
    return RequestFactory().get("/embed/query", parameters, headers=headers)


def refusal(request, **how) -> tuple[int, str]:
    """Status and sentence of a refusal; (200, "") without one."""
    try:
        grant_of(request, **how)
    except V3Error as error:
        return error.code, error.message
    return 200, ""


REVOKED = (401, "Invalid Credentials: the token was revoked.")


def test_a_token_opens_its_views(shop: Cast, token: str):
    grant = grant_of(asked(token))
    assert (grant.tenant, grant.views) == (shop.tenant, (shop.view,))


def test_a_token_may_stand_in_the_address(shop: Cast, token: str):
    assert grant_of(asked("", access_token=token)).views == (shop.view,)


def test_one_query_opens_what_a_key_was_given(token: str, django_assert_num_queries):
    with django_assert_num_queries(1):
        grant = grant_of(asked(token))
        assert (grant.views[0].credential.name, grant.views[0].tenant.name, grant.tenant.is_paused) == (
            "robot",
            "Acme",
            False,
        )


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", 401, "Login Required: send a token of this portal's as “Authorization: Bearer …”."),
        ("nonsense", 401, "Invalid Credentials: this is no token of this portal's."),
        ("non.sense", 401, "Invalid Credentials: this is no token of this portal's."),
    ],
)
def test_without_a_token_there_is_nothing(db, text, code, sentence):
    assert refusal(asked(text)) == (code, sentence)


def test_an_embed_key_is_no_token(issued: Issued):
    code, sentence = refusal(asked(issued.token.value))
    assert (code, sentence) == (
        401,
        "This is an embed key, which belongs on your server alone. Revoke it, and send a token.",
    )


def test_an_expired_token_says_so(token: str, monkeypatch):
    now = timezone.now().timestamp()
    monkeypatch.setattr(tokens.time, "time", lambda: now + 700)
    assert refusal(asked(token)) == (
        401,
        "Invalid Credentials: the token has expired. Ask your server for a new one.",
    )


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://shop.example", f"{SHOP}:8443", "null", "", None]
)
def test_another_site_is_refused(token: str, origin):
    assert refusal(asked(token)) == (200, "")
    assert refusal(asked(token, origin)) == (403, "This token is for another site.")


def test_a_frame_asks_from_the_portals_own_pages(token: str):
    assert refusal(asked(token, None), framed=True) == (200, "")


def _ended_by(shop: Cast, issued: Issued, what: str) -> None:
    with all_tenants(reason="a test's set-up"):
        {
            "key": lambda: keys.revoke(key=issued.key, by="alice"),
            "view": lambda: revoking.end_tokens_of_view(view=shop.view, by="alice"),
            "tenant": lambda: revoking.end_tokens_of_tenant(tenant=shop.tenant, by="alice"),
            "installation": lambda: revoking.end_all_tokens(by="olivia"),
            "site": lambda: View.objects.filter(pk=shop.view.pk).update(origins=[]),
            "gone": lambda: shop.view.delete(),
        }[what]()


@pytest.mark.parametrize("what", ["key", "view", "tenant", "installation", "site", "gone"])
def test_a_token_can_be_ended_at_once(shop: Cast, issued: Issued, token: str, what):
    assert refusal(asked(token)) == (200, "")
    _ended_by(shop, issued, what)
    assert refusal(asked(token)) == REVOKED


@pytest.mark.parametrize("what", ["view", "tenant", "installation"])
def test_what_is_issued_afterwards_counts(shop: Cast, issued: Issued, what):
    for _ in range(2):
        _ended_by(shop, issued, what)
    after, _seconds = tokens.issue(key=issued.key, views=[shop.view], origin=SHOP, ttl=600)
    assert refusal(asked(after)) == (200, "")


def test_ending_one_clients_tokens_leaves_the_others(shop: Cast, token: str):
    with all_tenants(reason="a test's set-up"):
        revoking.end_tokens_of_tenant(tenant=shop.other, by="charlie")
        revoking.end_tokens_of_view(view=shop.other_view, by="charlie")
    assert refusal(asked(token)) == (200, "")


def test_ending_one_views_tokens_leaves_the_tokens_other_views(shop: Cast, issued: Issued):
    second = factories.ViewFactory(tenant=shop.tenant, origins=[SHOP])
    both, _seconds = tokens.issue(key=issued.key, views=[shop.view, second], origin=SHOP, ttl=600)
    with all_tenants(reason="a test's set-up"):
        revoking.end_tokens_of_view(view=shop.view, by="alice")
    assert grant_of(asked(both)).views == (second,)


def test_a_paused_clients_token_says_so(shop: Cast, token: str):
    shop.tenant.paused_at = timezone.now()
    with all_tenants(reason="a test's set-up"):
        shop.tenant.save()
    assert refusal(asked(token)) == (403, "These pages are paused. The agency can open them.")


def test_no_key_opens_another_clients_view(shop: Cast, issued: Issued):
    """Not even where such a token were signed: it is the key's client that counts."""
    mixed = [
        tokens.issue(key=issued.key, views=views, origin=SHOP, ttl=600)[0]
        for views in ([shop.other_view], [shop.other_view, shop.view], [shop.view, shop.other_view])
    ]
    assert [refusal(asked(each)) for each in mixed[:2]] == [REVOKED, REVOKED]
    assert grant_of(asked(mixed[2])).views == (shop.view,)


# A token of a signed-in person's


def _of(user, view) -> str:
    return tokens.issue(user=user, views=[view], origin=SHOP, ttl=600)[0]


def test_a_persons_token_opens_what_they_may_see(shop: Cast):
    found = {
        name: refusal(asked(_of(getattr(shop, name), shop.view)))[0]
        for name in ("alice", "bob", "charlie", "dana", "erin", "olivia")
    }
    assert found == {"alice": 200, "bob": 200, "charlie": 401, "dana": 200, "erin": 401, "olivia": 200}


def test_a_persons_token_ends_with_their_right(shop: Cast):
    text = _of(shop.bob, shop.view)
    assert refusal(asked(text)) == (200, "")
    with tenant_scope({shop.tenant.pk}):
        Membership.objects.filter(user=shop.bob).update(all_views=False)
    assert refusal(asked(text)) == REVOKED


def test_a_persons_token_ends_with_their_account(shop: Cast):
    text = _of(shop.bob, shop.view)
    shop.bob.is_active = False
    shop.bob.save()
    assert refusal(asked(text)) == REVOKED


def test_a_persons_token_ends_with_everybodys(shop: Cast):
    text = _of(shop.bob, shop.view)
    with all_tenants(reason="a test's set-up"):
        revoking.end_all_tokens(by="olivia")
    assert refusal(asked(text)) == REVOKED


# Which view


def _named(token: str, ids: str) -> object:
    try:
        return grant_of(asked(token)).view(ids)
    except V3Error as error:
        return error.code, error.reason


def test_a_view_is_named_by_its_number_or_its_old_one(shop: Cast, token: str):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=shop.view.pk).update(ua_view_id="12345678")
        View.objects.filter(pk=shop.other_view.pk).update(ua_view_id="87654321")
    names = [f"ga:{shop.view.embed_id}", str(shop.view.embed_id), "ga:12345678"]
    assert [_named(token, each) for each in names] == [shop.view] * 3
    absent = [f"ga:{shop.other_view.embed_id}", "ga:87654321", "ga:1", "ga:", "", "ga:١٢٣"]
    assert [_named(token, each) for each in absent] == [(403, "insufficientPermissions")] * 6


def test_every_clients_token_on_every_view_of_every_other(db):
    """Each client's token names each view there is, by each of its numbers: its own open, all others are
    refused in the same words as what is not there."""
    clients = [factories.TenantFactory() for _ in range(3)]
    views, texts = {}, {}
    for client in clients:
        made = [
            factories.ViewFactory(tenant=client, origins=[SHOP], ua_view_id=f"{8 + each}00{client.slug[7:]}")
            for each in range(2)
        ]
        with all_tenants(reason="a test's set-up"):
            key = keys.make(tenant=client, name="Shop", made_by="somebody").key
        views[client.pk] = made
        texts[client.pk] = tokens.issue(key=key, views=made, origin=SHOP, ttl=600)[0]
    found = {
        (mine == theirs, str(_named(texts[mine], f"ga:{number}")))
        for mine in texts
        for theirs, rows in views.items()
        for view in rows
        for number in (view.embed_id, view.ua_view_id)
    }
    assert found == {(True, "Whole site"), (False, "(403, 'insufficientPermissions')")}
