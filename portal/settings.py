"""All settings, read from the environment (`.env.example` shows them)."""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal import environment as settings_from

BASE_DIR = Path(__file__).resolve().parent.parent
env = settings_from.environment(BASE_DIR)

# Where the portal lives and who runs it
DEBUG = settings_from.flag(env, "DEBUG", default=False)
SECRET_KEY = settings_from.secret(
    env, "SECRET_KEY", "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
)
BASE_URL = settings_from.address(env, "BASE_URL", "http://localhost:8000")
_host = urlsplit(BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = settings_from.read(env, "list", "ALLOWED_HOSTS", default=[_host])
TRUSTED_PROXY = settings_from.read(env, "int", "TRUSTED_PROXY", default=0)
AGENCY_NAME = env.str("AGENCY_NAME", default="Belvedere")
AGENCY_CONTACT = env.str("AGENCY_CONTACT", default="")
SIGNUP = settings_from.choice(env, "SIGNUP", ("invited", "open"))
MFA_REQUIRED = settings_from.choice(env, "MFA_REQUIRED", ("staff", "everybody", "off"))
ASK_AGAIN_AFTER = settings_from.checked(
    "ASK_AGAIN_AFTER",
    settings_from.read(env, "int", "ASK_AGAIN_AFTER", default=30),
    settings_from.positive,
    "a number of minutes above 0",
)
PORTAL_ENCRYPTION_KEYS = settings_from.encryption_keys(
    settings_from.secret(env, "PORTAL_ENCRYPTION_KEYS", "`manage.py new_key` prints one.")
)

# What the portal is to Google: a client of a Cloud project. Without the id, what needs consent is hidden.
GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = settings_from.secret_of(env, "GOOGLE_CLIENT_SECRET", "GOOGLE_CLIENT_ID")
GOOGLE_DESKTOP_CLIENT_ID = env.str("GOOGLE_DESKTOP_CLIENT_ID", default="")
GOOGLE_DESKTOP_CLIENT_SECRET = settings_from.secret_of(
    env, "GOOGLE_DESKTOP_CLIENT_SECRET", "GOOGLE_DESKTOP_CLIENT_ID"
)
PROVISIONING_API = settings_from.choice(env, "PROVISIONING_API", ("admin", "v3"))

# Where Google lives
GOOGLE_AUTH_URI = settings_from.address(
    env, "GOOGLE_AUTH_URI", "https://accounts.google.com/o/oauth2/v2/auth"
)
GOOGLE_TOKEN_URI = settings_from.address(env, "GOOGLE_TOKEN_URI", "https://oauth2.googleapis.com/token")
GOOGLE_REVOKE_URI = settings_from.address(env, "GOOGLE_REVOKE_URI", "https://oauth2.googleapis.com/revoke")
GOOGLE_CERTS_URI = settings_from.address(
    env, "GOOGLE_CERTS_URI", "https://www.googleapis.com/oauth2/v3/certs"
)
GOOGLE_USERINFO_URI = settings_from.address(
    env, "GOOGLE_USERINFO_URI", "https://openidconnect.googleapis.com/v1/userinfo"
)
GOOGLE_ADMIN_API = settings_from.address(env, "GOOGLE_ADMIN_API", "https://analyticsadmin.googleapis.com")
GOOGLE_DATA_API = settings_from.address(env, "GOOGLE_DATA_API", "https://analyticsdata.googleapis.com")
GOOGLE_V3_API = settings_from.address(env, "GOOGLE_V3_API", "https://analytics.googleapis.com")
GOOGLE_TOS_URI = settings_from.address(env, "GOOGLE_TOS_URI", "https://analytics.google.com/analytics/web/")

INSTALLED_APPS = [
    "portal.apps.PortalConfig",  # first: its db_worker stands in front of django-tasks-db's
    "dashboards.apps.DashboardsConfig",
    "provisioning.apps.ProvisioningConfig",
    "accounts.apps.AccountsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "portal.middleware.TelemetryMiddleware",  # first: whatever answers is counted, and has its id
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.headers.PermissionsPolicyMiddleware",
    "accounts.sessions.SignedSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.audit.facts.RecordFactsMiddleware",
    "accounts.middleware.AccessMarkMiddleware",
    "accounts.guard.GuardMiddleware",
    "accounts.middleware.AdminScopeMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.agency",
            ],
        },
    }
]
FORM_RENDERER = "portal.form_labels.Renderer"

