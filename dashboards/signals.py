"""What a higher app may want to know of dashboards."""

from django.dispatch import Signal

served = Signal()
"""A page or a query is answered from stored reports: `states` says how many were fresh, stale or cold."""
