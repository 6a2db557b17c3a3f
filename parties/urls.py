from __future__ import annotations

from django.urls import path

from parties import views

app_name = "parties"
urlpatterns = [path("parties/accounts/<int:key>/confirm/", views.confirm_account, name="confirm_account")]
