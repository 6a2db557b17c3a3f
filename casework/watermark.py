"""Marks the copy that leaves the house with who took it, for whom and when. The original is never touched."""

from __future__ import annotations

import functools
import io
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from casework.fonts import font_files

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKABLE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
INK = (150, 20, 20, 64)  # visible on white and on dark, and everything under it stays readable
SLANT = 28
TILE = 1400  # pixels: the square the mark is drawn on before it is laid over a page
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class Unmarkable(ValueError):
    """The file cannot be opened as what it claims to be, or is protected: no marked copy of it can be made."""


def marked(content: bytes, media_type: str, lines: Sequence[str]) -> bytes:
    """A copy of a PDF or picture with these lines laid over every page. Raises Unmarkable."""
    try:
        return _marked_pdf(content, lines) if media_type == "application/pdf" else _marked_picture(content, media_type, lines)
    except Unmarkable:
        raise
    except Exception as error:  # whatever a broken or hostile file makes the libraries say
        raise Unmarkable(f"{type(error).__name__}: {error}") from error


def _marked_picture(content: bytes, media_type: str, lines: Sequence[str]) -> bytes:
    with Image.open(io.BytesIO(content)) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.alpha_composite(_mark(picture.size, tuple(lines)))
    if media_type == "image/jpeg":
        picture = picture.convert("RGB")
    target = io.BytesIO()
    picture.save(target, FORMATS[media_type], quality=88)
    return target.getvalue()


def _marked_pdf(content: bytes, lines: Sequence[str]) -> bytes:
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf, pikepdf.new() as source:
        overlay = _overlay_page(source, lines)
        for page in pdf.pages:
            page.add_overlay(pdf.copy_foreign(overlay.as_form_xobject()), _square_over(page))
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _square_over(page: Any) -> Any:
    """The smallest square that covers a page, so that the mark is not pressed together."""
    import pikepdf

    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    side = max(right - left, top - bottom)
    return pikepdf.Rectangle(left, bottom, left + side, bottom + side)


def _overlay_page(pdf: Any, lines: Sequence[str]) -> Any:
    """A square page that holds only the mark, as a picture with its transparency."""
    import pikepdf
    from pikepdf import Dictionary, Name

    mark = _mark((TILE, TILE), tuple(lines))
    red, green, blue, _alpha = INK
    picture = pikepdf.Stream(pdf, Image.new("RGB", mark.size, (red, green, blue)).tobytes())
    picture.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": TILE, "/Height": TILE, "/BitsPerComponent": 8})
    picture.ColorSpace = Name.DeviceRGB
    mask = pikepdf.Stream(pdf, mark.getchannel("A").tobytes())
    mask.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": TILE, "/Height": TILE, "/BitsPerComponent": 8})
    mask.ColorSpace = Name.DeviceGray
    picture.SMask = pdf.make_indirect(mask)
    page = pdf.add_blank_page(page_size=(TILE, TILE))
    page.Resources = Dictionary(XObject=Dictionary(Mark=pdf.make_indirect(picture)))
    page.Contents = pdf.make_stream(f"q {TILE} 0 0 {TILE} 0 0 cm /Mark Do Q".encode())
    return page


@functools.lru_cache(maxsize=8)
def _mark(size: tuple[int, int], lines: tuple[str, ...]) -> Image.Image:
    """The lines slanted and repeated over a transparent sheet of this size in pixels."""
    width, height = size
    points = max(14, min(width, height) // 34)
    font = _font(points)
    side = int((width**2 + height**2) ** 0.5) + 2 * points
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(sheet)
    text = "\n".join(lines)
    _left, _top, right, bottom = pen.multiline_textbbox((0, 0), text, font=font, spacing=points // 3)
    across, down = int(right) + points * 4, int(bottom) + points * 4
    for row, y in enumerate(range(0, side, down)):
        for x in range(-(row % 2) * across // 2, side, across):
            pen.multiline_text((x, y), text, font=font, fill=INK, spacing=points // 3)
    turned = sheet.rotate(SLANT, resample=Image.Resampling.BILINEAR)
    left, top = (side - width) // 2, (side - height) // 2
    return turned.crop((left, top, left + width, top + height))


@functools.lru_cache(maxsize=16)
def _font(points: int) -> Any:
    found = sorted(font_files(), key=lambda path: "Sans" not in path.name)
    if not found:
        raise Unmarkable("no font draws Chinese on this machine")
    return ImageFont.truetype(str(found[0]), points)
