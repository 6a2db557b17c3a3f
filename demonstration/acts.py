"""What people do in the stories, act by act: deposit, assess, ask the insurer, decide, pay, close. Each at its moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from access.actors import Actor
from casework.models import Case
from claims import services as claims
from claims.facts import (
    ApproveAdvance,
    AskConsent,
    AskedHead,
    CloseClaim,
    FileApplication,
    ProposeAdvance,
    RecordEstimate,
    RecordMinutes,
    Settle,
)
from claims.models import Claim
from claims.terms import EstimateSource, FirstPaymentBasis, PayeeKind
from damages import api as damages
from demonstration.stage import Stage, fresh
from disputes import api as disputes
from disputes import facts as told
from elevators import api as elevators
from legislation.money import format_money
from policies import api as policies
from policies import services as insurance
from policies.facts import (
    AgreeAmount,
    AnswerConsent,
    ApproveDecision,
    ApproveRefusal,
    Because,
    CheckCover,
    CoverAnswer,
    RecordSuit,
    RefusePayout,
    RegisterPayout,
    SendRefusal,
)
from policies.selectors import payout_position
from recovery import api as recovery

BILLS = ("medical_records", "Medical records"), ("medical_bills", "Medical bills"), ("identity", "Identity card")


def yuan(text: str) -> Decimal:
    return Decimal(text)


def propose_deposit(stage: Stage, claim: Claim, *, amount: str, hospital: str, at: datetime, key: str = "P1") -> Case:
    """The clerk photographs the hospital's deposit notice and proposes to pay it."""
    facts = ProposeAdvance(
        amount=yuan(amount),
        basis=FirstPaymentBasis.POLICY_2018_8.value,
        payee_kind=PayeeKind.HOSPITAL.value,
        payee_name=hospital,
        purpose="住院预交款",
        key=key,
    )
    notice = RecordEstimate(yuan(amount), EstimateSource.DEPOSIT_NOTICE.value, "医院预交款通知")
    event = claims.propose_advance(claim=fresh(claim), facts=facts, by=stage.cast.clerk, happened_at=at, estimate=notice)
    stage.settle()
    stage.prove(event.case, "deposit_notice", "Deposit notice", stage.cast.clerk)
    return fresh(event.case)  # type: ignore[no-any-return]


def pay_deposit(
    stage: Stage, claim: Claim, *, amount: str, hospital: str, at: datetime, approved_at: datetime, paid_at: datetime, key: str = "P1"
) -> Case:
    """Two people and a cashier: proposed, approved, paid to the hospital."""
    advance = propose_deposit(stage, claim, amount=amount, hospital=hospital, at=at, key=key)
    stage.do(advance, "approve", stage.cast.approver, approved_at, ApproveAdvance(yuan(amount)))
    stage.pay(advance, stage.cast.manager_cashier, paid_at)
    return advance


def bring_papers(stage: Stage, claim: Claim) -> None:
    for code, title in BILLS:
        stage.prove(claim, code, f"{title} {claim.people[0]['key']}", stage.cast.clerk)


def apply_for(
    stage: Stage, claim: Claim, *, name: str, asked: Mapping[str, str], at: datetime, relation: str = "本人", by: Actor | None = None
) -> None:
    """The injured comes with the application; the clerk records it for somebody without an account (代录)."""
    heads = tuple(AskedHead(code, yuan(amount), 1) for code, amount in asked.items())
    facts = FileApplication(name, relation, heads, consent=True, applied_on=timezone.localtime(at).date())
    stage.prove(claim, "transcription", f"Application signed by {claim.people[0]['key']}", by or stage.cast.clerk)
    stage.do(fresh(claim), "file_application", by or stage.cast.clerk, at, facts, on_behalf_of=name)


def assess(
    stage: Stage,
    claim: Claim,
    *,
    items: Mapping[str, str],
    at: datetime,
    law_date: date,
    outcome: Any = "injury",
    age: int | None = None,
    grades: tuple[int, ...] = (),
    reason: str = "",
    dependants: tuple[damages.DependantInput, ...] = (),
    by: Actor | None = None,
) -> damages.WorksheetView:
    """Write the next version of the worksheet and take it as the claim's assessment."""
    heads = tuple(damages.HeadInput(code, amount=yuan(amount), asked=yuan(amount), bills=1) for code, amount in items.items())
    entered = damages.WorksheetInput(
        outcome=outcome,
        law_date=law_date,
        accident_on=timezone.localtime(stage.begins).date(),
        place=claim.place,
        age=age,
        grades=grades,
        heads=heads,
        dependants=dependants,
    )
    sheet = claims.save_worksheet(claim=fresh(claim), entered=entered, by=by or stage.cast.clerk, reason=reason)
    claims.assess_from_worksheet(claim=fresh(claim), by=by or stage.cast.clerk, happened_at=at, seen=None, reason=reason)
    stage.settle()
    return sheet


