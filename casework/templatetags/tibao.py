"""Filters every page uses: money, dates, states, deadlines as the theme draws them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from access.roles import CaseRole
from casework import registry
from casework.capitals import capitals as write_capitals
from casework.timeline import masked as mask_name
from legislation import sources
from legislation.deadlines import BY_THE_CLOCK
from legislation.lookup import place_name

register = template.Library()

WEEKDAYS = "一二三四五六日"
NEAR_DAYS = 3  # a deadline so many days away is amber


def _is_english() -> bool:
    """Pages follow the reader's language; papers are made by the worker, in Chinese."""
    return (get_language() or "").startswith("en")


@register.filter
def money(value: Any) -> str:
    """12345.6 → 12,345.60, -1650 → −1,650.00 with the minus sign; empty for None."""
    return "" if value in (None, "") else f"{Decimal(str(value)):,.2f}".replace("-", "−")


@register.filter
def less(value: Any) -> str:
    """What is taken off a sum above it: 8000 → − 8,000.00, and what comes back: -1650 → + 1,650.00."""
    amount = Decimal(str(value))
    return f"{'−' if amount >= 0 else '+'} {abs(amount):,.2f}"


@register.filter
def masked(name: str) -> str:
    """A person's name as every reader of a case may see it: 曾*嫦. Offices and firms stay whole."""
    return mask_name(name)


@register.filter
def part_label(part: str) -> str:
    """The part an organisation plays in a case, in words."""
    return str(CaseRole(part).label)


@register.filter
def zh_date(value: Any) -> str:
    """A date or instant as 2026年11月23日 (Asia/Shanghai)."""
    day = _day(value)
    if day and _is_english():
        return date_format(day, "j M Y")
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@register.filter
def zh_day(value: Any) -> str:
    """2026年11月23日 周一, for days with a duty."""
    day = _day(value)
    if day and _is_english():
        return date_format(day, "D, j M Y")
    return f"{zh_date(day)} 周{WEEKDAYS[day.weekday()]}" if day else ""


@register.filter
def zh_moment(value: Any) -> str:
    """11月23日 18:42, with the year when it is not this one."""
    if not isinstance(value, datetime):
        return ""
    moment = timezone.localtime(value)
    if _is_english():
        return date_format(moment, "j M H:i" if moment.year == timezone.localdate().year else "j M Y H:i")
    year = "" if moment.year == timezone.localdate().year else f"{moment.year}年"
    return f"{year}{moment.month}月{moment.day}日 {moment:%H:%M}"


@register.simple_tag
def due_moment(clock: Any) -> str:
    """When a clock runs out: its day, and the minute too where it runs by the hour."""
    minute = f" {timezone.localtime(clock.due_at):%H:%M}" if clock.unit in BY_THE_CLOCK else ""
    return f"{zh_day(clock.due_at)}{minute}"


@register.filter
def days_left(value: Any) -> int | None:
    """Whole days from today to a due day; negative when overdue."""
    day = _day(value)
    return (day - timezone.localdate()).days if day else None


@register.filter
def due_class(value: Any) -> str:
    """The theme's class of a due date: green more than 3 days, amber up to 3, red overdue."""
    left = days_left(value)
    if left is None:
        return ""
    return "is-over" if left < 0 else "is-near" if left <= NEAR_DAYS else ""


@register.filter
def due_words(value: Any) -> str:
    left = days_left(value)
    if left is None:
        return ""
    if left < 0:
        return _("已逾期 %(days)s 天") % {"days": -left}
    return _("今天到期") if left == 0 else _("还有 %(days)s 天") % {"days": left}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """mapping[key], or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    return value if isinstance(value, date) else None


@register.filter
def zh_moment_full(value: Any) -> str:
    """2026年9月5日 15:32, always with the year."""
    if isinstance(value, str) and "T" in value:
        value = datetime.fromisoformat(value)
    return f"{zh_date(value)} {timezone.localtime(value):%H:%M}" if isinstance(value, datetime) else ""


# ---- components (templates/components) ----


@register.inclusion_tag("components/state.html")
def state(case: Any) -> dict[str, Any]:
    """The state badge of a case: a word with its shape; red when a running deadline has passed."""
    if case.closed_at:
        path = case.PATH or registry.kind(case.kind).path
        css = "is-done" if path and case.state == path[-1] else "is-wait"
    elif case.is_suspended:
        css = "is-hold"
    elif case.next_deadline_at:
        css = due_class(case.next_deadline_at) or "is-go"
    else:
        css = "is-go" if case.turn_verb else "is-wait"
    return {"css": css, "label": case.state_label}


@register.inclusion_tag("components/due.html")
def due(
    due_at: Any, citation: str = "", *, soft: bool = False, paused: bool = False, link: str = "", provisional: bool = False
) -> dict[str, Any]:
    """The deadline chip: how long, which day, which article. soft: agreed or internal. paused: the clock stands still."""
    if paused:
        css, words = "is-hold", (_("计时"), _("已停"))
    else:
        css, words = ("is-soft" if soft else due_class(due_at)), _due_halves(due_at)
    return {"css": css, "words": words, "due_at": due_at, "citation": citation, "link": link, "provisional": provisional}


def _due_halves(due_at: Any) -> tuple[str, str]:
    """What the chip writes small and large: 还有 / 9 天."""
    left = days_left(due_at)
    if left is None:
        return ("", "")
    if left == 0:
        return (_("今天"), _("到期"))
    number = _("%(days)s 天") % {"days": abs(left)}
    return (_("已逾期"), number) if left < 0 else (_("还有"), number)


@register.filter
def zh_day_near(value: Any) -> str:
    """12月2日 周三, with the year when it is not this one."""
    day = _day(value)
    if day is None or day.year != timezone.localdate().year or _is_english():
        return zh_day(value)
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


@register.filter
def sentence(description: Any) -> str:
    """A step's description without the term it begins with: 核定: 保险人…… → 保险人……"""
    head, colon, tail = str(description).replace("：", ": ", 1).partition(": ")
    return tail.strip() if colon and len(head) <= 12 else str(description)


