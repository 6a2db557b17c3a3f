"""Filters of papers: amounts in figures and in capitals, periods in words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import template

from ledger.capitals import capitals as in_capitals

register = template.Library()


@register.filter
def yuan(value: Any) -> str:
    """12345.6 → ¥12,345.60; a dash for None."""
    return "—" if value is None else f"¥{Decimal(value):,.2f}"


@register.filter
def capitals(value: Any) -> str:
    """200 → 人民币贰佰元整; empty for None."""
    return "" if value is None else in_capitals(Decimal(value))


@register.filter
def both(value: Any) -> str:
    """200 → 人民币贰佰元整（¥200.00）: the form in which a paper names an amount in a sentence."""
    return "—" if value is None else f"{capitals(value)}（{yuan(value)}）"


@register.filter
def percent(value: Any) -> str:
    """Fraction(7, 10) → 70%, thirds stay 1/3."""
    share = value * 100
    return f"{share.numerator}%" if share.denominator == 1 else str(value)


@register.filter
def hours(minutes: Any) -> str:
    """97 → 97 分钟（1 小时 37 分）."""
    if minutes is None:
        return "—"
    whole, rest = divmod(int(minutes), 60)
    return f"{minutes} 分钟（{whole} 小时 {rest} 分）" if whole else f"{minutes} 分钟"


@register.filter
def zh_dates(text: Any) -> str:
    """Dates as machines write them, inside a sentence, as papers write them: 2026-11-03 → 2026年11月3日."""
    return re.sub(r"(\d{4})-(\d\d)-(\d\d)", lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", str(text))


@register.filter
def grouped(code: str) -> str:
    """A verify code as it is printed: 7K4M-9QXD-2HTR."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
