"""The demonstration: an invented province and its stories, played through the apps' doors."""

from __future__ import annotations

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "demonstration"
