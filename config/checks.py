"""System checks of our own: what the machine lacks for papers, a too old database, and law that nobody has read yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import connections

from config import papers
from config.services import OLDEST_POSTGRES
from legislation import lookup


@register(Tags.security, deploy=True)
def unverified_law_is_acknowledged(app_configs: Any = None, **kwargs: Any) -> Sequence[CheckMessage]:
    """List each unverified rule that TIBAO_ACKNOWLEDGED_LAW does not name; the papers that rest on one say so."""
    acknowledged = set(settings.ACKNOWLEDGED_LAW)
    cited: dict[str, set[str]] = {}
    for provision in lookup.unverified():
        if provision.name not in acknowledged:
            cited.setdefault(provision.name, set()).add(provision.citation)
    return [
        Info(
            f"{name}: {'; '.join(sorted(citations))}",
            hint="Let a person read the article, or name the rule in TIBAO_ACKNOWLEDGED_LAW.",
            id="tibao.I001",
        )
        for name, citations in sorted(cited.items())
    ]


@register("papers")
def papers_can_be_issued(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Libraries and fonts. A warning here, so that other commands go on; launcher and worker refuse to start without."""
    return [Warning(line, id="tibao.W001") for line in papers.complaints()]


@register(Tags.database)
def postgres_is_new_enough(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """PostgreSQL 15 or newer, with UTF-8 (trigram search finds nothing under the C locale's character classes)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SHOW server_version_num")
            version = int(cursor.fetchone()[0]) // 10_000
            cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
            character_type = cursor.fetchone()[0]
        if version < OLDEST_POSTGRES:
            hint = f"至少需要 PostgreSQL {OLDEST_POSTGRES} / at least {OLDEST_POSTGRES} is needed"
            found.append(Error(f"PostgreSQL {version} 太旧 / is too old", hint=hint, id="tibao.E002"))
        if character_type in {"C", "POSIX"}:
            hint = "CREATE DATABASE … LOCALE 'C.UTF-8' TEMPLATE template0"
            found.append(Error(f"数据库字符类别为 {character_type}，中文检索无效 / Chinese search would fail", hint=hint, id="tibao.E003"))
    return found
