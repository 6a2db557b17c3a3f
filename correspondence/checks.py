"""Start-up checks: without these the papers would be slow or wrong, so they are errors with a cure and never a silent path."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

INSTALL = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk fonts-arphic-ukai"


@register("papers")
def printing_works(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Pango, the HarfBuzz subsetter and the Chinese fonts are there."""
    try:
        from weasyprint.text import ffi
    except OSError as error:
        return [Error(f"WeasyPrint cannot load its libraries: {error}", hint=INSTALL, id="papers.E001")]
    problems = []
    if getattr(ffi, "harfbuzz_subset", None) is None:
        problems.append(Error("libharfbuzz-subset is missing: every paper would take seconds", hint=INSTALL, id="papers.E002"))
    from correspondence.rendering import font_files

    if not font_files():
        problems.append(Error("the Noto CJK fonts are missing: papers would show boxes", hint=INSTALL, id="papers.E003"))
    return problems
