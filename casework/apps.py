from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "casework"
    verbose_name = _("案件")

    def ready(self) -> None:
        from casework import registry
        from casework.edges import write_edges

        registry.autodiscover()
        import_module("casework.file_panels")
        post_migrate.connect(write_edges, dispatch_uid="casework.write_edges")
