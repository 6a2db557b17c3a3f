from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from parties import identifiers, masks

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "female"),
        ("440524188001010014", date(1880, 1, 1), "male"),
        ("360426199101010071", date(1991, 1, 1), "male"),
        ("810000199101010075", date(1991, 1, 1), "male"),
        ("53010219200508011X", date(1920, 5, 8), "male"),
        ("１１０１０５ 19491231 002x", date(1949, 12, 31), "female"),
    ],
)
def test_a_valid_citizen_number_says_birth_date_and_sex(number, born, sex):
    read = identifiers.resident_id(number, today=TODAY)

    assert (read.birth_date, read.sex) == (born, sex)
    assert len(read.number) == 18 and read.number == read.number.upper()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("36042619910102009X", "checksum"),
        ("360426199113010079", "date"),
        ("110105194912310021", "checksum"),
        ("11010519491231002", "length"),
        ("1101051949123100AX", "format"),
        ("009999199101010073", "place"),
        ("", "length"),
    ],
)
def test_an_invalid_citizen_number_is_refused_with_what_is_wrong(number, code):
    with pytest.raises(ValidationError) as refusal:
        identifiers.resident_id(number, today=TODAY)

    assert refusal.value.code == code


def test_a_birth_date_after_today_is_refused():
    with pytest.raises(ValidationError) as refusal:
        identifiers.resident_id("360426199101010071", today=date(1990, 12, 31))

    assert refusal.value.code == "date"


@pytest.mark.parametrize(
    "code",
    [
        "91110000600037341L",
        "91350100M000100Y43",
        "91440300708461136T",
        "91440300359143307G",
        "91110105771583283D",
        "11610923MB2900168E",
        "91360100677989340Y",
        "91360102667454668D",
    ],
)
def test_a_valid_credit_code_is_taken(code):
    assert identifiers.uscc(f" {code.lower()} ") == code


@pytest.mark.parametrize(("code", "fault"), [("A1110000600037341L", "format"), ("12345", "length"), ("91110000600037341M", "checksum")])
def test_an_invalid_credit_code_is_refused(code, fault):
    with pytest.raises(ValidationError) as refusal:
        identifiers.uscc(code)

    assert refusal.value.code == fault


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812341234", "13812341234"),
        ("138 1234 1234", "13812341234"),
        ("+86 138-1234-1234", "13812341234"),
        ("020-81231234", "020-81231234"),
        ("０２０８１２３１２３４", "020-81231234"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_a_phone_number_is_read_as_people_type_it(typed, kept):
    assert identifiers.phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [("1381234123", "少 1 位"), ("138123412345", "多 1 位"), ("12012345678", "没有这个号段"), ("8123", "区号"), ("黄女士", "数字")],
)
def test_a_wrong_phone_number_is_told_what_to_mend(typed, says):
    with pytest.raises(ValidationError) as refusal:
        identifiers.phone(typed)

    assert says in refusal.value.messages[0]


@pytest.mark.parametrize("typed", ["", "6222 0236 0200 123A", "1234567", "-", "9" * 33, "٦٢٢٢٠٢٣٦٠٢"])
def test_a_wrong_account_number_is_refused(typed):
    with pytest.raises(ValidationError):
        identifiers.account_number(typed)


@pytest.mark.parametrize("typed", ["", "  ", "<b>李</b>", "a" * 121, "李\x00四"])
def test_a_name_has_no_signs_that_belong_to_no_name(typed):
    with pytest.raises(ValidationError):
        identifiers.person_name(typed)


def test_masks_keep_only_what_the_rulebook_lets_them_show():
    assert masks.id_number("440106199001011234") == "440106********1234"
    assert masks.id_number("E12345678") == "E1*****78"
    assert masks.phone("13812341234") == "138****1234"
    assert masks.phone("020-81231234") == "****1234"
    assert masks.account("4417") == "尾号 4417"
    assert (masks.name("黄秀芬"), masks.name("李娜"), masks.name("欧阳建国")) == ("黄*芬", "李*", "欧**国")
    assert masks.public_name("黄秀芬") == "黄*"
    assert masks.id_number("") == masks.phone("") == masks.account("") == masks.public_name("") == ""
