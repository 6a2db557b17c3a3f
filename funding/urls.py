from __future__ import annotations

from django.urls import path

from funding.views import subsidies

app_name = "funding"
urlpatterns = [
    path("pools/", subsidies.pools, name="pools"),
    path("pools/new/", subsidies.open_pool, name="open_pool"),
    path("subsidies/", subsidies.applications, name="applications"),
    path("subsidies/eligibility/", subsidies.eligibility, name="eligibility"),
    path("subsidies/apply/", subsidies.apply, name="apply"),
    path("subsidies/schemes/", subsidies.scheme_list, name="schemes"),
    path("subsidies/schemes/<str:code>/", subsidies.scheme_page, name="scheme"),
    path("notices/subsidies/", subsidies.notices, name="notices"),
]
