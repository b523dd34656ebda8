"""The addresses that pages on other sites, and their servers, ask."""

from django.urls import path

from dashboards.embed import authorise_views, handout_views, library, pages, query_views, token_views

app_name = "embed"
CLIENT = "clients/<slug:tenant>/embedding/"
VIEW = "clients/<slug:tenant>/views/<slug:view>/"
urlpatterns = [
    path("embed/platform.js", library.script, {"part": "platform"}, name="platform"),
    path("embed/charts.js", library.script, {"part": "charts"}, name="charts"),
    path("embed/geo.js", library.script, {"part": "geo"}, name="geo"),
    path(CLIENT, pages.key_page, name="keys"),
    path(f"{CLIENT}make/", pages.make_key, name="make_key"),
    path(f"{CLIENT}end-tokens/", pages.end_tokens, name="end_tokens"),
    path(f"{CLIENT}<uuid:key>/revoke/", pages.revoke_key, name="revoke_key"),
    path(f"{VIEW}embed/", pages.panel, name="panel"),
    path(f"{VIEW}embed/sites/", pages.list_sites, name="list_sites"),
    path(f"{VIEW}embed/end-tokens/", pages.end_tokens_of_view, name="end_tokens_of_view"),
    path(f"{VIEW}access-token", handout_views.access_token, name="access_token"),
    path("embed/query", query_views.query, name="query"),
    path("embed/realtime", query_views.realtime_now, name="realtime"),
    path("embed/summaries", query_views.account_summaries, name="summaries"),
    path("embed/token", token_views.token, name="token"),
    path("embed/authorize", authorise_views.authorize, name="authorize"),
    path("embed/collect", authorise_views.collect, name="collect"),
]
