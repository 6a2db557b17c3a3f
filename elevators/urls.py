from __future__ import annotations

from django.urls import path

from elevators.views import filing, register

app_name = "elevators"
urlpatterns = [
    path("file/", filing.code, name="file"),
    path("file/<str:code>/", filing.what, name="file_what"),
    path("file/<str:code>/who/", filing.who, name="file_who"),
    path("file/<str:code>/photos/", filing.photos, name="file_photos"),
    path("file/<str:code>/photos/<str:key>/", filing.photo, name="file_photo"),
    path("file/<str:code>/check/", filing.check, name="file_check"),
    path("file/<str:code>/discard/", filing.discard, name="file_discard"),
    path("filed/<str:reference>/", filing.filed, name="filed"),
    path("elevators/", register.elevators, name="elevators"),
    path("elevators/<str:code>/", register.elevator, name="elevator"),
    path("lift/<str:code>/", register.plate, name="plate"),
    path("incidents/", register.incidents, name="incidents"),
]
