"""Play a whole case headless through the house's own services and write its papers, ledger and timeline."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demonstration import export, services
from demonstration.stories import STORIES


class Command(BaseCommand):
    help = "Play a story: manage.py story NAME --out DIR; --list names them. Needs the database, no server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="which story, see --list")
        parser.add_argument("--out", type=Path, help="where PDFs, ledger.csv, ledger.json, timeline.json and timeline.md are written")
        parser.add_argument("--list", action="store_true", dest="lists", help="name the stories")

    def handle(self, *args: Any, name: str | None, out: Path | None, lists: bool, **options: Any) -> None:
        if lists:
            for story in STORIES.values():
                self.stdout.write(f"{story.name:<24}{story.title}")
            return
        if name not in STORIES:
            raise CommandError(f"没有这个故事 no such story: {name or ''}。有 there are: {', '.join(STORIES)}")
        if out is None:
            raise CommandError("写明输出文件夹 name a folder: --out DIR")
        logging.getLogger("weasyprint").setLevel(logging.ERROR)  # its remarks on style are for those who write templates
        root = services.tell(STORIES[name])
        written = export.write(root, out)
        self._summarise(root.reference, written)

    def _summarise(self, reference: str, written: export.Export) -> None:
        self.stdout.write(
            f"{reference}: {written.events} 个步骤 steps, {written.entries} 笔记账 entries, {len(written.papers)} 份文书 papers"
        )
        for paper in written.papers:
            self.stdout.write(f"  {paper}")
        self.stdout.write(f"已写入 written to: {written.folder}")
