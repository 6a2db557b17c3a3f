from __future__ import annotations

from django.urls import path

from consultation.views import ballots, public, rolls

app_name = "consultation"
urlpatterns = [
    path("rolls/", rolls.rolls, name="rolls"),
    path("rolls/new/", rolls.new, name="roll_new"),
    path("rolls/template.xlsx", rolls.template, name="roll_template"),
    path("rolls/<int:pk>/", rolls.roll, name="roll"),
    path("ballots/", ballots.ballots_page, name="ballots"),
    path("ballots/new/<int:pk>/", ballots.new, name="ballot_new"),
    path("ballots/<str:reference>/links/", ballots.links, name="links"),
    path("ballots/<str:reference>/paper/", ballots.paper, name="paper"),
    path("ballots/<str:reference>/paper/<int:pk>/", ballots.resolve, name="resolve"),
    path("ballots/<str:reference>/recount.json", ballots.recount, name="recount"),
    path("objections/", ballots.objections, name="objections"),
    path("objections/new/<str:reference>/", ballots.objection_new, name="objection_new"),
    path("n/<str:code>/", public.notice, name="notice"),
    path("n/<str:code>/object/", public.objection, name="object"),
    path("n/<str:code>/recount.json", public.recount, name="public_recount"),
]
