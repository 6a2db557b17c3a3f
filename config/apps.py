from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks, logs  # noqa: F401 - checks register themselves once the settings stand

        logs.configure()
