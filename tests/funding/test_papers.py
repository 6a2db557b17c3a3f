"""The letters of a subsidy, read back from their PDF: application to disbursement, claw-back, decline and denial."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from casework.models import CaseEvent
from funding import facts as told
from ledger import api as ledger
from tests.factories import funding as made
from tests.factories.claims import printing
from tests.factories.ledger import mark_paid, release
from tests.factories.papers import paper

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]
REFUSE = told.Refuse("not_eligible", "旧梯 2012 年登记，不够早。", "方案第一条")


@pytest.fixture(autouse=True)
def printed():
    token = printing.set(True)
    yield
    printing.reset(token)


@pytest.fixture
def town():
    return made.make_town()


@pytest.fixture
def pool(town):
    return made.make_pool(town, "300000.00")


TITLES = {
    "funding.application_form": "补助申请表",
    "funding.power_of_attorney": "委托书",
    "funding.correction_notice": "补正",
    "funding.acceptance_notice": "受理",
    "funding.verification_sheet": "核实",
    "funding.public_notice": "公示",
    "funding.approval_sheet": "审批表",
    "funding.disbursement_notice": "拨付",
    "funding.claw_back_decision": "追回",
}


def test_from_the_counter_to_the_claw_back(town, pool):
    application = made.make_application(town, pool)
    application = made.do(application, "request_correction", town.clerk, told.RequestCorrection(("开工告知回执",)))
    application = made.do(application, "complete", town.clerk, told.Complete("补了", is_completed=False), on_behalf_of="李秀英")
    application = made.do(application, "accept", town.clerk)
    application = made.with_account(town, made.published(town, made.verified(town, application)))
    application = made.do(application, "approve", town.leader, told.Approve("同意"))
    application = made.do(application, "order_payment", town.finance_officer, told.OrderPayment("海财拨〔2026〕3号"))
    (order,) = ledger.orders_of([application.pk])
    case = CaseEvent.objects.filter(case_id=order.id).first().case.specific
    release(case, town.cashier)
    mark_paid(case, town.cashier)
    made.drain()
    application = made.do(application, "audit", town.second_officer, told.Audit(timezone.localdate(), "没有办理登记。"))
    application = made.do(application, "claw_back", town.leader, told.ClawBack(Decimal("100000.00"), "other", "没有完工", "方案第九条"))

    for code, title in TITLES.items():
        assert title in paper(application, code), code


def test_what_is_declined_and_what_is_denied_say_the_remedies(town, pool):
    declined = made.do(made.make_application(town, pool), "decline", town.clerk, REFUSE)
    denied = made.do(made.verified(town, made.make_application(town, pool)), "deny", town.leader, REFUSE)

    for application, code in ((declined, "funding.decline_notice"), (denied, "funding.denial_decision")):
        text = paper(application, code)
        assert "行政复议" in text and "行政诉讼" in text, code
