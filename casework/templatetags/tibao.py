"""Filters every page uses: money, dates, states, deadlines as the theme draws them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

register = template.Library()

WEEKDAYS = "一二三四五六日"


@register.filter
def money(value: Any) -> str:
    """12345.6 → 12,345.60; empty for None."""
    return "" if value in (None, "") else f"{Decimal(str(value)):,.2f}"


@register.filter
def zh_date(value: Any) -> str:
    """A date or instant as 2026年11月23日 (Asia/Shanghai)."""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


@register.filter
def zh_day(value: Any) -> str:
    """2026年11月23日 周一, for days with a duty."""
    day = _day(value)
    return f"{zh_date(day)} 周{WEEKDAYS[day.weekday()]}" if day else ""


@register.filter
def zh_moment(value: Any) -> str:
    """11月23日 18:42, with the year when it is not this one."""
    if not isinstance(value, datetime):
        return ""
    moment = timezone.localtime(value)
    year = "" if moment.year == timezone.localdate().year else f"{moment.year}年"
    return f"{year}{moment.month}月{moment.day}日 {moment:%H:%M}"


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
    return "is-over" if left < 0 else "is-near" if left <= 3 else ""


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
