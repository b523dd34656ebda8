"""What a higher app may want to know of a credential."""

from django.dispatch import Signal

mended = Signal()
"""Somebody has just seen to `credential`, and it signs in: what had failed may be tried again."""

ended = Signal()
"""Google refuses `credential` for good, as `error` says; sent once, when that is first found."""
