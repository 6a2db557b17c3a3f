"""Incident, claims, advances, payouts, orders and recovery as one machine: whatever people do, nobody is paid twice.

Hypothesis takes the steps; each is done or refused. After each the money is counted anew from the payment orders and the
papers, and must be what the files say. The same walks each time; TIBAO_WALKS=10 takes ten times as many, others each time.
"""

from __future__ import annotations

import os
from decimal import Decimal
from fractions import Fraction
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from access.roles import Role
from casework.audit import verify_case
from casework.errors import FactsRefused, StepRefused
from casework.evidence import add
from casework.models import Case, CaseEvent, OutboxEntry, Task
from casework.steps import perform
from claims import facts as claimed
from claims import services
from claims.models import Advance, Claim
from elevators.api import Harm, PersonFacts
from ledger import api as ledger
from ledger.facts import CancelPayment, MarkPaid, ReleasePayment, ReturnPayment
from ledger.models import PaymentOrder
from ledger.verification import trial_balance
from legislation.money import ZERO
from policies import facts as told
from policies import movements
from policies.models import Payout
from policies.selectors import payout_position
from recovery import facts as recovered
from recovery import selectors as accounts
from recovery.models import RecoveryFile, RecoveryTarget
from tests.factories.access import make_actor, make_authority
from tests.factories.claims import add_evidence, deposit, follow, insure, make_house, name_accounts, notice, worksheet
from tests.factories.disputes import judge, suit_of
from tests.factories.elevators import make_incident
from tests.factories.ledger import add_voucher
from tests.factories.policies import PDF, cover_holds, decision

WALKS = int(os.environ.get("TIBAO_WALKS", "1"))
amounts = st.sampled_from([Decimal(text) for text in ("0.01", "3000.00", "4999.99", "12000.00", "30000.00")])
which = st.integers(0, 7)


