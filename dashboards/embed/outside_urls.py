"""The addresses of dashboards for people who have not signed in: frames, and links to share."""

from django.urls import path, re_path

from dashboards.embed import frame_views, library, share_views, sharing_views

app_name = "outside"
FRAME = "embed/views/<uuid:view>/"
SHARE = "share/<slug:token>/"
SHARING = "clients/<slug:tenant>/views/<slug:view>/sharing/"
urlpatterns = [
    path("embed/frames.js", library.script, {"part": "frames"}, name="frames"),
    path(FRAME, frame_views.frame, name="frame"),
    path(f"{FRAME}data.json", frame_views.data, name="frame_data"),
    path(f"{FRAME}realtime.json", frame_views.now, name="frame_now"),
    re_path(r"^embed/colour-(?P<accent>[0-9a-f]{6})\.css$", frame_views.colour, name="colour"),
    path(SHARE, share_views.share, name="share"),
    path(f"{SHARE}data.json", share_views.data, name="share_data"),
    path(f"{SHARE}realtime.json", share_views.now, name="share_now"),
    path(SHARING, sharing_views.sharing_page, name="sharing"),
    path(f"{SHARING}make/", sharing_views.make, name="make_link"),
    path(f"{SHARING}<uuid:link>/revoke/", sharing_views.revoke, name="revoke_link"),
]
