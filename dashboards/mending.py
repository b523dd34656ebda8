"""What staff do when a view's figures are old or missing: verbs, without a request."""

from __future__ import annotations

from django.utils import timezone

from dashboards import flows, snapshots
from dashboards.models import Snapshot, View


def refresh_now(*, view: View) -> None:
    """Asks Google anew for what the view shows when it is opened, whatever failed or is still fresh.

    The other answers stay up and are asked again when somebody looks. How it went stands in the view's row.
    """
    snapshots.forgive(view)
    Snapshot.objects.filter(view=view).exclude(fresh_until=None).update(fresh_until=timezone.now())
    flows.refresh(view=view)