def request_payout(stage: Stage, claim: Claim, *, at: datetime) -> Case:
    """Ask the insurer, with people and losses as they are known; the payout's case."""
    stage.do(fresh(claim), "request_payout", stage.cast.clerk, at)
    return payout_of(claim)


def payout_of(claim: Claim) -> Case:
    return fresh(Case.objects.get(pk=policies.payouts_of(claim_id=claim.pk)[-1].id))  # type: ignore[no-any-return]


def register(stage: Stage, payout: Case, *, at: datetime, has_documents: bool = True) -> None:
    facts = RegisterPayout(timezone.localtime(payout.happened_at).date(), has_documents=has_documents)
    stage.do(fresh(payout), "register", stage.cast.handler, at, facts)


def look_at_cover(stage: Stage, payout: Case, *, at: datetime) -> None:
    """The handler looks at every line that the facts alone did not answer."""
    case = fresh(payout)
    answers = tuple(
        CoverAnswer(line.code, line.fact, line.source, "holds" if line.verdict == "look" else line.verdict, line.law)
        for line in case.cover_lines.filter(version=case.cover_version)
    )
    stage.do(case, "check_cover", stage.cast.handler, at, CheckCover(answers))


def decide(stage: Stage, payout: Case, *, at: datetime, approved_at: datetime | None, share: str = "1") -> Decimal:
    """Everything as it was asked, with the arithmetic of the limits; a second person approves. The amount decided."""
    case = fresh(payout)
    if case.state == "registered":
        stage.do(case, "accept_documents", stage.cast.handler, at)
        case = fresh(payout)
    lines = insurance.accepted_as_asked(payout_position(case).lines)
    facts = insurance.decision(case, lines, share, is_joint=False)
    stage.do(case, "decide", stage.cast.handler, at, facts)
    decided: Decimal = fresh(payout).decided_amount
    if approved_at is not None:
        stage.do(fresh(payout), "approve", stage.cast.insurer_approver, approved_at, ApproveDecision(decided))
    return decided


def suit_over(case: Case) -> Case:
    """The lawsuit that lies open over a case."""
    return fresh(Case.objects.get(pk=disputes.open_of(case.pk)[-1].id))  # type: ignore[no-any-return]


def answer_in_court(stage: Stage, suit: Case, *, agent: str, at: datetime, hearing_at: datetime, by: Actor | None = None) -> None:
    """Who goes to court is named, the answer handed in, the day of the hearing noted."""
    who = by or stage.cast.clerk
    stage.prove(suit, "complaint", "Complaint and summons", who)
    stage.do(fresh(suit), "name_agent", who, at, told.NameAgent(agent, "lawyer"))
    stage.prove(suit, "power_of_attorney", "Power of attorney", who)
    stage.do(fresh(suit), "answer", who, at, told.Answer(timezone.localtime(at).date(), "对数额有异议，请求依法核算。"))
    stage.do(fresh(suit), "schedule_hearing", who, at, told.ScheduleHearing(hearing_at, "第三法庭"))


def hear(stage: Stage, suit: Case, *, at: datetime, points: str, by: Actor | None = None) -> None:
    who = by or stage.cast.clerk
    facts = told.RecordHearing(timezone.localtime(at).date(), "审判员一名、书记员一名", "双方当事人、代理人", points)
    stage.do(fresh(suit), "record_hearing", who, at, facts)
    stage.prove(suit, "hearing_minutes", "Court minutes", who)


def judge(
    stage: Stage, suit: Case, *, amount: Decimal, number: str, at: datetime, heads: Mapping[str, str] | None = None, by: Actor | None = None
) -> None:
    """The first judgment arrives and is recorded for the court, with its paper."""
    who, day = by or stage.cast.clerk, timezone.localtime(at).date()
    stage.prove(suit, "judgment", "Judgment", who)
    outcome = disputes.Outcome.LIABLE if amount else disputes.Outcome.NOT_LIABLE
    lines = tuple(told.JudgedHead(code, yuan(line)) for code, line in (heads or {}).items())
    facts = told.RecordJudgment(outcome.value, amount, number, day, day, lines)
    stage.do(fresh(suit), "record_judgment", who, at, facts, on_behalf_of=fresh(suit).court)


def stand(stage: Stage, suit: Case, *, at: datetime, by: Actor | None = None) -> None:
    """Nobody appealed: the judgment stands."""
    day = timezone.localtime(at).date()
    stage.do(fresh(suit), "take_effect", by or stage.cast.clerk, at, told.TakeEffect(day, day))


