"""The papers around a payment to an injured person, read back from their PDF."""

from __future__ import annotations

import pytest

from tests.factories.papers import paper
from tests.factories.policies import INJURY, ask_injury, make_room, pay_all, to_agreed

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]

TITLES = {
    "policies.report_receipt": "报案回执",
    "policies.direct_payment_request": "直接向第三者支付",
    "policies.payout_receipt": "赔款收据",
    "policies.assignment": "权益转让书",
    "policies.limit_statement": "限额",
}


def test_a_payment_to_the_injured_brings_its_papers():
    room = make_room()
    payout = pay_all(room, to_agreed(room, ask_injury(room, INJURY)))

    for code, title in TITLES.items():
        assert title in paper(payout, code), code
