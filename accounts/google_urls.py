"""The addresses of signing in with Google, by the names that allauth knows them by."""

from django.urls import path

from accounts.views import google

urlpatterns = [
    path("google/login/", google.begin, name="google_login"),
    path("google/login/callback/", google.back, name="google_callback"),
    path("google/", google.methods, name="socialaccount_connections"),
]
