"""The addresses that pages on other sites, and their servers, ask."""

from django.urls import path

from dashboards.embed import authorise_views, token_views

app_name = "embed"
urlpatterns = [
    path("embed/token", token_views.token, name="token"),
    path("embed/authorize", authorise_views.authorize, name="authorize"),
    path("embed/collect", authorise_views.collect, name="collect"),
]