@lru_cache(maxsize=1024)
def short_citation(citation: str) -> str:
    """《中华人民共和国保险法》第六十五条 → 《保险法》第六十五条, by the short titles of the law data."""
    for statute in sources.statutes().values():
        citation = citation.replace(f"《{statute.title}》", f"《{statute.short_title}》")
    return citation


@register.inclusion_tag("components/law.html")
def law(citation: Any, name: str = "", mark: str = "") -> dict[str, Any]:
    """An article as a link: to its parameter if `name` is given, else to what we hold under that article.

    On screen a law goes by its short name; papers print the full one.
    """
    searched = f"{reverse('casework:law')}?{urlencode({'q': str(citation)})}"
    return {
        "citation": citation,
        "short": short_citation(str(citation)),
        "mark": mark,
        "url": reverse("casework:provision", args=[name]) if name else searched,
    }


@register.inclusion_tag("components/field.html")
def field(bound: Any, hint: Any = None) -> dict[str, Any]:
    """One form field: label, hint, control, error beside it. Groups of choices become cards."""
    widget = bound.field.widget
    kind = "text"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        kind = "choices"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "tick"
    elif isinstance(widget, forms.MultiWidget):
        kind = "plain"
    css = {"text": "form-select" if isinstance(widget, forms.Select) else "form-control"}.get(kind, "")
    if kind == "text" and bound.errors:
        css += " is-invalid"
    if getattr(widget, "is_money", False):
        css += " tb-num text-end"
    attrs = {"class": f"{css} {widget.attrs.get('class', '')}".strip()} if css else {}
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", str(min(int(widget.attrs.get("rows", 3)), 4)))
    return {
        "bound": bound,
        "kind": kind,
        "hint": bound.help_text if hint is None else hint,
        "control": bound.as_widget(attrs=attrs) if kind in ("text", "tick", "plain") else "",
        "is_money": getattr(widget, "is_money", False),
    }


@register.inclusion_tag("components/errors.html")
def errors(form: Any) -> dict[str, Any]:
    """The summary on top of a form: how many places to mend, each a link to its field; it takes the focus."""
    found = [
        (form[name].auto_id if name in form.fields else "", form[name].label if name in form.fields else "", sentence)
        for name, sentences in form.errors.items()
        if name != "__all__"
        for sentence in sentences
    ]
    found += [("", "", sentence) for sentence in form.non_field_errors()]
    return {"found": found}


@register.inclusion_tag("components/meter.html")
def meter(lines: Any) -> dict[str, Any]:
    """The evidence meter: one cell a required piece."""
    wanted = [line for line in lines if not line.is_extra]
    there = sum(line.is_there for line in wanted)
    return {"cells": [n < there for n in range(len(wanted))], "there": there, "all": len(wanted)}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Any, changed: int = 0) -> dict[str, Any]:
    """The audit trail: when, what, who for whom, under which rule. Entries are casework.timeline.TimelineEntry."""
    return {"entries": entries, "changed": changed}


@register.inclusion_tag("components/money.html")
def money_rows(rows: Any, total: Any = None) -> dict[str, Any]:
    """Few amounts that add up. rows: (label, amount) or (label, amount, sub); total: (label, amount)."""
    return {"rows": [(*row, "")[:3] for row in rows], "total": total}


@register.filter
def capitals(value: Any) -> str:
    """人民币壹仟肆佰零玖元伍角."""
    return write_capitals(Decimal(str(value))) if value not in (None, "") else ""


@register.filter
def region(place: str) -> str:
    """440105 → 海珠区, as the law data names it."""
    return place_name(place) if place else ""


@register.filter
def district(place: str) -> str:
    """440105 → 海珠区: the last part of the place's name."""
    name = region(place)
    return name.rsplit("市", 1)[-1] or name


@register.filter
def filesize_zh(size: int) -> str:
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, size // 1024)} KB"
