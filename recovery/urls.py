from __future__ import annotations

from django.urls import path

from recovery import views

app_name = "recovery"
urlpatterns = [path("recovery/", views.desk, name="desk"), path("recovery/<str:reference>/link/", views.link, name="link")]
