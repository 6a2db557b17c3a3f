"""The address map. Each app owns its own part; casework owns every case page and every step page."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

APPS = (
    "access",
    "casework",
    "elevators",
    "disputes",
    "claims",
    "policies",
    "funding",
    "recovery",
    "consultation",
    "ledger",
    "correspondence",
    "parties",
)

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("calculators/", include("config.calculator_pages")),
    *(path("", include(f"{name}.urls")) for name in APPS if (settings.BASE_DIR / name / "urls.py").exists()),
]
