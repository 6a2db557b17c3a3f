"""设备代码 and 注册代码: what the digits on an elevator's plate say. Pure; no check digit exists (rulebook 7.3)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: How the digits of each length divide: type, maker or region, year (or year and month), serial.
_SHAPES: dict[int, tuple[int, int, int, int]] = {17: (4, 5, 4, 4), 18: (4, 5, 4, 5), 19: (4, 6, 4, 5), 20: (4, 6, 6, 4)}
_USE_REGISTRATION = re.compile(r"梯\d{2}[一-龥][A-Z]\w{3,8}(\(\d{2}\))?")
_ORNAMENTS = re.compile(r"[\s\-_.·]+")


@dataclass(frozen=True)
class EquipmentCode:
    """A code taken apart. Either `maker` (17 and 18 digits) or `region` (19 and 20) is filled; `month` only for 20."""

    digits: str
    type: str
    maker: str
    region: str
    year: str
    month: str
    serial: str

    @property
    def is_old_registration_code(self) -> bool:
        """The 20-digit 注册代码 that came before the 设备代码."""
        return bool(self.month)


def tidy(text: str) -> str:
    """The digits as typed or scanned: full-width figures, spaces and dashes are forgiven."""
    return _ORNAMENTS.sub("", unicodedata.normalize("NFKC", text))


def parse(text: str) -> EquipmentCode:
    """Take a code of 17 to 20 digits apart. Raises ValidationError, in Chinese, for anything else."""
    digits = tidy(text)
    if not (digits.isascii() and digits.isdigit()):
        raise ValidationError(_("设备代码只有数字，在轿厢里的使用标志上。"), code="not_digits")
    shape = _SHAPES.get(len(digits))
    if shape is None:
        raise ValidationError(_("设备代码是 17 到 20 位数字，您填了 %(count)s 位。"), code="length", params={"count": len(digits)})
    parts, start = [], 0
    for width in shape:
        parts.append(digits[start : start + width])
        start += width
    kind, maker_or_region, made, serial = parts
    by_region = len(digits) >= 19
    return EquipmentCode(
        digits=digits,
        type=kind,
        maker="" if by_region else maker_or_region,
        region=maker_or_region if by_region else "",
        year=made[:4],
        month=made[4:],
        serial=serial,
    )


def validate(text: str) -> None:
    """Django validator of a stored code: digits only, of one of the four lengths."""
    parse(text)


def grouped(digits: str) -> str:
    """Digits in fours, as a person reads them aloud: 3110 4401 0520 0501 0236."""
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def use_registration_looks_right(text: str) -> bool:
    """Whether a 使用登记证编号 has the usual form 梯11粤EM0866. A hint only: the true patterns differ by city."""
    return _USE_REGISTRATION.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", "")) is not None
