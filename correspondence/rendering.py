"""HTML in, PDF out, in the worker: embedded Chinese fonts, no network, every character checked first."""

from __future__ import annotations

import functools
import hashlib
import io
import unicodedata
from dataclasses import dataclass
from typing import Any

import segno
from django.template.loader import get_template

from casework.fonts import font_files


class MissingGlyphs(ValueError):
    """A paper holds characters that no installed font draws: it would show boxes, so it is not issued."""

    is_permanent = True  # until somebody installs a font and lets the parked entry try again


@dataclass(frozen=True)
class Rendered:
    pdf: bytes
    sha256: str
    template_sha256: str
    pages: int


def render(template: str, context: dict[str, Any]) -> Rendered:
    """Render one paper. Raises MissingGlyphs, or RuntimeError when the machine lacks what printing needs."""
    from weasyprint import HTML

    html = get_template(template).render(context)
    ensure_drawable(html)
    document = HTML(string=html, url_fetcher=_fetcher()).render(font_config=_font_config())
    buffer = io.BytesIO()
    document.write_pdf(buffer, pdf_variant="pdf/a-3u")
    pdf = buffer.getvalue()
    return Rendered(pdf, hashlib.sha256(pdf).hexdigest(), _template_sha256(template), len(document.pages))


@functools.lru_cache(maxsize=1)
def _font_config() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@functools.lru_cache(maxsize=1)
def _fetcher() -> Any:
    """Fetches nothing: a paper that asks for anything from outside is refused, loudly."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=(), fail_on_errors=True)


def _template_sha256(template: str) -> str:
    """The digest of the paper's own template and of the sheet all papers share."""
    running = hashlib.sha256()
    for name in (template, "correspondence/paper.html", "correspondence/print.css"):
        running.update(get_template(name).template.source.encode())  # type: ignore[attr-defined]
    return running.hexdigest()


def qr_svg(url: str) -> str:
    """A QR code as inline SVG, error correction M, drawn at the size its box gives it."""
    return segno.make(url, error="m", micro=False).svg_inline(omitsize=True, border=0, dark="#111")


@functools.lru_cache(maxsize=1)
def _coverage() -> frozenset[int]:
    from fontTools.ttLib import TTCollection, TTFont

    drawn: set[int] = set()
    for path in font_files()[:2]:
        fonts = TTCollection(path, lazy=True).fonts if path.suffix == ".ttc" else [TTFont(path, lazy=True)]
        for font in fonts[:1]:
            drawn |= set(font.getBestCmap())
    return frozenset(drawn)


def ensure_drawable(html: str) -> None:
    """Refuse characters that no font covers (name and code point), instead of printing boxes."""
    lacking = {c for c in set(html) if ord(c) > 0x7F and not _is_silent(c) and ord(c) not in _coverage()}
    if lacking:
        raise MissingGlyphs("字体缺字：" + " ".join(f"{c} (U+{ord(c):04X})" for c in sorted(lacking)))


def _is_silent(character: str) -> bool:
    """Spaces and format characters have no glyph; those of private use (names from old systems) would need one."""
    return character.isspace() or unicodedata.category(character) == "Cf"
