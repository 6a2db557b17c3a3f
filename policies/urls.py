from __future__ import annotations

from django.urls import path

from policies import views

app_name = "policies"
urlpatterns = [
    path("payouts/", views.payouts, name="payouts"),
    path("policies/", views.policies, name="policies"),
    path("policies/<str:number>/", views.policy, name="policy"),
]
