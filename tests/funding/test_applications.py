"""An application for a subsidy from the counter to the audit, and every way out of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.errors import FactsRefused, NotPermitted, StepRefused
from casework.models import CaseEvent
from funding import facts as told
from funding.models import BudgetPool, SubsidyApplication
from funding.selectors.figures import figures_of
from funding.selectors.queue import place_in_queue, places_of, queue_of
from ledger import api as ledger
from tests.factories import funding as made
from tests.factories.ledger import mark_paid, release

pytestmark = pytest.mark.django_db
REFUSE = told.Refuse("not_eligible", "旧梯 2012 年登记，不够早。", "方案第一条")


@pytest.fixture
def town():
    return made.make_town()


@pytest.fixture
def pool(town):
    return made.make_pool(town, "300000.00")


def figures(pool):
    found = figures_of(pool)
    assert found.whole == found.reserved + found.committed + found.paid + found.available
    return found


def ordered(town, application):
    application = made.with_account(town, made.published(town, made.verified(town, application)))
    application = made.do(application, "approve", town.leader, told.Approve("同意"))
    return made.do(application, "order_payment", town.finance_officer, told.OrderPayment("海财拨〔2026〕3号"))


def paid(town, application):
    application = ordered(town, application)
    (order,) = ledger.orders_of([application.pk])
    case = CaseEvent.objects.filter(case_id=order.id).first().case.specific
    release(case, town.cashier)
    mark_paid(case, town.cashier, voucher=f"HD-{order.id}")
    made.drain()
    return made.do(application, "audit", town.second_officer, told.Audit(timezone.localdate(), "材料、登记、实物一致。"))


def test_from_the_counter_to_the_audit_the_money_moves_once(town, pool):
    application = made.make_application(town, pool)
    assert (application.state, application.amount) == ("submitted", Decimal("100000.00"))
    application = made.verified(town, application)
    assert application.state == "reserved"
    assert (figures(pool).reserved, figures(pool).available) == (100000, 200000)
    application = made.published(town, application)
    application = made.do(application, "approve", town.leader, told.Approve("同意"))
    assert (figures(pool).reserved, figures(pool).committed, figures(pool).available) == (0, 100000, 200000)
    application = made.with_account(town, application)
    application = made.do(application, "order_payment", town.finance_officer, told.OrderPayment("海财拨〔2026〕3号"))
    (order,) = ledger.orders_of([application.pk])
    assert (order.amount, order.payee.name, application.state) == (Decimal("100000.00"), "李秀英", "ordered")
    case = CaseEvent.objects.filter(case_id=order.id).first().case.specific
    assert case.turn_role == "finance_cashier"
    release(case, town.cashier)
    mark_paid(case, town.cashier)
    made.drain()
    application = SubsidyApplication.objects.get(pk=application.pk)
    assert (application.state, application.voucher_number) == ("paid", "HD-0001")
    assert (figures(pool).committed, figures(pool).paid, figures(pool).available) == (0, 100000, 200000)
    application = made.do(application, "audit", town.second_officer, told.Audit(timezone.localdate(), "一致。"))
    assert made.do(application, "close", town.clerk).is_ended


def test_an_order_that_comes_back_is_ordered_again(town, pool):
    application = ordered(town, made.make_application(town, pool))
    (order,) = ledger.orders_of([application.pk])
    ledger.cancel_payment_order(order.id, by=town.cashier, happened_at=timezone.now(), reason="户名不符")
    made.drain()
    application = SubsidyApplication.objects.get(pk=application.pk)
    assert application.state == "approved" and figures(pool).committed == 100000

    again = made.do(application, "order_payment", town.finance_officer, told.OrderPayment("海财拨〔2026〕4号"))

    assert again.state == "ordered" and [o.is_gone for o in ledger.orders_of([again.pk])] == [True, False]


def test_one_list_of_corrections_and_no_second(town, pool):
    application = made.make_application(town, pool, is_completed=None)
    with pytest.raises(StepRefused, match="申请时工程没有完工") as refusal:
        made.do(application, "accept", town.clerk)
    assert refusal.value.code == "rule_unanswered" and refusal.value.cure.verb == "amend"
    application = made.do(application, "request_correction", town.clerk, told.RequestCorrection(("开工告知回执", "全体业主签字的委托书")))
    assert application.state == "supplement"
    application = made.do(application, "complete", town.clerk, told.Complete("补了开工告知", is_completed=False), on_behalf_of="李秀英")

    with pytest.raises(StepRefused, match="一次告知过"):
        made.do(application, "request_correction", town.clerk, told.RequestCorrection(("还要一份",)))
    assert made.do(application, "accept", town.clerk).state == "accepted"


def test_missing_papers_hold_acceptance(town, pool):
    application = made.make_application(town, pool)
    application.evidence.filter(code="vote_record").update(withdrawn_at=timezone.now())

    with pytest.raises(StepRefused, match="业主表决记录"):
        made.do(application, "accept", town.clerk)


def test_a_barred_lift_is_declined_in_writing_and_reviewed(town):
    pool = made.make_pool(town, scheme="NAT-2025-RENEW", year=2025)
    application = made.make_application(town, pool, investment=Decimal("150000.00"), registered_on=date(2009, 12, 31))
    with pytest.raises(StepRefused, match=r"单台投资大于 150000\.00 元") as refusal:
        made.do(application, "accept", town.clerk)
    assert refusal.value.cure.verb == "decline"
    application = made.do(application, "decline", town.clerk, REFUSE)
    assert application.is_ended
    application = made.do(application, "request_review", town.clerk, told.RequestReview(timezone.localdate(), "投资额算错了"))
    with pytest.raises(StepRefused, match="维持不予受理"):
        made.do(application, "uphold", town.housing_officer, told.Because("无误"))

    assert made.do(application, "uphold_decline", town.housing_officer, told.Because("投资额以合同为准")).state == "not_accepted"
    application = made.do(application, "request_review", town.clerk, told.RequestReview(timezone.localdate(), "合同改了"))
    assert made.do(application, "overturn", town.housing_officer, told.Because("合同价 16 万")).state == "submitted"


def test_a_review_asked_too_late_is_refused(town, pool):
    long_ago = timezone.now() - timedelta(days=90)
    application = made.make_application(town, pool, at=long_ago)
    application = made.do(application, "decline", town.clerk, REFUSE, at=long_ago + timedelta(days=1))

    with pytest.raises(StepRefused, match="期限"):
        made.do(application, "request_review", town.clerk, told.RequestReview(timezone.localdate(), "不服"))


def test_denied_money_goes_to_the_next_in_line(town):
    pool = made.make_pool(town, "100000.00")
    first, second = made.make_application(town, pool), made.make_application(town, pool)
    first, second = made.verified(town, first), made.verified(town, second)
    assert (first.state, second.state) == ("reserved", "waitlisted")

    first = made.do(first, "deny", town.leader, REFUSE)

    assert first.state == "denied" and not first.is_counted
    assert SubsidyApplication.objects.get(pk=second.pk).state == "reserved"
    assert figures(pool).available == 0


def test_the_queue_is_the_order_of_acceptance_whoever_is_verified_first(town):
    pool = made.make_pool(town, "100000.00")
    early, late = made.make_application(town, pool), made.make_application(town, pool)
    holder = made.verified(town, made.make_application(town, pool))
    early, late = made.do(early, "accept", town.clerk), made.do(late, "accept", town.clerk)
    late, early = made.verified(town, late), made.verified(town, early)
    assert [place_in_queue(early), place_in_queue(late)] == [1, 2]
    accepted = list(
        CaseEvent.objects.filter(verb="accept", case_id__in=[early.pk, late.pk]).order_by("recorded_at").values_list("case_id", flat=True)
    )
    assert [row.pk for row in queue_of(pool.pk)] == accepted
    assert [(p.number, p.digest) for p in places_of(pool.pk)] == [
        (n, CaseEvent.objects.get(case_id=pk, verb="accept").digest) for n, pk in enumerate(accepted, 1)
    ]

    made.do(holder, "withdraw", town.clerk, told.Because("业主不换了"), on_behalf_of="李秀英")

    assert SubsidyApplication.objects.get(pk=early.pk).state == "reserved"
    assert SubsidyApplication.objects.get(pk=late.pk).state == "waitlisted"


def test_nobody_is_overtaken_by_a_smaller_amount_behind(town):
    pool = made.make_pool(town, "150000.00")
    made.verified(town, made.make_application(town, pool))
    large = made.verified(town, made.make_application(town, pool, stops=12))
    small = made.verified(town, made.make_application(town, pool))
    assert (large.amount, large.state, small.state) == (150000, "waitlisted", "waitlisted")

    made.change(town, pool, "50000.00", "additional")
    assert {SubsidyApplication.objects.get(pk=a.pk).state for a in (large, small)} == {"waitlisted"}
    made.change(town, pool, "150000.00", "additional")

    assert [SubsidyApplication.objects.get(pk=a.pk).state for a in (large, small)] == ["reserved", "reserved"]
    assert figures(pool).available == 0


def test_one_lift_is_funded_once_and_the_database_says_so_too(town, pool):
    lift = made.make_lift(town)
    first = made.verified(town, made.make_application(town, pool, lift=lift))
    second = made.do(made.make_application(town, pool, lift=lift), "accept", town.clerk)
    with pytest.raises(FactsRefused, match="不能重复补助"):
        made.verified(town, second)

    with pytest.raises(IntegrityError, match="subsidy_lift_once"), transaction.atomic():
        SubsidyApplication.objects.filter(pk=second.pk).update(is_counted=True)
    made.do(first, "withdraw", town.clerk, told.Because("改由下一年申请"))
    assert made.verified(town, second).state == "reserved"


def test_an_entrance_counts_once_where_the_scheme_pays_by_entrance(town):
    pool = made.make_pool(town, scheme="GZ-HAIZHU-2018", year=2018)
    lift = made.make_lift(town, stops=9)
    other = made.make_lift(town, stops=9, building=lift.building)
    known = {"certificate_on": date(2019, 1, 1), "owners": 12, "lifts_at_entrance": 2}
    first = made.verified(town, made.make_application(town, pool, lift=lift, stops=9, **known), entrance="1 梯口", lifts_at_entrance=2)
    second = made.do(made.make_application(town, pool, lift=other, stops=9, **known), "accept", town.clerk)

    with pytest.raises(FactsRefused) as refused:
        made.verified(town, second, entrance="1 梯口")
    assert "entrance" in refused.value.errors and first.amount == Decimal("100000.00")
    assert made.verified(town, second, entrance="2 梯口").state == "reserved"


@pytest.mark.parametrize(("day", "accepted"), [("2018-06-05", False), ("2018-06-06", True), ("2021-06-05", True), ("2021-06-06", False)])
def test_haizhu_accepts_certificates_of_its_period_only(town, day, accepted):
    pool = made.make_pool(town, scheme="GZ-HAIZHU-2018", year=2018)
    application = made.make_application(town, pool, stops=9, certificate_on=date.fromisoformat(day), owners=12, lifts_at_entrance=1)

    if accepted:
        application = made.do(application, "accept", town.clerk)
        (clock,) = application.deadlines.filter(rule="verification")
        assert (clock.count, clock.unit, clock.citation) == (5, "working_days", "海更新〔2018〕39号")
    else:
        with pytest.raises(StepRefused, match="使用登记证日期"):
            made.do(application, "accept", town.clerk)


def test_what_is_seen_on_the_spot_decides_the_amount(town, pool):
    application = made.verified(town, made.make_application(town, pool), stops=10, floors=10)

    assert application.amount == Decimal("150000.00") and figures(pool).reserved == 150000


def test_publication_needs_its_days_a_photograph_and_no_open_objection(town, pool):
    application = made.verified(town, made.make_application(town, pool))
    today = timezone.localdate()
    with pytest.raises(StepRefused, match="公示照片"):
        made.do(application, "publish", town.clerk, told.Publish(today, today + timedelta(days=30), "梯口"))
    made.prove(application, "publication_photo")
    with pytest.raises(FactsRefused):
        made.do(application, "publish", town.clerk, told.Publish(today, today + timedelta(days=1), "梯口"))
    application = made.do(application, "publish", town.clerk, told.Publish(today, today + timedelta(days=30), "梯口"))
    with pytest.raises(StepRefused, match="期满后才能批准"):
        made.do(application, "approve", town.leader, told.Approve("同意"))
    application = made.do(application, "record_objection", town.clerk, told.RecordObjection(today, "匿名", "去年已补过"))
    with pytest.raises(StepRefused):
        made.do(application, "approve", town.leader, told.Approve("同意"))

    assert made.do(application, "answer_objection", town.clerk, told.AnswerObjection(today, "查无此事")).state == "published"


def test_above_the_leaders_authority_the_housing_authority_decides(town):
    pool = made.make_pool(town)
    application = made.published(town, made.verified(town, made.make_application(town, pool, stops=38)))
    assert (application.amount, application.turn_role) == (Decimal("200000.00"), "housing_officer")
    with pytest.raises(FactsRefused, match="超出您的审批权限"):
        made.do(application, "approve", town.leader, told.Approve("同意"))

    assert made.do(application, "approve", town.housing_officer, told.Approve("同意")).state == "approved"


def test_without_a_limit_nobody_approves(pool):
    town = made.make_town()
    from access.models import AuthorityLimit

    AuthorityLimit.objects.all().delete()
    application = made.published(town, made.verified(town, made.make_application(town, made.make_pool(town))))

    with pytest.raises(FactsRefused, match="权限"):
        made.do(application, "approve", town.leader, told.Approve("同意"))


def test_four_eyes_along_the_way(town, pool):
    application = made.published(town, made.verified(town, made.make_application(town, pool)))
    with pytest.raises(NotPermitted):
        made.do(application, "approve", town.clerk, told.Approve("同意"))
    application = made.with_account(town, made.do(application, "approve", town.leader, told.Approve("同意")))
    application = made.do(application, "order_payment", town.finance_officer, told.OrderPayment("拨字1号"))
    (order,) = ledger.orders_of([application.pk])
    case = CaseEvent.objects.filter(case_id=order.id).first().case.specific
    release(case, town.cashier)
    mark_paid(case, town.cashier)
    made.drain()
    with pytest.raises(NotPermitted, match="两个人"):
        made.do(application, "audit", town.finance_officer, told.Audit(timezone.localdate(), "一致"))


def test_money_is_ordered_only_to_an_account_that_two_people_saw(town, pool):
    application = made.published(town, made.verified(town, made.make_application(town, pool)))
    application = made.do(application, "approve", town.leader, told.Approve("同意"))

    with pytest.raises(StepRefused, match="收款账户"):
        made.do(application, "order_payment", town.finance_officer, told.OrderPayment("拨字1号"))


def test_withdrawn_after_approval_the_money_returns_whole(town, pool):
    application = made.published(town, made.verified(town, made.make_application(town, pool)))
    application = made.do(application, "approve", town.leader, told.Approve("同意"))

    made.do(application, "withdraw", town.clerk, told.Because("不换了"))

    assert (figures(pool).appropriated, figures(pool).available, figures(pool).committed) == (300000, 300000, 0)


def test_overturned_after_denial_the_application_keeps_its_place(town):
    pool = made.make_pool(town, "100000.00")
    first = made.verified(town, made.make_application(town, pool))
    first = made.do(first, "deny", town.leader, REFUSE)
    second = made.verified(town, made.make_application(town, pool))
    third = made.verified(town, made.make_application(town, pool))
    assert (second.state, third.state) == ("reserved", "waitlisted")
    first = made.do(first, "request_review", town.clerk, told.RequestReview(timezone.localdate(), "登记日看错了"))
    first = made.do(first, "overturn", town.housing_officer, told.Because("登记日确为 2005 年"))

    first = made.verified(town, first)

    assert [row.pk for row in queue_of(pool.pk)] == [first.pk, third.pk]


def test_claw_back_in_instalments_feeds_the_queue(town):
    pool = made.make_pool(town, "100000.00")
    application = paid(town, made.make_application(town, pool))
    waiting = made.verified(town, made.make_application(town, pool))
    assert waiting.state == "waitlisted"
    with pytest.raises(FactsRefused):
        made.do(application, "claw_back", town.leader, told.ClawBack(Decimal("100000.01"), "false_papers", "材料不实", "方案第九条"))
    application = made.do(
        application, "claw_back", town.leader, told.ClawBack(Decimal("100000.00"), "false_papers", "材料不实", "方案第九条")
    )
    made.prove(application, "repayment_voucher")
    application = made.do(
        application, "record_repayment", town.cashier, told.RecordRepayment(Decimal("40000.00"), timezone.localdate(), "T-1")
    )
    assert SubsidyApplication.objects.get(pk=waiting.pk).state == "waitlisted"
    with pytest.raises(StepRefused, match=r"60,000\.00"):
        made.do(application, "settle_clawback", town.finance_officer)
    with pytest.raises(FactsRefused):
        made.do(application, "record_repayment", town.cashier, told.RecordRepayment(Decimal("60000.01"), timezone.localdate(), "T-2"))
    application = made.do(
        application, "record_repayment", town.cashier, told.RecordRepayment(Decimal("60000.00"), timezone.localdate(), "T-2")
    )

    assert SubsidyApplication.objects.get(pk=waiting.pk).state == "reserved"
    assert made.do(application, "settle_clawback", town.finance_officer).is_ended
    assert (figures(pool).returned, figures(pool).appropriated, figures(pool).available) == (100000, 100000, 0)


def test_claw_back_is_waived_by_another_than_who_decided_it(town, pool):
    application = paid(town, made.make_application(town, pool))
    application = made.do(application, "claw_back", town.leader, told.ClawBack(Decimal("100000.00"), "other", "没有完工", "方案第九条"))
    with pytest.raises(NotPermitted):
        made.do(application, "waive_clawback", town.leader, told.Because("查清已完工"))

    assert made.do(application, "waive_clawback", town.housing_officer, told.Because("查清已完工")).state == "closed"


def test_a_pool_of_another_scheme_or_place_takes_no_application(town, pool):
    with pytest.raises(FactsRefused):
        made.make_application(town, BudgetPool(pk=pool.pk, scheme="NAT-2025-RENEW"))
    haizhu = made.make_pool(town, scheme="GZ-HAIZHU-2018", year=2018)
    lift = made.make_lift(town)
    lift.building.place = "440106"
    lift.building.save()
    with pytest.raises(FactsRefused, match="不适用"):
        made.make_application(town, haizhu, lift=lift)
