"""What issuing a paper needs from the machine. Standard library only: set-up asks before Django can be asked.

Without the HarfBuzz subsetter WeasyPrint falls back, silently, to a path many times slower; without a font it draws
empty boxes. Neither may pass unnoticed.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

LIBRARIES = {
    "pango-1.0": ("libpango-1.0.so.0", "libpango-1.0-0"),
    "pangoft2-1.0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
    "harfbuzz-subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
}
# A family, what may stand for it on another system, and the package that brings it.
FONTS = (
    (("FandolFang", "STFangsong"), "script/set-up"),
    (("Noto Serif CJK SC", "Songti SC"), "fonts-noto-cjk"),
    (("Noto Sans CJK SC", "Heiti SC"), "fonts-noto-cjk"),
    (("AR PL UKai CN", "Kaiti SC"), "fonts-arphic-ukai"),
)


def _load(name: str, file: str) -> ctypes.CDLL | None:
    for candidate in (file, ctypes.util.find_library(name)):
        try:
            if candidate:
                return ctypes.CDLL(candidate)
        except OSError:
            continue
    return None


def missing_libraries() -> dict[str, str]:
    """Name → package of every shared library that cannot be loaded."""
    return {name: package for name, (file, package) in LIBRARIES.items() if _load(name, file) is None}


def missing_fonts() -> dict[str, str]:
    """Family → package of every font that fontconfig (FONTCONFIG_FILE) would replace by another."""
    library = _load("fontconfig", "libfontconfig.so.1")
    if library is None or not library.FcInit():
        return {families[0]: package for families, package in FONTS}
    return {families[0]: package for families, package in FONTS if not any(_has(library, name) for name in families)}


def _has(library: ctypes.CDLL, family: str) -> bool:
    for function in ("FcNameParse", "FcFontMatch"):
        getattr(library, function).restype = ctypes.c_void_p
    pattern = ctypes.c_void_p(library.FcNameParse(family.encode()))
    library.FcConfigSubstitute(None, pattern, 0)
    library.FcDefaultSubstitute(pattern)
    result = ctypes.c_int()
    match = ctypes.c_void_p(library.FcFontMatch(None, pattern, ctypes.byref(result)))
    names: set[bytes] = set()
    index, value = 0, ctypes.c_char_p()
    while match and library.FcPatternGetString(match, b"family", index, ctypes.byref(value)) == 0:
        names.add(value.value or b"")
        index += 1
    library.FcPatternDestroy(pattern)
    if match:
        library.FcPatternDestroy(match)
    return family.encode() in names


def complaints() -> list[str]:
    """One line per missing thing, each with its cure; empty when papers can be issued."""
    lines = [
        f"缺少 {name}，无法出具文书 / {name} is missing: sudo apt-get install {package}" for name, package in missing_libraries().items()
    ]
    for family, package in missing_fonts().items():
        cure = "script/set-up (FONTCONFIG_FILE)" if package == "script/set-up" else f"sudo apt-get install {package}"
        lines.append(f"缺少字体 {family} / font {family} is missing: {cure}")
    return lines


if __name__ == "__main__":
    found = complaints()
    sys.stderr.writelines(f"\n✗ {line}" for line in found)
    sys.exit(1 if found else 0)