# Data. SQLite by default; IMMEDIATE keeps two writers from failing half-way through a transaction.
DATABASES = {
    "default": settings_from.url(
        env, "db_url", "DATABASE_URL", default=f"sqlite:///{BASE_DIR}/var/belvedere.sqlite3"
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 60  # opening the file costs more than most requests
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"]["OPTIONS"] = {
        # Nobody waits for ever: for a database that does not answer or has gone without a word, or for a row
        # or table that somebody else holds. What DATABASE_URL says of these comes before.
        "connect_timeout": 5,  # seconds
        "tcp_user_timeout": 30_000,  # milliseconds
        "options": "-c lock_timeout=5s",
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database by default: memory of a process would multiply rate limits by the number of processes.
CACHES = {"default": settings_from.read(env, "cache_url", "CACHE_URL", default="dbcache://cache_entries")}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True  # this device, for SESSION_COOKIE_AGE
ACCOUNT_LOGIN_BY_CODE_ENABLED = True  # sent by mail, instead of a password
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mails take their time
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
SOCIALACCOUNT_ADAPTER = "accounts.google_sign_in.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address alone opens nobody's account
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "SCOPE": ["openid", "email", "profile"],
        "AUTH_PARAMS": {"access_type": "online"},
        "OAUTH_PKCE_ENABLED": True,
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of changes of how somebody signs in
ACCOUNT_REAUTHENTICATION_REQUIRED = MFA_REAUTHENTICATION_REQUIRED = False  # accounts.guard asks, once for all
MFA_ADAPTER = "provisioning.second_factors.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # telephones' clocks differ: also the code before and the one after
MFA_FORMS = {
    "authenticate": "accounts.second_step_forms.AuthenticateForm",
    "reauthenticate": "accounts.second_step_forms.ReauthenticateForm",
    "add_webauthn": "accounts.second_step_forms.AddPasskeyForm",
}
SESSION_ENGINE = "provisioning.sealed_sessions"

# Mail
EMAIL_CONFIG = settings_from.url(env, "email_url", "EMAIL_URL", default="consolemail://")
globals().update(EMAIL_CONFIG)
DELIVERY_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_BACKEND = "provisioning.outbox.backend.EmailBackend"  # keeps what the mail server does not take
EMAIL_TIMEOUT = 10  # seconds; somebody waits for the page
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{AGENCY_NAME} <portal@{_host}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Language and time. A view's days are its property's; this is the zone of the agency's own pages.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
TIME_ZONE = settings_from.checked(
    "TIME_ZONE", env.str("TIME_ZONE", default="UTC"), ZoneInfo, "a time zone such as Europe/Rome"
)
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# Files served
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.static_files.HashedStaticFiles"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "portal.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # views made of 500 properties at once: seven fields to a line

# What browsers are told. Cookies are Lax: Strict would lose every return from Google.
_https = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}

DEFAULT_EXCEPTION_REPORTER_FILTER = "portal.reports.ReportFilter"
# What the portal tells of itself: docs/monitoring.md
LOG_FORMAT = settings_from.choice(env, "LOG_FORMAT", settings_from.log_formats(debug=DEBUG))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": "portal.logs.formatter", "kind": LOG_FORMAT}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
METRICS_DIR = env.str("METRICS_DIR", default=str(BASE_DIR / "var" / "metrics"))
METRICS_TOKEN = settings_from.optional_secret(env, "METRICS_TOKEN")
