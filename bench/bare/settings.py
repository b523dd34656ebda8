"""The portal's settings, with one page more: the bare one. For measurements, never part of the portal."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare.urls"
