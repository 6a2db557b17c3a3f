from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "ledger"
    verbose_name = _("收付与限额")

    def ready(self) -> None:
        import casework.capitals
        from casework.steps import register_mover
        from ledger.capitals import capitals
        from ledger.mover import move

        register_mover(move)
        casework.capitals.register(capitals)
