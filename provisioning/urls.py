"""The addresses of provisioning."""

from django.urls import path

from provisioning.views import (
    arrival,
    callbacks,
    choosing,
    doctoring,
    finished,
    invited,
    properties,
    property_settings,
    request,
)

app_name = "provisioning"
ONE = "<uuid:request_id>/"
urlpatterns = [
    path("", choosing.choose, name="choose"),
    path("oauth/callback", callbacks.consent, name="consented"),
    path("tos/callback", callbacks.accepted, name="accepted"),
    path("invite/<slug:token>/", invited.invited, name="invited"),
    path("invite/<slug:token>/renew/", invited.renew, name="invited_renew"),
    path("arrival/<uuid:arrival_id>/", arrival.show, name="arrival"),
    path("arrival/<uuid:arrival_id>/code/", arrival.send_code, name="arrival_code"),
    path("arrival/<uuid:arrival_id>/confirm/", arrival.confirm, name="arrival_confirm"),
    path(ONE, request.show, name="request"),
    path(f"{ONE}doctor/", doctoring.request, name="doctor"),
    path(f"{ONE}details/", request.details, name="details"),
    path(f"{ONE}authorise/", request.authorise, name="authorise"),
    path(f"{ONE}terms/", request.accept, name="terms"),
    path(f"{ONE}advance/", request.advance, name="advance"),
    path(f"{ONE}cancel/", request.cancel, name="cancel"),
    path(f"{ONE}without-sharing/", request.skip_sharing, name="skip_sharing"),
    path(f"{ONE}properties/", properties.properties, name="properties"),
    path(f"{ONE}properties/use/", properties.use, name="use"),
    path(f"{ONE}properties/list/", properties.list_again, name="list_again"),
    path(f"{ONE}use-existing/", properties.use_existing, name="use_existing"),
    path(f"{ONE}create-instead/", properties.create_instead, name="create_instead"),
    path(f"{ONE}hit.json", finished.hit, name="hit"),
    path(f"{ONE}hit/", finished.check_hit, name="check_hit"),
    path(f"{ONE}send-tag/", finished.send_tag, name="send_tag"),
    path(f"{ONE}settings/", property_settings.show, name="settings"),
    path(f"{ONE}settings/retention/", property_settings.retention, name="retention"),
    path(f"{ONE}settings/measurement/", property_settings.measurement, name="measurement"),
    path(f"{ONE}settings/key-events/", property_settings.key_events, name="key_events"),
]
