from __future__ import annotations

from django.urls import path

from elevators import filing_views, views

app_name = "elevators"
urlpatterns = [
    path("file/", filing_views.code, name="file"),
    path("file/<str:code>/", filing_views.what, name="file_what"),
    path("file/<str:code>/who/", filing_views.who, name="file_who"),
    path("file/<str:code>/photos/", filing_views.photos, name="file_photos"),
    path("file/<str:code>/photos/<str:key>/", filing_views.photo, name="file_photo"),
    path("file/<str:code>/check/", filing_views.check, name="file_check"),
    path("file/<str:code>/discard/", filing_views.discard, name="file_discard"),
    path("filed/<str:reference>/", filing_views.filed, name="filed"),
    path("elevators/", views.elevators, name="elevators"),
    path("elevators/<str:code>/", views.elevator, name="elevator"),
    path("lift/<str:code>/", views.plate, name="plate"),
    path("incidents/", views.incidents, name="incidents"),
]
