"""Every row of the token endpoint's error tables, and the kind that it becomes for each who asks."""

import json

import pytest

from google_api import errors
from google_api.refusals import Refusal
from google_api.token_refusals import code_error, refresh_error, revoke_error, token_error

JUDGES = [token_error, code_error, refresh_error, revoke_error]


def refusal(status, error, description="", **more):
    answer = {"error": error, "error_description": description, **more}
    return Refusal(status, {}, json.dumps(answer).encode())


# Whoever asks


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize(
    "error", ["invalid_grant", "invalid_request", "invalid_client", "invalid_token", "new"]
)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (502, errors.ServerError),
        (503, errors.ServerError),
    ],
)
def test_what_passes_by_itself_is_never_permanent_whatever_words_come_with_it(judge, error, status, kind):
    made = judge(refusal(status, error, "Token has been expired or revoked."))
    assert (type(made), made.permanent, made.log_detail) == (kind, False, f"{status} {error}")


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize(
    ("error", "description", "kind"),
    [
        ("internal_failure", "Backend Error", "server_error"),
        ("new_error", "internal_failure", "server_error"),
        ("temporarily_unavailable", "", "server_error"),
        ("rate_limit_exceeded", "", "rate_limited"),
    ],
)
def test_nor_is_a_fault_that_comes_as_400(judge, error, description, kind):
    made = judge(refusal(400, error, description))
    assert (made.code, made.permanent) == (kind, False)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b'{"error": 5}', b'{"error_description": []}'])
def test_an_answer_without_a_reason_goes_by_its_status(judge, body):
    codes = [judge(Refusal(status, {}, body)).code for status in (302, 400, 404, 429, 500)]
    assert codes == ["bad_answer", "bad_answer", "bad_answer", "rate_limited", "server_error"]


def test_a_rate_limit_says_how_long_to_wait():
    asked = Refusal(429, {"retry-after": "7"}, b'{"error": "invalid_request"}')
    assert refresh_error(asked).retry_after == 7.0


# People, the OAuth client, and what their organization says

CLIENT_ROWS = [
    (401, "invalid_client", "The OAuth client was not found.", "client_unknown"),
    (401, "invalid_client", "The provided client secret is invalid.", "client_secret_wrong"),
    (401, "invalid_client", "Unauthorized", "client_secret_wrong"),
    (401, "invalid_client", "Something new", "client_refused"),
    (401, "deleted_client", "The OAuth client was deleted.", "client_deleted"),
    (401, "disabled_client", "The OAuth client was disabled.", "client_disabled"),
    (400, "admin_policy_enforced", "x", "admin_policy_enforced"),
    (403, "org_internal", "This client is restricted to users within its organization.", "org_internal"),
    (400, "invalid_scope", "Bad Request", "scope_refused"),
    (400, "unsupported_grant_type", "Invalid grant_type: x", "sign_in_refused"),
    (400, "invalid_request", "Bad Request", "sign_in_refused"),
    (400, "new_error", "", "bad_answer"),
]


@pytest.mark.parametrize("judge", [code_error, refresh_error])
@pytest.mark.parametrize(("status", "error", "description", "kind"), CLIENT_ROWS)
def test_what_is_wrong_with_the_client_or_the_organization(judge, status, error, description, kind):
    made = judge(refusal(status, error, description))
    assert (made.code, made.status) == (kind, status)


@pytest.mark.parametrize(("status", "error", "description", "kind"), CLIENT_ROWS)
def test_only_an_invalid_grant_ends_a_grant(status, error, description, kind):
    assert not isinstance(refresh_error(refusal(status, error, description)), errors.InvalidGrant)


# People and their codes


@pytest.mark.parametrize(
    ("error", "description", "kind"),
    [
        ("invalid_grant", "Bad Request", "code_refused"),
        ("invalid_grant", "Malformed auth code.", "code_refused"),
        ("invalid_grant", "", "code_refused"),
        ("invalid_grant", "Invalid code verifier.", "verifier_refused"),
        ("invalid_grant", "Missing code verifier.", "verifier_refused"),
        ("invalid_grant", "code_verifier or verifier is not needed.", "verifier_refused"),
        ("redirect_uri_mismatch", "Bad Request", "redirect_refused"),
        ("unauthorized_client", "Unauthorized", "client_refused"),
    ],
)
def test_a_refused_code(error, description, kind):
    made = code_error(refusal(400, error, description))
    assert (made.code, isinstance(made, errors.InvalidGrant)) == (kind, False)


# People and their refresh tokens


