"""The settings of a test run; loaded as a plugin, before Django reads them."""

import os

KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

os.environ.update(
    SECRET_KEY="only-for-tests-only-for-tests-only-for-tests-only-for",
    PORTAL_ENCRYPTION_KEYS=f"test:{KEY}",
    DEBUG="0",
    BASE_URL="http://testserver",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    CACHE_URL="locmemcache://",
    EMAIL_URL="memorymail://",
    MFA_REQUIRED="off",
    AGENCY_NAME="Northlight",
    AGENCY_CONTACT="hello@northlight.example",
    LANGUAGE_CODE="en",
    TIME_ZONE="UTC",
    # Nothing listens there: a test that reaches for Google without a stand-in fails at once.
    GOOGLE_CLIENT_ID="belvedere-demo.apps.googleusercontent.com",
    GOOGLE_CLIENT_SECRET="sandbox-secret",
    GOOGLE_AUTH_URI="http://127.0.0.1:9/o/oauth2/v2/auth",
    GOOGLE_TOKEN_URI="http://127.0.0.1:9/token",
    GOOGLE_REVOKE_URI="http://127.0.0.1:9/revoke",
    GOOGLE_CERTS_URI="http://127.0.0.1:9/oauth2/v3/certs",
    GOOGLE_USERINFO_URI="http://127.0.0.1:9/v1/userinfo",
    GOOGLE_V3_API="http://127.0.0.1:9",
    GOOGLE_TOS_URI="http://127.0.0.1:9/analytics/web/",
    GOOGLE_ADMIN_API="http://127.0.0.1:9",
    GOOGLE_DATA_API="http://127.0.0.1:9",
)
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:")
