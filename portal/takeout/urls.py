"""The addresses of a client's data to take along."""

from django.urls import path

from portal.takeout import views

app_name = "takeout"
urlpatterns = [
    path("clients/<slug:tenant>/export/", views.page, name="page"),
    path("clients/<slug:tenant>/export/archive/", views.archive, name="archive"),
]
