from __future__ import annotations

from django.urls import path

from ledger import views

app_name = "ledger"
urlpatterns = [path("payments/", views.payments, name="payments"), path("payments/<str:reference>/account/", views.account, name="account")]
