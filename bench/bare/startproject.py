"""The bare page behind nothing but what `django-admin startproject` sets up, on the portal's own database."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup()  # before the middleware goes: the portal's apps insist on theirs
settings.ROOT_URLCONF = "bench.bare.pages"
settings.MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "accounts.sessions.SignedSessionMiddleware",  # Django's does not know the portal's cookies
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
application = WSGIHandler()
