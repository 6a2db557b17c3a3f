"""How identity data is shown before anybody has a reason to see it whole (rulebook 8.1)."""

from __future__ import annotations

STAR = "*"


def name(text: str) -> str:
    """黄秀芬 → 黄*芬, 李娜 → 李*: for colleagues on a case page."""
    if len(text) < 2:
        return text
    return text[0] + STAR if len(text) == 2 else text[0] + STAR * (len(text) - 2) + text[-1]


def public_name(text: str) -> str:
    """黄秀芬 → 黄*: the first character only, in public notices."""
    return text[:1] + STAR if text else ""


def id_number(text: str) -> str:
    """440106199001011234 → 440106********1234; other papers keep their first two and last two characters."""
    if len(text) == 18:
        return text[:6] + STAR * 8 + text[-4:]
    return text[:2] + STAR * max(len(text) - 4, 1) + text[-2:] if text else ""


def phone(text: str) -> str:
    """13812341234 → 138****1234; other numbers keep their last four."""
    if len(text) == 11 and text.isdigit():
        return text[:3] + STAR * 4 + text[-4:]
    return STAR * 4 + text[-4:] if text else ""


def account(last4: str) -> str:
    """尾号 4417."""
    return f"尾号 {last4}" if last4 else ""
