"""The portal with the bare page beside it."""

from django.urls import include, path

urlpatterns = [path("", include("bench.bare.pages")), path("", include("portal.urls"))]
