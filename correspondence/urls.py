from __future__ import annotations

from django.urls import path

from correspondence import link_views, records_views, views

app_name = "correspondence"
urlpatterns = [
    path("v/", views.verify, name="verify_form"),
    path("v/<str:code>/", views.verify, name="verify"),
    path("papers/<str:serial>.pdf", views.download, name="download"),
    path("l/<str:token>/", link_views.link, name="link"),
    path("l/<str:token>/<path:rest>", link_views.link, name="link_page"),
    path("records/<str:reference>/", records_views.ask, name="ask_records"),
    path("records/<str:reference>/link/", records_views.make_link, name="records_link"),
    path("messages/", views.inbox, name="inbox"),
    path("messages/<int:key>/again/", views.try_again, name="try_again"),
]
