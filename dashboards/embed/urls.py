"""The addresses that pages on other sites, and their servers, ask."""

from django.urls import path

from dashboards.embed import token_views

app_name = "embed"
urlpatterns = [
    path("embed/token", token_views.token, name="token"),
]
