"""What a calculator page shows as an answer: headline, lines that open, citations with their mark."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from legislation.units import Provision

SECONDARY, SUGGESTED = "R2", "SUG"


@dataclass(frozen=True)
class Article:
    """A citation; `mark` says in words when nobody has checked it against the official text."""

    text: str
    mark: str = ""
    name: str = ""


@dataclass(frozen=True)
class Line:
    """One amount or finding that opens. `amount` is None with a reason in `missing`; `text` stands where no money is."""

    label: str
    amount: Decimal | None = None
    text: str = ""
    formula: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    articles: tuple[Article, ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Shown:
    """The answer as people read it. `big` is the headline; `capitals` only for one certain amount."""

    headline: str
    big: str
    capitals: str = ""
    lines: tuple[Line, ...] = ()
    total: tuple[str, Decimal] | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)
    is_short: bool = False


def article(provision: Provision) -> Article:
    """The citation of a provision, marked when its source is weak."""
    mark = ""
    if provision.unverified:
        mark = _("来源待核对")
    elif provision.mark == SECONDARY:
        mark = _("二手来源，待律师确认")
    if provision.mark == SUGGESTED:
        return Article(provision.description_zh, _("本系统建议，非法定"), provision.name)
    return Article(provision.citation, mark, provision.name)