@pytest.mark.parametrize(
    ("description", "more", "kind"),
    [
        ("Token has been expired or revoked.", {}, "grant_revoked"),
        ("Bad Request", {}, "grant_ended"),
        ("", {}, "grant_ended"),
        ("The account has been deleted", {}, "google_account_gone"),
        ("reauth related error (invalid_rapt)", {"error_subtype": "invalid_rapt"}, "session_expired"),
        ("x", {"error_subtype": "rapt_required"}, "session_expired"),
        ("Bad Request", {"error_subtype": "something_new"}, "grant_ended"),
        ("Bad Request", {"error_subtype": 5}, "grant_ended"),
    ],
)
def test_an_ended_grant(description, more, kind):
    made = refresh_error(refusal(400, "invalid_grant", description, **more))
    assert (made.code, isinstance(made, errors.GrantEnded)) == (kind, True)


def test_the_subtype_reaches_the_log():
    made = refresh_error(refusal(400, "invalid_grant", "x", error_subtype="invalid_rapt"))
    assert made.log_detail == "400 invalid_grant invalid_rapt"


def test_a_subtype_ends_nothing_by_itself():
    assert (
        refresh_error(refusal(503, "invalid_grant", "x", error_subtype="invalid_rapt")).code == "server_error"
    )


def test_a_token_of_another_client_is_not_ended():
    made = refresh_error(refusal(401, "unauthorized_client", "Unauthorized"))
    assert (made.code, isinstance(made, errors.InvalidGrant)) == ("other_client", False)


# What people end


@pytest.mark.parametrize(
    ("error", "description", "kind"),
    [
        ("invalid_token", "Token expired or revoked", "grant_ended"),
        ("invalid_grant", "x", "grant_ended"),
        ("invalid_request", "Token is not revocable.", "not_revocable"),
        ("unsupported_token_type", "", "not_revocable"),
        ("invalid_request", "Bad Request", "sign_in_refused"),
    ],
)
def test_a_refusal_to_revoke(error, description, kind):
    assert revoke_error(refusal(400, error, description)).code == kind


# Service accounts


@pytest.mark.parametrize(
    ("status", "error", "description", "kind"),
    [
        (400, "invalid_grant", "Invalid JWT Signature.", "key_refused"),
        (400, "invalid_grant", "Invalid grant: account not found", "service_account_gone"),
        (400, "invalid_grant", "Not a valid email or user ID.", "service_account_gone"),
        (400, "invalid_grant", "Invalid email or User ID", "service_account_gone"),
        (400, "invalid_grant", "The account has been deleted", "service_account_gone"),
        (
            400,
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
            "clock_wrong",
        ),
        (400, "invalid_grant", "Invalid JWT: Failed audience check.", "sign_in_refused"),
        (400, "invalid_grant", "Invalid JWT: iat (issued at) is not set.", "sign_in_refused"),
        (400, "invalid_grant", "Token has been expired or revoked.", "invalid_grant"),
        (400, "invalid_grant", "Bad Request", "invalid_grant"),
        (400, "invalid_grant", "", "invalid_grant"),
        (400, "invalid_request", "Bad Request", "sign_in_refused"),
        (400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.", "scope_refused"),
        (400, "unsupported_grant_type", "Invalid grant_type: x", "sign_in_refused"),
        (401, "invalid_client", "The OAuth client was not found.", "client_refused"),
        (401, "unauthorized_client", "Unauthorized client or scope in request.", "client_refused"),
        (403, "access_denied", "Requested client not authorized.", "client_refused"),
        (401, "deleted_client", "The OAuth client was deleted.", "client_disabled"),
        (401, "disabled_client", "The OAuth client was disabled.", "client_disabled"),
        (400, "admin_policy_enforced", "x", "policy_forbids"),
        (
            403,
            "org_internal",
            "This client is restricted to users within its organization.",
            "policy_forbids",
        ),
        (400, "internal_failure", "Backend Error", "server_error"),
        (400, "new_error", "internal_failure", "server_error"),
        (500, "internal_failure", "", "server_error"),
        (503, "temporarily_unavailable", "", "server_error"),
        (429, "rate_limit_exceeded", "", "rate_limited"),
        (429, "new_error", "", "rate_limited"),
        (400, "new_error", "", "bad_answer"),
        (503, "new_error", "", "server_error"),
    ],
)
def test_a_service_account_s_refusal(status, error, description, kind):
    made = token_error(refusal(status, error, description))
    assert (made.code, made.status) == (kind, status)
