from __future__ import annotations

from django.urls import path

from access import views

app_name = "access"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.code, name="code"),
    path("sign-in/device/", views.enrol, name="enrol"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/organisation/", views.choose_organisation, name="choose_organisation"),
    path("account/password/", views.change_password, name="change_password"),
    path("preferences/large-type/", views.large_type, name="large_type"),
]
