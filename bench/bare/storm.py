"""The settings that go with `unlimited`."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare.unlimited"
