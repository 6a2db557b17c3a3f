from __future__ import annotations

from django.urls import path

from casework import file_views, views

app_name = "casework"
urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("search/", views.find, name="search"),
    path("away/", views.away, name="away"),
    path("cases/<str:reference>/", views.case, name="case"),
    path("cases/<str:reference>/evidence/", views.add_evidence, name="add_evidence"),
    path("cases/<str:reference>/notes/", views.add_note, name="add_note"),
    path("cases/<str:reference>/assignee/", views.assign, name="assign"),
    path("cases/<str:reference>/deadlines/<str:rule>/", views.deadline, name="deadline"),
    path("cases/<str:reference>/evidence/pick/", file_views.pick_evidence, name="pick_evidence"),
    path("cases/<str:reference>/archive/", file_views.whole_file, name="archive"),
    path("files/archive/<uuid:key>/", file_views.take_archive, name="take_archive"),
    path("cases/<str:reference>/<str:verb>/", views.step, name="step"),
    path("cases/<str:reference>/<str:verb>/draft/", views.step_draft, name="step_draft"),
    path("drafts/<path:key>/", views.page_draft, name="page_draft"),
    path("tasks/<int:key>/done/", views.finish_task, name="finish_task"),
    path("files/evidence/<int:key>/", file_views.evidence_file, name="evidence_file"),
    path("files/evidence/<int:key>/about/", file_views.about_piece, name="about_piece"),
    path("files/evidence/<int:key>/terms/", file_views.set_terms, name="set_terms"),
    path("files/evidence/<int:key>/consents/", file_views.record_consent, name="record_consent"),
    path("files/consents/<int:key>/withdraw/", file_views.withdraw_consent, name="withdraw_consent"),
    path("files/evidence/<int:key>/withdraw/", views.withdraw_evidence, name="withdraw_evidence"),
    path("operator/", views.operator, name="operator"),
    path("operator/outbox/<int:key>/retry/", views.retry_outbox, name="retry_outbox"),
    path("operator/verify/", views.verify_case, name="verify_case"),
    path("law/", views.law, name="law"),
    path("law/unverified/", views.unverified, name="unverified"),
    path("law/<str:name>/", views.provision, name="provision"),
]
