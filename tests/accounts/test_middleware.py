"""A view that does not say who may call it answers nobody."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from accounts.middleware import AccessMarkMiddleware
from accounts.permissions import public


def _process(view):
    request = RequestFactory().get("/")
    request.resolver_match = ResolverMatch(view, (), {}, url_name="some-view")
    return AccessMarkMiddleware(lambda _: HttpResponse()).process_view(request, view, (), {})


def test_a_view_without_a_mark_is_refused():
    with pytest.raises(PermissionDenied):
        _process(lambda request: HttpResponse())


def test_a_view_with_a_mark_passes():
    assert _process(public("a test")(lambda request: HttpResponse())) is None
