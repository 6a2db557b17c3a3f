"""Static files: which files of the front-end libraries are served, and how production names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Served name → file below node_modules. The packages hold thousands more, with references to files they do not ship.
LIBRARIES = {
    "tabler/css/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/js/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts/echarts.min.js": "echarts/dist/echarts.min.js",
}


class _Libraries(FileSystemStorage):
    """node_modules under the names of LIBRARIES."""

    prefix = ""

    def path(self, name: str) -> str:
        return super().path(LIBRARIES.get(name, name))


class LibraryFinder(BaseFinder):
    """Finds what LIBRARIES names."""

    def __init__(self, app_names: object = None, *args: Any, **kwargs: Any) -> None:
        self.storage = _Libraries(location=settings.BASE_DIR / "node_modules")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [self.storage.path(path)] if path in LIBRARIES and self.storage.exists(path) else []
        return found if find_all else (found[0] if found else None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        return ((name, self.storage) for name in LIBRARIES if self.storage.exists(name))


def _without_source_maps() -> tuple[tuple[str, tuple[object, ...]], ...]:
    """Django's rules for references between files, less those to source maps, which are not served."""
    kept = (
        (kind, tuple(rule for rule in rules if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])))
        for kind, rules in HashedFilesMixin.patterns
    )
    return tuple((kind, rules) for kind, rules in kept if rules)


class HouseStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compressed and named by content; every other broken reference still stops `collectstatic`."""

    patterns = _without_source_maps()
