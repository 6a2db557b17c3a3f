from __future__ import annotations

from django.urls import path

from claims import views

app_name = "claims"
urlpatterns = [
    path("claims/", views.claims, name="claims"),
    path("claims/open/<str:reference>/", views.open_claim, name="open"),
    path("claims/<str:reference>/advance/", views.advance, name="advance"),
    path("claims/<str:reference>/people/<str:key>/", views.person, name="person"),
    path("claims/<str:reference>/link/", views.victim_link, name="victim_link"),
    path("claims/<str:reference>/worksheet/", views.worksheet, name="worksheet"),
    path("claims/<str:reference>/worksheet/preview/", views.preview, name="preview"),
    path("claims/<str:reference>/worksheet/base/", views.type_base, name="type_base"),
    path("claims/<str:reference>/worksheet/base/<int:key>/", views.confirm_base, name="confirm_base"),
]
