"""Amounts and moments as every page writes them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from casework.templatetags.tibao import due_moment, money

DUE = timezone.make_aware(datetime(2025, 4, 2, 9, 30))


@pytest.mark.parametrize(
    ("value", "written"), [("3000000.00", "3,000,000.00"), (Decimal("-1650"), "−1,650.00"), (0, "0.00"), (None, ""), ("", "")]
)
def test_money_has_separators_two_places_and_the_minus_sign(value, written):
    assert money(value) == written


@pytest.mark.parametrize(("unit", "written"), [("calendar_days", "2025年4月2日 周三"), ("minutes", "2025年4月2日 周三 09:30")])
def test_a_due_moment_is_a_day_and_by_the_clock_a_minute(unit, written):
    assert due_moment(SimpleNamespace(unit=unit, due_at=DUE)) == written
