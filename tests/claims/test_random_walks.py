"""Claim, advances and payout walked at random: whatever people try, in whatever order, the invariants hold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from access.roles import Role
from casework import registry
from casework.audit import verify_case
from casework.errors import FactsRefused, StepRefused
from casework.models import Case, CaseEvent
from casework.steps import perform, steps_for
from claims import facts as told
from claims import selectors, services
from claims.models import Advance, Claim, VictimPayment
from damages import api as damages
from disputes.facts import Agree, WithdrawSuit
from ledger import api as ledger
from ledger.facts import CancelPayment, MarkPaid, ReleasePayment, ReturnPayment
from ledger.verification import trial_balance
from policies.facts import AnswerConsent, ApproveDecision
from recovery import api as recovery
from tests.factories.access import make_actor
from tests.factories.claims import add_evidence, deposit, follow, insure, make_house, notice, worksheet
from tests.factories.disputes import COURT, judgment
from tests.factories.elevators import make_incident
from tests.factories.ledger import add_voucher

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
WHY = told.Because("理由")
amounts = st.sampled_from([Decimal("0.01"), Decimal("100.00"), Decimal("4999.99"), Decimal("13200.00"), Decimal("20000.00")])


class World:
    """One insured lift, one hurt and two unhurt people, and everybody who may act."""

    def __init__(self):
        from elevators.api import Harm, PersonFacts

        self.house = make_house()
        _policy, insurer = insure(self.house)
        manager = self.house.lobby.manager
        self.people = [
            make_actor(Role.MANAGER_CLERK, Role.MANAGER_APPROVER, organisation=manager),
            make_actor(Role.MANAGER_CLERK, Role.MANAGER_APPROVER, organisation=manager),
            self.house.cashier,
            insurer.handler,
            insurer.approver,
            insurer.cashier,
        ]
        incident = make_incident(
            self.house.lobby, started=600, trapped=52, people_count=3, people=(PersonFacts(key="", name="穿红衣的女士", harm=Harm.INJURED),)
        )
        follow()
        self.incident = incident
        for claim in Claim.objects.filter(parent_id=incident.pk):
            add_evidence(claim, "identity", "settlement_agreement", "payment_voucher")

    def cases(self) -> list[Case]:
        return [c.specific for c in Case.objects.filter(lineage__contains=[self.incident.pk]).order_by("pk")]


def facts_of(case, verb, amount, number):
    """Facts of a step with an amount from outside; None for a step this walk does not take."""
    signed = {"amount": amount, "signed_on": timezone.localdate(), "terms": "协议"}
    makers = {
        "record_estimate": lambda: told.RecordEstimate(amount, "clerk"),
        "set_victim_fault": lambda: told.SetVictimFault(Fraction(1, 5), "扒门"),
        "ask_consent": lambda: told.AskConsent(amount, "草案"),
        "settle": lambda: told.Settle(**signed),
        "settle_at_own_risk": lambda: told.SettleAtOwnRisk(**signed, reason="急"),
        "sue": lambda: told.Sue("法院", "号", "黄女士"),
        "record_judgment": lambda: judgment(str(amount) if number % 3 else "0.00", on=TODAY),
        "withdraw": lambda: WithdrawSuit("withdrawn", "裁定", TODAY, "撤诉") if case.kind == "litigation" else WHY,
        "agree": lambda: Agree(amount, "协议", "七日内", TODAY, True, True, True),
        "mediate": lambda: told.Mediate("人民调解委员会"),
        "record_cost": lambda: told.RecordCost("mitigation_cost", amount, TODAY, f"票据 {number}"),
        "order_payment": lambda: told.OrderPayment(case.people[0]["key"], amount, "黄女士"),
        "prove_payment": lambda: told.RecordPayment("other", amount, TODAY, f"收据 {number}"),
        "close": lambda: told.CloseClaim("办完"),
        "mark_duplicate": lambda: told.MarkDuplicate("CL-2026-99999", "重复"),
        "amend": lambda: deposit(str(amount)),
        "propose_again": lambda: deposit(str(amount)),
        "record_refund": lambda: told.RefundAdvance(amount, TODAY, f"TK{number}"),
        "approve_in_emergency": lambda: told.ApproveAdvance(case.amount),
        "release": lambda: ReleasePayment(True),
        "mark_paid": lambda: MarkPaid(f"HD{number}", timezone.localdate()),
        "return_": lambda: ReturnPayment("账号有误"),
        "cancel": lambda: CancelPayment("不付了"),
        "answer_consent": lambda: AnswerConsent(number % 2 == 0, "偏高"),
        "approve": lambda: (
            told.ApproveAdvance(case.amount) if case.kind == "advance" else ApproveDecision(case.decided_amount or Decimal(0))
        ),
    }
    spec = registry.kind(case.kind).steps[verb]
    if verb in makers:
        made = makers[verb]()
        return made if isinstance(made, spec.facts) else ()
    return WHY if spec.facts is told.Because else ()


def act(world, data, number):
    """One attempt of somebody at something; refusals are answers, not failures."""
    amount = data.draw(amounts, label="amount")
    by = data.draw(st.sampled_from(world.people), label="who")
    case = data.draw(st.sampled_from(world.cases()), label="which")
    try:
        with transaction.atomic():
            if case.kind == "claim" and data.draw(st.integers(0, 3), label="what") == 0:
                return _beside_the_steps(case, by, amount, data)
            views = [v for v in steps_for(case, by) if v.allowed]
            if not views:
                return None
            view = data.draw(st.sampled_from(views), label="verb")
            verb = view.verb
            if case.kind in ("litigation", "mediation"):
                add_evidence(case, *{"judgment", "mediation_agreement"} - set(case.evidence.values_list("code", flat=True)))
            facts = facts_of(case, verb, amount, number)
            if facts == () and registry.kind(case.kind).steps[verb].facts is not registry.kind("claim").steps["start_negotiation"].facts:
                return None
            if verb == "mark_paid":
                add_voucher(case)
            behalf = {"on_behalf_of": COURT} if view.transcribes else {}
            perform(case, verb, by=by, happened_at=timezone.now(), seen=None, **({"facts": facts} if facts != () else {}), **behalf)
            return case, verb
    except (StepRefused, FactsRefused):
        return None


def _beside_the_steps(claim, by, amount, data):
    """A new advance below the claim, or a new version of its worksheet taken as its assessment."""
    if data.draw(st.booleans(), label="advance"):
        services.propose_advance(claim=claim, facts=deposit(str(amount)), by=by, happened_at=timezone.now(), estimate=notice(str(amount)))
    elif claim.subject == "injury":
        worksheet(claim, by, str(amount), reason="新版")
        services.assess_from_worksheet(claim=claim, by=by, happened_at=timezone.now(), seen=None, reason="新版")


def ensure_invariants(world, taken):
    for case in world.cases():
        assert verify_case(case) is None
    assert trial_balance().faults == ()
    for claim in Claim.objects.filter(parent_id=world.incident.pk):
        proven = VictimPayment.objects.filter(claim=claim).aggregate(s=Sum("amount"))["s"] or Decimal(0)
        received = ledger.balance(f"claim/{claim.pk}/received")
        assert claim.proven == proven == received.credited - received.posted
        if claim.state == "victim_paid" and taken and taken[1] == "record_victim_paid":
            assert claim.proven >= claim.owed
        if claim.state == "closed" and taken and taken[1] == "close":
            assert selectors.claim_position(claim).open_matters == ()
        sheet = damages.current(claim.pk)
        assert sheet is None or sheet.total == sum(line.assessed for line in sheet.lines)
    if taken and taken[1] in ("approve", "approve_in_emergency") and taken[0].kind == "advance":
        claim = Claim.objects.get(pk=taken[0].parent_id)
        assert selectors.advanced(claim.pk) <= claim.estimate
    for advance in Advance.objects.filter(state="paid"):
        assert VictimPayment.objects.filter(source_case__parent_id=advance.pk, amount=advance.approved_amount).count() == 1
    for advance in Advance.objects.exclude(approved_amount=None).filter(is_emergency=False, state__in=("approved", "paid")):
        last = CaseEvent.objects.filter(case_id=advance.pk, verb="approve").latest("number")
        makers = CaseEvent.objects.filter(case_id=advance.pk, verb__in=("propose", "amend", "propose_again"))
        assert last.actor_user_id not in set(makers.values_list("actor_user_id", flat=True))
    paid = sum((a.approved_amount - a.refunded for a in Advance.objects.filter(state="paid")), Decimal(0))
    files = recovery.files(incident_id=world.incident.pk)
    assert sum((f.left + f.collected + f.written_off for f in files), Decimal(0)) <= paid


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data(), length=st.integers(10, 30))
def test_whatever_people_try_the_invariants_hold(data, length):
    with transaction.atomic():
        world = World()
        for number in range(length):
            taken = act(world, data, number)
            follow()
            ensure_invariants(world, taken)
        transaction.set_rollback(True)
