"""Codes on the plate: vectors V26 and what a person types wrong."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from elevators.terms import codes


def test_old_registration_code_of_v26():
    parsed = codes.parse("21603101012006010101")
    assert (parsed.type, parsed.region, parsed.year, parsed.month, parsed.serial) == ("2160", "310101", "2006", "01", "0101")
    assert parsed.is_old_registration_code
    assert parsed.maker == ""


def test_sample_registration_code():
    parsed = codes.parse("32104406002012050030")
    assert (parsed.type, parsed.region, parsed.year, parsed.month, parsed.serial) == ("3210", "440600", "2012", "05", "0030")


@pytest.mark.parametrize("maker", ["10890", "23010"])
def test_equipment_code_of_18_digits(maker):
    parsed = codes.parse(f"3110{maker}201400098")
    assert (parsed.type, parsed.maker, parsed.year, parsed.serial) == ("3110", maker, "2014", "00098")
    assert parsed.region == ""
    assert not parsed.is_old_registration_code


def test_variants_of_17_and_19_digits():
    older, by_registrar = codes.parse("31101089020140098"), codes.parse("3110440105201400098")
    assert (older.maker, older.serial) == ("10890", "0098")
    assert (by_registrar.region, by_registrar.year, by_registrar.serial) == ("440105", "2014", "00098")


@pytest.mark.parametrize("typed", ["3110 4401 0520 0501 0236", "3110-4401-0520-0501-0236", "３１１０４４０１０５２００５０１０２３６"])
def test_spaces_dashes_and_full_width_figures_are_forgiven(typed):
    assert codes.parse(typed).digits == "31104401052005010236"


@pytest.mark.parametrize(
    ("typed", "code"), [("3110", "length"), ("3" * 16, "length"), ("3" * 21, "length"), ("", "not_digits"), ("梯11粤EM0866", "not_digits")]
)
def test_what_is_no_code_is_refused(typed, code):
    with pytest.raises(ValidationError) as refusal:
        codes.parse(typed)
    assert refusal.value.code == code


def test_use_registration_number_is_only_hinted_at():
    assert codes.use_registration_looks_right("梯11粤EM0866")
    assert codes.use_registration_looks_right("梯11粤A12345(15)")
    assert not codes.use_registration_looks_right("EM0866")


def test_grouped_for_reading_aloud():
    assert codes.grouped("31104401052005010236") == "3110 4401 0520 0501 0236"
