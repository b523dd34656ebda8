"""The addresses of the portal's own pages."""

from django.urls import path

from dashboards import doctor_views, table_views, views
from dashboards.lists import pages

app_name = "dashboards"
urlpatterns = [
    path("", pages.home, name="home"),
    path("clients/<slug:tenant>/", pages.tenant_views, name="views"),
    path("clients/<slug:tenant>/views/<slug:view>/", views.dashboard, name="dashboard"),
    path("clients/<slug:tenant>/views/<slug:view>/doctor/", doctor_views.view_doctor, name="doctor"),
    path("clients/<slug:tenant>/views/<slug:view>/data.json", views.data, name="data"),
    path("clients/<slug:tenant>/views/<slug:view>/realtime.json", views.realtime_now, name="realtime"),
    path("clients/<slug:tenant>/views/<slug:view>/widgets/<uuid:widget>.csv", views.widget_csv, name="csv"),
    path("clients/<slug:tenant>/views/<slug:view>/widgets/<uuid:widget>/", table_views.table, name="table"),
    path(
        "clients/<slug:tenant>/views/<slug:view>/widgets/<uuid:widget>/data.json",
        table_views.table_data,
        name="table_data",
    ),
]
