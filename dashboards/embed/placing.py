"""Where a view may be embedded: the sites it lists."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts import bulk
from dashboards.models import View


@transaction.atomic
def list_sites(*, view: View, sites: Sequence[str], by: int) -> None:
    """From now on exactly these sites, as browsers write them, may show the view; `by` is a person's id.

    Tokens for a site that is no longer listed end with it.
    """
    if list(sites) == view.origins:
        return
    view.origins = list(sites)
    view.save(update_fields=["origins"])
    bulk.note(rows=[view], message=f"Sites that may embed it: {', '.join(sites) or 'none'}.", by=by)
