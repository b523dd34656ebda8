"""The portal with the bare answers beside it, where one client may ask without end; it is counted as ever."""

from bench.bare.urls import urlpatterns
from dashboards.embed import frame_views, rates, share_views, token_views

WITHOUT_END = 10**9

for rate in (rates.REQUESTS_OF_TOKEN, rates.REQUESTS_OF_TENANT):
    rate.limit = WITHOUT_END
token_views.A_MINUTE_PER_KEY = WITHOUT_END
frame_views.A_MINUTE = share_views.A_MINUTE = WITHOUT_END

__all__ = ["urlpatterns"]