def refuse(
    stage: Stage, payout: Case, *, facts: RefusePayout, at: datetime, approved_at: datetime | None, sent_at: datetime | None = None
) -> None:
    """Refused as a whole by two people with ground, clause and facts; the notice goes out within three days."""
    stage.do(fresh(payout), "decide_refusal", stage.cast.handler, at, facts)
    if approved_at is None:
        return
    stage.do(fresh(payout), "approve_refusal", stage.cast.insurer_approver, approved_at, ApproveRefusal())
    if sent_at is not None:
        stage.do(fresh(payout), "send_refusal", stage.cast.handler, sent_at, SendRefusal(timezone.localtime(sent_at).date()))


def sue_insurer(stage: Stage, payout: Case, *, court: str, number: str, plaintiff: str, at: datetime, claimed: str = "") -> Case:
    """The insurer is sued over its decision: the litigation file below the payout."""
    filed = RecordSuit(court, number, plaintiff, stage.cast.insurer.name, timezone.localtime(at).date(), yuan(claimed) if claimed else None)
    stage.do(fresh(payout), "record_suit", stage.cast.handler, at, filed)
    return fresh(Case.objects.get(pk=disputes.of_case(payout.pk)[-1].id))  # type: ignore[no-any-return]


def agree(stage: Stage, payout: Case, *, at: datetime, agreed_with: policies.AgreedWith) -> None:
    facts = AgreeAmount(agreed_with.value, timezone.localtime(at).date(), fresh(payout).decided_amount)
    stage.do(fresh(payout), "agree", stage.cast.handler, at, facts)


def ask_consent(stage: Stage, claim: Claim, *, amount: str, at: datetime, minutes: str) -> None:
    """Negotiate and put the draft before the insurer."""
    stage.do(fresh(claim), "start_negotiation", stage.cast.clerk, at)
    facts = RecordMinutes(timezone.localtime(at).date(), "受害人、物业经办人", minutes)
    stage.do(fresh(claim), "record_minutes", stage.cast.clerk, at, facts)
    draft = AskConsent(yuan(amount), f"一次性赔偿 {format_money(yuan(amount))} 元，已垫付的从中抵扣，不放弃对其他责任方的权利。")
    stage.do(fresh(claim), "ask_consent", stage.cast.clerk, at, draft)


def settle(stage: Stage, claim: Claim, *, amount: str, consented_at: datetime, signed_at: datetime, mediator: str = "") -> None:
    """The insurer consents, both sides sign; liability is fixed by that."""
    stage.do(payout_of(claim), "answer_consent", stage.cast.insurer_approver, consented_at, AnswerConsent(consents=True))
    stage.prove(claim, "settlement_agreement", "Settlement agreement", stage.cast.clerk)
    facts = Settle(yuan(amount), timezone.localtime(signed_at).date(), "一次性赔偿，垫付在内；不放弃对第三者的权利。", mediator=mediator)
    stage.do(fresh(claim), "settle", stage.cast.clerk, signed_at, facts)


def close_everything(stage: Stage, *, at: datetime, conclusion: str) -> None:
    """Payouts, claims, recoveries and the incident, in the order in which they let go of each other."""
    cast = stage.cast
    if stage.root is None:
        return
    for claim in stage.claims():
        for payout in _cases(p.id for p in policies.payouts_of(claim_id=claim.pk) if p.state == "paid"):
            stage.do(payout, "close", cast.handler, at, Because("赔款付清"))
        stage.do(fresh(claim), "close", cast.approver, at, CloseClaim(conclusion))
    end_recoveries(stage, at=at)
    stage.do(fresh(stage.root), "close", cast.clerk, at, elevators.CloseIncident(conclusion))


def end_recoveries(stage: Stage, *, at: datetime) -> None:
    """What is settled is closed; what nobody is to be asked for is written off by two people, as the story then says."""
    cast = stage.cast
    for view in recovery.open_files(incident_id=stage.root.pk if stage.root else 0):
        insurers = view.basis == "subrogation"
        clerk, approver = (cast.handler, cast.insurer_approver) if insurers else (cast.clerk, cast.approver)
        file = Case.objects.get(pk=view.case_id)
        if view.left:
            stage.do(file, "propose_write_off", clerk, at, recovery.ProposeWriteOff("没有查明其他责任人，无从追偿"))
            stage.do(fresh(file), "confirm_write_off", approver, at)
        else:
            stage.do(file, "close", clerk, at)


def _cases(keys: Iterable[int]) -> list[Case]:
    return list(Case.objects.filter(pk__in=list(keys)).order_by("pk"))


def confirm_grade(stage: Stage, *, at: datetime, by: Actor | None = None) -> None:
    if stage.root is not None:
        stage.do(fresh(stage.root), "confirm_grade", by or stage.cast.clerk, at, elevators.ConfirmGrade())
