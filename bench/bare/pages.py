"""The bare page: who is asking is looked up, and the answer's bytes are a constant, read from BARE_PAGE."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from accounts.permissions import public
from portal import health


@cache
def constant() -> bytes:
    """What BARE_PAGE holds."""
    return Path(os.environ["BARE_PAGE"]).read_bytes()


@public("a constant, for measurements")
def bare(request: HttpRequest) -> HttpResponse:
    """The constant, for whoever is signed in."""
    assert request.user.is_authenticated
    return HttpResponse(constant())


@cache
def _facts() -> Any:
    return json.loads(constant())


@public("a constant, for measurements")
def bare_json(request: HttpRequest) -> JsonResponse:
    """The constant as an answer in JSON, for anybody."""
    return JsonResponse(_facts())


urlpatterns = [path("bench/bare/", bare), path("bench/bare.json", bare_json), path("readyz", health.readyz)]
