"""What a call to Google was for, told by its path: Google's hosts are settings, and a stand-in has but one.
Pure.
"""

import re
from functools import lru_cache

_READS = ("batchRunReports", "runReport", "runRealtimeReport", "checkCompatibility")
# The first that fits. https://developers.google.com/analytics/devguides/reporting/data/v1/rest
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    *((re.compile(rf":{name}$"), f"data.{name}") for name in _READS),
    (re.compile(r"/properties/[^/]+/metadata$"), "data.metadata"),
    (re.compile(r"/analytics/v3/"), "v3"),
    (re.compile(r"/v1(alpha|beta)/"), "admin"),
    (re.compile(r"/certs$"), "certs"),
    (re.compile(r"/userinfo$"), "userinfo"),
    (re.compile(r"/revoke$"), "revoke"),
    (re.compile(r"/token$"), "token"),
)


@lru_cache(maxsize=4096)
def kind_of(method: str, path: str) -> str:
    """One of a dozen names; of the Admin API `admin.read` or `admin.write`."""
    kind = next((kind for pattern, kind in _KINDS if pattern.search(path)), "other")
    if kind in {"admin", "v3"}:
        return f"{kind}.{'read' if method == 'GET' else 'write'}"
    return kind
