"""The fonts that draw every character a name may hold."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
#: The one family that covers every character a name may hold; the others stand before it in the style sheet.
COVERING_FONTS = ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")


def font_files() -> list[Path]:
    """The covering fonts found on this machine."""
    folders = [Path(settings.STATE_DIR) / "fonts", *map(Path, FONT_FOLDERS)]
    return [path for folder in folders if folder.exists() for name in COVERING_FONTS for path in folder.rglob(name)]
