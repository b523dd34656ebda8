"""The portal as a WSGI application."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from portal import start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
try:
    application = get_wsgi_application()
    start.check()
except ImproperlyConfigured as error:
    raise SystemExit(f"Belvedere cannot start: {error}") from error
