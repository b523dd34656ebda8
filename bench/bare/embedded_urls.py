"""The library as the portal serves it, and the constant for whatever it asks."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from accounts.permissions import public
from bench.bare.pages import constant
from dashboards.embed.cors import cross_origin


@public("a constant, for measurements")
@csrf_exempt
@cross_origin("POST")
def answers(request: HttpRequest) -> HttpResponse:
    """All the page's answers at once, without looking at what was asked."""
    return HttpResponse(constant(), content_type="application/json", headers={"Cache-Control": "no-store"})


urlpatterns = [path("embed/query", answers), path("", include("portal.urls"))]
