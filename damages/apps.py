from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DamagesConfig(AppConfig):
    name = "damages"
    verbose_name = _("赔偿计算")