class Machine(RuleBasedStateMachine):
    """One lift, one policy with limits that run short, one accident with one to three injured."""

    @initialize(injured=st.integers(1, 3), direct=st.booleans())
    def an_accident(self, injured, direct):
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.number = count(1)
        self.house = make_house()
        limits = {"medical_per_person": "10000.00", "per_person": "15000.00", "per_accident": "30000.00", "aggregate": "60000.00"}
        terms = {name: Decimal(amount) for name, amount in limits.items()}
        self.policy, self.insurer = insure(self.house, pays_victim_directly=direct, **terms)
        manager = self.house.lobby.manager
        self.colleague = make_actor(Role.INSURER_HANDLER, organisation=self.house.lobby.insurer)
        self.second = make_actor(Role.MANAGER_APPROVER, organisation=manager)
        make_authority(manager, Role.MANAGER_APPROVER, "recovery.give_up", "1000000.00")
        make_authority(self.house.lobby.insurer, Role.INSURER_APPROVER, "recovery.give_up", "1000000.00")
        people = tuple(PersonFacts(key="", name=f"伤者{n}", harm=Harm.INJURED) for n in range(injured))
        self.incident = make_incident(self.house.lobby, started=600, trapped=52, people_count=injured + 1, people=people)
        follow()
        for claim in self.claims():
            name_accounts(claim, self.house)
            add_evidence(claim, "identity", "settlement_agreement", "payment_voucher")
        follow()

    def teardown(self):
        if not hasattr(self, "undone"):
            return
        try:
            for case in Case.objects.filter(lineage__contains=[self.incident.pk]):
                assert verify_case(case.specific) is None, case
            assert verify_case(Case.objects.get(pk=self.incident.pk)) is None
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # -- what people try ----------------------------------------------------------------------------------------------

    def claims(self):
        return list(Claim.objects.filter(parent_id=self.incident.pk).order_by("pk"))

    def pick(self, rows, number):
        rows = list(rows)
        return rows[number % len(rows)] if rows else None

    def attempt(self, act):
        """Do it wholly, or be refused and leave nothing behind."""
        try:
            with transaction.atomic():
                act()
        except (StepRefused, FactsRefused):
            return False
        finally:
            follow()
        return True

    def step(self, case, verb, by, facts=None):
        if case is None:
            return False
        case = type(case).objects.get(pk=case.pk)
        extra = {"facts": facts} if facts is not None else {}
        return self.attempt(lambda: perform(case, verb, by=by, happened_at=timezone.now(), seen=None, **extra))

    @rule(n=which, amount=amounts, emergency=st.booleans(), pays=st.booleans())
    def advance(self, n, amount, emergency, pays):
        claim, now = self.pick(self.claims(), n), timezone.now()
        facts, estimate = deposit(str(amount), key=claim.people[0]["key"]), notice(str(amount * 2))
        if not self.attempt(
            lambda: services.propose_advance(claim=claim, facts=facts, by=self.house.clerk, happened_at=now, estimate=estimate)
        ):
            return
        advance = Advance.objects.latest("pk")
        if emergency:
            add_evidence(advance, "deposit_notice")
            self.step(advance, "approve_in_emergency", self.house.clerk, claimed.ApproveAdvance(amount))
        else:
            self.step(advance, "approve", self.house.approver, claimed.ApproveAdvance(amount))
        if pays:
            self.carry_out(PaymentOrder.objects.filter(parent_id=advance.pk).last())

    @rule(n=which, amount=amounts)
    def refund_of_a_deposit(self, n, amount):
        advance = self.pick(self.below(Advance), n)
        self.step(
            advance, "record_refund", self.house.cashier, claimed.RefundAdvance(amount, timezone.localdate(), f"TK{next(self.number)}")
        )

    def below(self, model):
        return model.objects.filter(lineage__contains=[self.incident.pk]).order_by("pk")

    def cashier(self, order):
        mine = order.payer_organisation_id == self.house.lobby.manager.pk
        return self.house.cashier if mine else self.insurer.cashier

    def carry_out(self, order):
        if order is None or not self.step(order, "release", self.cashier(order), ReleasePayment(True)):
            return
        add_voucher(order)
        self.step(order, "mark_paid", self.cashier(order), MarkPaid(f"HD{next(self.number)}", timezone.localdate()))

    @rule(n=which)
    def pay(self, n):
        self.carry_out(self.pick(self.below(PaymentOrder).filter(state__in=("proposed", "released")), n))

    @rule()
    def pay_everything(self):
        for order in self.below(PaymentOrder).filter(state="proposed"):
            self.carry_out(order)

    @rule(n=which, how=st.sampled_from(["bounce", "bounce", "return_", "cancel"]))
    def money_comes_back(self, n, how):
        states = ("paid",) if how == "bounce" else ("proposed", "released")
        order = self.pick(self.below(PaymentOrder).filter(state__in=states), n)
        if order is None:
            return
        if how == "return_":
            self.step(order, "release", self.cashier(order), ReleasePayment(True))
        facts = {
            "bounce": lambda: ledger.BouncePayment("户名不符", timezone.localdate(), f"TP{next(self.number)}"),
            "return_": lambda: ReturnPayment("账号有误"),
            "cancel": lambda: CancelPayment("不付了"),
        }[how]()
        self.step(order, how, self.cashier(order), facts)

    @rule(n=which, medical=amounts, fault=st.sampled_from([None, Fraction(1, 5)]))
    def assess(self, n, medical, fault):
        claim = self.pick([c for c in self.claims() if c.subject == "injury"], n)
        if fault:
            self.step(claim, "set_victim_fault", self.house.clerk, claimed.SetVictimFault(fault, "扒门"))

        def act():
            worksheet(claim, self.house.clerk, str(medical), reason="新版")
            services.assess_from_worksheet(claim=claim, by=self.house.clerk, happened_at=timezone.now(), seen=None, reason="新版")

        self.attempt(act)

    @rule(n=which)
    def confirm_entrapment(self, n):
        self.step(self.pick([c for c in self.claims() if c.subject != "injury"], n), "confirm_entrapment", self.house.approver)

    @rule(n=which, amount=amounts)
    def court(self, n, amount):
        claim = self.pick([c for c in self.claims() if c.subject == "injury"], n)
        self.step(claim, "sue", self.house.clerk, claimed.Sue("法院", f"案号 {next(self.number)}", "伤者"))
        claim = Claim.objects.get(pk=claim.pk)
        if claim.state == "litigated" and suit_of(claim).state == "open":
            self.attempt(lambda: judge(claim, self.house.clerk, str(amount)))

    @rule(n=which, amount=amounts, consents=st.booleans())
    def settlement(self, n, amount, consents):
        claim = self.pick([c for c in self.claims() if c.subject == "injury"], n)
        self.step(claim, "start_negotiation", self.house.clerk)
        self.step(claim, "ask_consent", self.house.clerk, claimed.AskConsent(amount, "草案"))
        payout = Payout.objects.filter(parent_id=claim.pk).last()
        self.step(payout, "answer_consent", self.insurer.approver, told.AnswerConsent(consents, "偏高"))
        signed = {"amount": amount, "signed_on": timezone.localdate(), "terms": "协议"}
        self.step(claim, "settle", self.house.clerk, claimed.Settle(**signed))
        self.step(claim, "settle_at_own_risk", self.house.approver, claimed.SettleAtOwnRisk(**signed, reason="急"))

    @rule(n=which, amount=amounts)
    def manager_pays(self, n, amount):
        claim = self.pick(self.claims(), n)
        self.step(claim, "order_payment", self.house.approver, claimed.OrderPayment(claim.people[0]["key"], amount, "伤者"))

    @rule(n=which, amount=amounts, payer=st.sampled_from(["manager", "other"]))
    def paid_elsewhere(self, n, amount, payer):
        facts = claimed.RecordPayment(payer, amount, timezone.localdate(), f"收据 {next(self.number)}")
        self.step(self.pick(self.claims(), n), "prove_payment", self.house.clerk, facts)

    @rule(n=which, verb=st.sampled_from(["withdraw", "decide_not_covered", "reopen", "revoke_liability", "close"]))
    def leave_or_come_back(self, n, verb):
        facts = claimed.CloseClaim("办完") if verb == "close" else claimed.Because("理由")
        self.step(self.pick(self.claims(), n), verb, self.house.approver, facts)

    # -- the insurer --------------------------------------------------------------------------------------------------

    @rule(n=which)
    def ask_for_a_payout(self, n):
        self.step(self.pick(self.claims(), n), "request_payout", self.house.clerk)

    @rule(n=which, times=st.integers(1, 4), part=st.sampled_from([None, "1000.00"]), share=st.sampled_from(["1", "7/10"]))
    def carry_the_payout_on(self, n, times, part, share):
        payout = self.pick(self.below(Payout), n)
        for _time in range(times if payout else 0):
            self.next_step(Payout.objects.get(pk=payout.pk), part, share)

    def next_step(self, payout, part, share):
        today, handler, approver = timezone.localdate(), self.insurer.handler, self.insurer.approver
        if payout.state == "requested":
            self.step(payout, "register", handler, told.RegisterPayout(today))
        elif payout.state == "registered":
            self.step(payout, "check_cover", handler, cover_holds(payout))
            self.step(payout, "accept_documents", handler)
        elif payout.state in ("complete", "disputed"):
            lines = payout_position(payout).lines
            accepted = {(x.person, x.head): str(min(x.asked, Decimal(part))) for x in lines} if part else None
            self.attempt(lambda: self.decide(payout, share, accepted))
        elif payout.state == "proposed":
            self.step(payout, "approve", approver, told.ApproveDecision(payout.decided_amount or ZERO))
        elif payout.state == "refusal_proposed":
            self.step(payout, "approve_refusal", approver, told.ApproveRefusal())
        elif payout.state == "refused":
            self.step(payout, "send_refusal", handler, told.SendRefusal(today))
        elif payout.state == "decided":
            self.step(payout, "agree", handler, told.AgreeAmount("insured", today, payout.decided_amount or ZERO))
        elif payout.state == "agreed":
            self.pay_out(payout)

    def decide(self, payout, share, accepted):
        facts = decision(payout, share, accepted=accepted)
        perform(payout, "decide", by=self.insurer.handler, happened_at=timezone.now(), seen=None, facts=facts)

    def pay_out(self, payout):
        for line in payout_position(payout).payees:
            verb = "pay_victim" if line.payee_kind == "victim" else "reimburse_insured"
            self.step(payout, verb, self.insurer.handler, told.ProposePayout(line.person, line.open, told.PayeeFact("收款人")))

    @rule(n=which, amount=amounts, kind=st.sampled_from(["victim", "insured", "hospital"]))
    def pay_provisionally(self, n, amount, kind):
        payout = self.pick(self.below(Payout), n)
        if payout is None:
            return
        person = payout.people[0]["key"]
        parts = payout_position(payout).parts_for(person, amount)
        self.step(
            payout,
            "pay_provisionally",
            self.insurer.approver,
            told.ProvisionalPayout(person, amount, kind, told.PayeeFact("收款人"), parts, "先付"),
        )

    @rule(n=which, amount=amounts, kind=st.sampled_from(["pay_victim", "reimburse_insured"]))
    def pay_what_was_typed(self, n, amount, kind):
        payout = self.pick(self.below(Payout), n)
        person = payout.people[0]["key"] if payout else ""
        self.step(payout, kind, self.insurer.handler, told.ProposePayout(person, amount, told.PayeeFact("收款人")))

    @rule(
        n=which,
        verb=st.sampled_from(
            ["decide_refusal", "send_back", "dispute", "uphold", "uphold_refusal", "reopen", "withdraw", "close", "settle"]
        ),
    )
    def turn_the_payout(self, n, verb):
        because = told.Because("理由")
        makers = {
            "decide_refusal": told.RefusePayout("not_covered", "条款第四条", "不属于列明事故", "监控显示为人为撬门"),
            "send_back": told.SendBack("再核"),
            "dispute": told.Dispute("使用管理人", "数额不符"),
            "settle": None,
        }
        payout = self.pick(self.below(Payout), n)
        for by in (self.colleague, self.house.clerk):
            if self.step(payout, verb, by, makers.get(verb, because)):
                return

    @rule(n=which)
    def ask_for_papers(self, n):
        payout = self.pick(self.below(Payout), n)
        today = timezone.localdate()
        self.step(payout, "request_supplement", self.insurer.handler, told.RequestSupplement(("病历",), today))
        self.step(payout, "receive_supplement", self.house.clerk, told.ReceiveSupplement(today))

    @rule(n=which, amount=amounts)
    def liability_fixed_by_hand(self, n, amount):
        payout = self.pick(self.below(Payout), n)
        if payout is not None and not payout.evidence.filter(code="liability_document").exists():
            add(payout, code="liability_document", file=SimpleUploadedFile("agreement.pdf", PDF), by=self.house.clerk)
        person = payout.people[0]["key"] if payout else ""
        facts = told.LiabilityFixed("agreement", timezone.localdate(), amount, person, "XY-1")
        self.step(payout, "record_liability_fixed", self.house.clerk, facts)

    # -- recovery -----------------------------------------------------------------------------------------------------

    def files(self):
        return list(self.below(RecoveryFile))

    def people_of(self, file):
        if file.basis == "subrogation":
            return self.insurer.handler, self.insurer.approver
        return self.house.clerk, self.second

    @rule(n=which, theirs=st.integers(0, 8), liability=st.sampled_from(["joint", "several"]))
    def say_who_bears_what(self, n, theirs, liability):
        file = self.pick(self.files(), n)
        if file is None:
            return
        shares = {"use_manager": 20, "maintenance": theirs * 10, "manufacturer": 80 - theirs * 10}
        lines = tuple(recovered.PartyShare(party, party, party, Fraction(share, 100)) for party, share in shares.items())
        self.step(file, "record_shares", self.people_of(file)[0], recovered.RecordShares("investigation", liability, lines, "调查报告"))

    @rule(n=which, whole=st.booleans(), amount=amounts)
    def collect(self, n, whole, amount):
        target = self.pick(self.below(RecoveryTarget), n)
        if target is None:
            return
        clerk, _second = self.people_of(RecoveryFile.objects.get(pk=target.parent_id))
        self.prove(target, "receipt")
        facts = recovered.Collect(target.amount if whole else amount, timezone.localdate(), f"SK{next(self.number)}", "money")
        self.step(target, "collect", clerk, facts)

    def prove(self, case, code):
        if not case.evidence.filter(code=code).exists():
            add_evidence(case, code)

    @rule(
        n=which,
        verb=st.sampled_from([
            "demand", "declare_insolvent", "lift_insolvency", "propose_settlement", "propose_write_off", "decline_proposal", "refund",
            "close", "reopen", "refer",
        ]),
        amount=amounts,
    )  # fmt: skip
    def pursue(self, n, verb, amount):
        target = self.pick(self.below(RecoveryTarget), n)
        if target is None:
            return
        today, because = timezone.localdate(), recovered.Because("理由")
        clerk, second = self.people_of(RecoveryFile.objects.get(pk=target.parent_id))
        facts = {
            "demand": recovered.SendDemand(today, "邮政特快专递 1001"),
            "declare_insolvent": recovered.DeclareInsolvent(today, "（2026）粤01破00号"),
            "propose_settlement": recovered.ProposeSettlement(amount, "和解"),
            "propose_write_off": recovered.ProposeGivingUp("无力", is_waiver=amount > 5000),
            "refund": recovered.Refund(target.refund_due, today, f"TH{next(self.number)}"),
            "close": None,
        }.get(verb, because)
        self.prove(target, "insolvency")
        done = self.step(target, verb, second if verb == "decline_proposal" else clerk, facts)
        if done and verb in ("propose_settlement", "propose_write_off") and n % 2:
            self.step(target, verb.replace("propose", "approve"), second)

    @rule(n=which, verb=st.sampled_from(["hand_over", "close", "propose_write_off", "reopen"]))
    def end_the_file(self, n, verb):
        file = self.pick(self.files(), n)
        if file is None:
            return
        clerk, second = self.people_of(file)
        facts = {
            "hand_over": recovered.HandOver(file.to_hand_over, timezone.localdate(), f"YJ{next(self.number)}"),
            "close": None,
            "propose_write_off": recovered.ProposeWriteOff("无从追偿"),
        }.get(verb, recovered.Because("理由"))
        if self.step(file, verb, clerk, facts) and verb == "propose_write_off":
            self.step(file, "confirm_write_off", second)

    # -- what must be true --------------------------------------------------------------------------------------------

    @invariant()
    def the_books_balance_and_nothing_waits(self):
        balance = trial_balance()
        assert balance.holds, balance.faults
        assert not OutboxEntry.objects.exclude(status=OutboxEntry.Status.DONE).exists()
        for case in Case.objects.filter(lineage__contains=[self.incident.pk]):
            ended = type(case.specific).ENDED
            assert (case.closed_at is not None) == (case.state in ended), (case, case.state)

    @invariant()
    def no_limit_is_exceeded(self):
        for payout in self.below(Payout):
            for person in (p["key"] for p in payout.people):
                for limit in movements.LIMITS:
                    key = movements.limit_account(payout.policy_id, payout.incident_id, person, limit)
                    account = ledger.balance(key)
                    assert account.posted + account.reserved <= account.credited, (limit, account)

    @invariant()
    def each_injured_received_what_was_paid_and_no_more_in_silence(self):
        for claim in self.claims():
            mine = [claim.pk, *Case.objects.filter(parent_id=claim.pk).values_list("pk", flat=True)]
            arrived = [o for o in ledger.orders_of(mine) if o.state == "paid" and f"claim/{claim.pk}/received" in o.into]
            elsewhere = CaseEvent.objects.filter(case_id=claim.pk, verb="prove_payment").values_list("record__facts__amount", flat=True)
            refunds = sum((a.refunded for a in Advance.objects.filter(parent_id=claim.pk)), ZERO)
            sums = sum((o.amount for o in arrived), ZERO) + sum(map(Decimal, elsewhere), ZERO) - refunds
            received = ledger.balance(f"claim/{claim.pk}/received")
            assert claim.proven == sums == received.credited - received.posted, claim
            if claim.excess > 0:
                assert Task.objects.filter(case_id=claim.pk, code="refund", done_at=None).exists(), (claim, claim.excess)

    @invariant()
    def the_insured_is_repaid_what_it_proved(self):
        """保险法 65(3): nothing to the insured before the injured was paid."""
        for payout in self.below(Payout):
            position = payout_position(payout)
            for person in (p["key"] for p in payout.people):
                back = sum((p.amount for p in position.payments if p.counts and p.person == person and p.payee_kind == "insured"), ZERO)
                watched = Task.objects.filter(case_id=payout.pk, code="collect_excess_reimbursement").exists()
                assert back <= position.proven_for(person) or watched, (payout, back, position.proven_for(person))
            assert CaseEvent.objects.filter(case_id=payout.pk, verb="request_supplement").count() <= 1
            assert payout.paid_amount == position.paid

    @invariant()
    def the_account_of_recovery_sums(self):
        account = accounts.account_of(self.incident.pk)
        for file in self.files():
            line = account.files[file.pk]
            assert (file.amount, file.collected, file.own_burden) == (line.left, line.collected, line.own_burden), file
            kept = line.collected - line.refunds - line.hand_over
            assert file.net == file.reimbursed + kept + line.left + line.own_burden, file
            assert kept <= max(file.net - file.reimbursed, ZERO), file
            assert sum(t.amount for t in RecoveryTarget.objects.filter(parent_id=file.pk)) <= max(file.net - file.reimbursed, ZERO)

    @invariant()
    def each_payer_claims_back_what_it_paid_and_no_more(self):
        """Counted anew from the payment orders: what bounced was never paid, what was paid again counts once."""
        ours = self.house.lobby.manager.pk
        for file in self.files():
            orders = list(self.below(PaymentOrder).filter(payer_organisation_id=file.payer_organisation_id, state="paid"))
            if file.payer_organisation_id == ours:
                proofs = CaseEvent.objects.filter(case__in=self.claims(), verb="prove_payment", record__facts__payer="manager")
                paid = sum((o.amount for o in orders), ZERO) + sum(
                    map(Decimal, proofs.values_list("record__facts__amount", flat=True)), ZERO
                )
                paid -= sum((a.refunded for a in self.below(Advance)), ZERO)
            else:
                paid = sum((o.amount for o in orders if not self.is_entrapment(o)), ZERO)
            assert file.net == paid, (file.basis, file.net, paid)

    def is_entrapment(self, order):
        return Payout.objects.get(pk=order.parent_id).heads == ["entrapment"]


@pytest.mark.django_db
def test_whatever_everybody_does_nobody_is_paid_twice():
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=5 * WALKS,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
            derandomize=WALKS == 1,
            print_blob=False,
        ),
    )
