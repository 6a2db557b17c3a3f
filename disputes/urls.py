from __future__ import annotations

from django.urls import path

from disputes import views

app_name = "disputes"
urlpatterns = [path("disputes/", views.lawsuits, name="lawsuits")]
