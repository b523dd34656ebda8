"""A property's quota at Google: what is left of it, and who holds its ten concurrent requests.

All processes share both through the database.
"""

import datetime
from dataclasses import asdict

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from dashboards.freshness import LOW_QUOTA, quota_left
from dashboards.models import PropertyUse, RequestSlots
from google_api.reports import Quota

CONCURRENT_REQUESTS = 10  # per property; a batch counts as the reports in it
HOLD = datetime.timedelta(
    seconds=100
)  # longer than a batch, its reports one by one, and what was cut of these


def remember(property_id: str, quota: Quota) -> None:
    """Keeps what Google's newest answer said of the property's quota."""
    PropertyUse.objects.update_or_create(
        property_id=property_id,
        defaults={
            "quota_left": quota_left(quota),
            "quota": asdict(quota),
            "quota_read_at": timezone.now(),
        },
    )


def left(property_id: str) -> float | None:
    """What is left of the scarcest bucket, 0 to 1; None when unknown or read over an hour ago."""
    since = timezone.now() - datetime.timedelta(hours=1)
    use = PropertyUse.objects.filter(pk=property_id, quota_read_at__gte=since).first()
    return use.quota_left if use else None


def is_low(property_id: str) -> bool:
    """Whether only the default questions may still be asked."""
    share = left(property_id)
    return share is not None and share < LOW_QUOTA


def take_slots(property_id: str, count: int) -> RequestSlots | None:
    """Holds `count` of the property's concurrent requests; None when too few are free."""
    PropertyUse.objects.get_or_create(property_id=property_id)
    with transaction.atomic():
        use = PropertyUse.objects.select_for_update().get(pk=property_id)
        now = timezone.now()
        use.slots.filter(until__lt=now).delete()
        held = use.slots.aggregate(held=Sum("count"))["held"] or 0
        if held + count > CONCURRENT_REQUESTS:
            return None
        return RequestSlots.objects.create(property_use=use, count=count, until=now + HOLD)


def free_slots(slots: RequestSlots) -> None:
    """Gives concurrent requests back."""
    RequestSlots.objects.filter(pk=slots.pk).delete()
