"""Read models of the law's own pages: what is held, what it cites, what nobody has verified."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.steps import law_of
from legislation import lookup, release
from legislation.units import NotInForce

if TYPE_CHECKING:
    from casework.models import Case, Deadline
    from legislation.units import Provision

LONGEST = 200
UNITS = {
    "calendar_days": gettext_lazy("日"),
    "working_days": gettext_lazy("个工作日"),
    "hours": gettext_lazy("小时"),
    "minutes": gettext_lazy("分钟"),
    "months": gettext_lazy("个月"),
    "years": gettext_lazy("年"),
    "money_cny": gettext_lazy("元"),
}


@dataclass(frozen=True)
class ProvisionRow:
    """One dated value of one rule at one place, in words."""

    provision: Provision
    place: str
    value: str
    table: tuple[tuple[str, str], ...]
    gist: str


def _row(provision: Provision) -> ProvisionRow:
    value = provision.value
    table: tuple[tuple[str, str], ...] = ()
    if provision.unit == "table":
        pairs = value.items() if hasattr(value, "items") else enumerate(value, 1)
        table = tuple((str(key), _plain(item)) for key, item in pairs)
        text = _("表，%(count)s 行") % {"count": len(table)}
    else:
        text = f"{_plain(value)} {UNITS.get(provision.unit, '')}".strip()
    return ProvisionRow(provision, lookup.place_name(provision.place), text, table, _gist(provision))


def _gist(provision: Provision) -> str:
    """What the article says in short, where the law data holds it; whole articles before their paragraphs."""
    articles = lookup.statute(provision.statute).articles
    whole = provision.article.split("(", 1)[0]
    return str(articles.get(provision.article) or articles.get(whole) or "")


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Fraction):
        percent = value * 100
        return f"{percent.numerator}%" if percent.denominator == 1 else str(value)
    if isinstance(value, Decimal):
        return f"{value:,}"
    if hasattr(value, "items"):
        return "；".join(f"{key}：{_plain(item)}" for key, item in value.items())
    if isinstance(value, (tuple, list)):
        return "、".join(_plain(item) for item in value)
    return str(value)


def found(words: str) -> list[ProvisionRow]:
    """The values whose article, name or description holds the words (an article also by its shortened law)."""
    terms = words.lower().split()
    rows = [p for p in lookup.all_parameters() if all(term in _searched(p) for term in terms)]
    return [_row(p) for p in rows[:LONGEST]]


def _searched(provision: Provision) -> str:
    return f"{provision.citation} {provision.name} {provision.description_zh} {provision.statute_title} {provision.article}".lower()


def unverified_rows() -> list[ProvisionRow]:
    return [_row(p) for p in lookup.unverified()]


def values_of(name: str) -> list[ProvisionRow]:
    """Every value of one parameter by place and time."""
    return [_row(p) for p in lookup.all_parameters() if p.name == name]


def release_in_use() -> str:
    return release.RELEASE


def answered(case: Case, deadline: Deadline) -> ProvisionRow | None:
    """The provision that gave a clock its length."""
    try:
        return _row(law_of(case, deadline.start_event.happened_at).provision(deadline.parameter))
    except (NotInForce, LookupError):
        return None


def law_rows(citations: Collection[str]) -> list[dict[str, Any]]:
    """What the law data holds of each citation, as plain data: title, gist of the article, source, values with their days."""
    by_citation: dict[str, list[Provision]] = {}
    for provision in lookup.all_parameters():
        by_citation.setdefault(provision.citation, []).append(provision)
    rows = []
    for citation in sorted(filter(None, citations)):
        found = by_citation.get(citation, [])
        rows.append(
            {
                "citation": citation,
                "title": found[0].statute_title if found else "",
                "gist": _gist(found[0]) if found else "",
                "source": found[0].source or lookup.statute(found[0].statute).source if found else "",
                "is_unverified": any(p.unverified for p in found),
                "values": [
                    {"name": p.name, "says": p.description_zh, "since": p.since.isoformat(), "value": _row(p).value, "place": p.place}
                    for p in found
                ],
            }
        )
    return rows
