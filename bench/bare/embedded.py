"""The portal, but that pages elsewhere get their answers from the file BARE_PAGE. For measurements."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare.embedded_urls"
