"""Amounts in capitals (人民币大写) as vouchers ask: 支付结算办法 annex 1. Nothing else."""

from __future__ import annotations

from decimal import Decimal

from legislation.money import to_fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
LARGEST = Decimal(10**16)


def capitals(amount: Decimal) -> str:
    """Write `amount` in yuan, e.g. 1409.50 as 人民币壹仟肆佰零玖元伍角.

    Where the annex leaves a 零 or a 整 to the writer, it is left out. Raises ValueError for negative amounts (the annex
    has no form for them), more than two decimals, and 10^16 yuan or more.
    """
    if not amount.is_finite():
        raise ValueError("金额必须是有限的数")
    if amount < 0:
        raise ValueError("负数没有大写写法，请写成正数并另行注明退还或冲减")
    if amount >= LARGEST:
        raise ValueError(f"金额过大，大写应小于 {LARGEST:f} 元")
    if to_fen(amount) != amount:
        raise ValueError("金额最多两位小数（到分），请先确定分位")
    yuan, fen = divmod(int(amount * 100), 100)
    jiao, fen = divmod(fen, 10)
    text = f"{_whole(yuan)}元" if yuan or not (jiao or fen) else ""
    if not (jiao or fen):
        return f"人民币{text}整"
    text += f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return f"人民币{text}{DIGITS[fen] + '分' if fen else ''}"


def _whole(number: int) -> str:
    for size, unit in UNITS:
        if number >= size:
            high, low = divmod(number, size)
            gap = DIGITS[0] if 0 < low < size // 10 else ""
            return _whole(high) + unit + gap + (_whole(low) if low else "")
    return DIGITS[number]
