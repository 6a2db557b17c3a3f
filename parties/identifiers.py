"""Numbers of people and organisations: read as people type them, checked, refused in a sentence that says what to mend."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import numdb
from stdnum.cn import ric
from stdnum.cn import uscc as uscc_number
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

Sex = Literal["male", "female"]

#: Residence permits carry no county: Hong Kong 81, Macao 82, Taiwan 83, foreigners 9.
_WITHOUT_COUNTY = ("81", "82", "83", "9")
_MOBILE_LENGTH = 11


@dataclass(frozen=True)
class ResidentId:
    """A citizen's number (GB 11643) with what it says."""

    number: str
    birth_date: date
    sex: Sex


def _typed(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def resident_id(text: str, *, today: date) -> ResidentId:
    """Read a citizen's 18-character number. Raises ValidationError that says what is wrong with it."""
    number = re.sub(r"[\s-]", "", _typed(text)).upper()
    try:
        ric.validate(number)
    except InvalidLength:
        raise ValidationError(
            _("身份证号码是 18 位，这里是 %(count)s 位。不知道可以留空。") % {"count": len(number)}, code="length"
        ) from None
    except InvalidFormat:
        raise ValidationError(_("身份证号码前 17 位只能是数字，最后一位是数字或 X。"), code="format") from None
    except InvalidChecksum:
        raise ValidationError(_("身份证号码的校验位对不上，多半是抄错了一位，请再对一遍。"), code="checksum") from None
    except (InvalidComponent, ValueError):
        _ensure_date_and_place(number)
    born = ric.get_birth_date(number)
    if born > today:
        raise ValidationError(_("身份证号码里的出生日期在今天之后，请再对一遍。"), code="date")
    return ResidentId(number, born, "male" if int(number[16]) % 2 else "female")


def _ensure_date_and_place(number: str) -> None:
    """The library wants the county to have existed in the year of birth, but numbers were given out decades later."""
    try:
        ric.get_birth_date(number)
    except (InvalidComponent, ValueError):
        raise ValidationError(_("身份证号码第 7 到 14 位不是一个日期，请再对一遍。"), code="date") from None
    counties = [facts for _part, facts in numdb.get("cn/loc").info(number[:6]) if "county" in facts]
    if not counties and not number.startswith(_WITHOUT_COUNTY):
        raise ValidationError(_("身份证号码前 6 位不是有过的地区代码，请再对一遍。"), code="place") from None


def other_id(text: str) -> str:
    """Read the number of a passport or permit: letters and digits."""
    number = re.sub(r"[\s-]", "", _typed(text)).upper()
    if not re.fullmatch(r"[0-9A-Z()]{5,20}", number):
        raise ValidationError(_("证件号码只有字母和数字，5 到 20 位。"), code="format")
    return number


def uscc(text: str) -> str:
    """Read a unified social credit code (GB 32100)."""
    code = re.sub(r"[\s-]", "", _typed(text)).upper()
    try:
        uscc_number.validate(code)
    except InvalidLength:
        raise ValidationError(_("统一社会信用代码是 18 位，这里是 %(count)s 位。") % {"count": len(code)}, code="length") from None
    except InvalidChecksum:
        raise ValidationError(_("统一社会信用代码的校验位对不上，多半是抄错了一位，请再对一遍。"), code="checksum") from None
    except InvalidFormat:
        raise ValidationError(_("统一社会信用代码由数字和大写字母组成，不用 I、O、S、V、Z。"), code="format") from None
    return code


def phone(text: str) -> str:
    """Read a telephone number: mobiles as 11 digits, landlines with area code, abroad with +. Returns its normal form."""
    typed = _typed(text)
    digits = re.sub(r"\D", "", typed)
    try:
        number = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException:
        raise ValidationError(_("电话号码只写数字，例如 13800001234 或 020-81230000。不知道可以留空。"), code="format") from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_phone_fault(digits), code="phone")
    if number.country_code != phonenumbers.country_code_for_region("CN"):
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    national = str(number.national_number)
    if len(national) == _MOBILE_LENGTH:
        return national
    area = phonenumbers.length_of_geographical_area_code(number)
    return f"0{national[:area]}-{national[area:]}" if area else national


def _phone_fault(digits: str) -> str:
    if digits.startswith("1"):
        short = _MOBILE_LENGTH - len(digits)
        if short > 0:
            return _("号码少 %(count)s 位，手机号是 11 位。不知道可以留空。") % {"count": short}
        if short < 0:
            return _("号码多 %(count)s 位，手机号是 11 位。不知道可以留空。") % {"count": -short}
        return _("没有这个号段的手机号，请再对一遍。不知道可以留空。")
    return _("这不像电话号码。座机写上区号，例如 020-81230000；不知道可以留空。")


def account_number(text: str) -> str:
    """Read a bank account number: digits only."""
    number = re.sub(r"[\s-]", "", _typed(text))
    if not number.isascii() or not number.isdigit():
        raise ValidationError(_("银行账号只有数字。"), code="format")
    if not 8 <= len(number) <= 32:
        raise ValidationError(_("银行账号一般 8 到 32 位，这里是 %(count)s 位，请再对一遍。") % {"count": len(number)}, code="length")
    return number


def person_name(text: str) -> str:
    """Read a name: no signs that belong to no name."""
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    if not name:
        raise ValidationError(_("还没有填姓名。不知道姓名，请写特征，例如“穿红衣的女士”。"), code="empty")
    if len(name) > 120:
        raise ValidationError(_("名称太长，最多 120 个字。"), code="length")
    if re.search(r"[<>{}\\\x00-\x1f\x7f]", name):
        raise ValidationError(_("名称里不能有 < > 这样的符号，请再看一眼。"), code="format")
    return name


def folded(name: str) -> str:
    """A name for comparison: width, case, spaces and dots do not count."""
    return re.sub(r"[\s·•.．()（）-]", "", unicodedata.normalize("NFKC", name)).casefold()
