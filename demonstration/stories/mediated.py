"""Two sides who cannot agree go to the people's mediation committee; the court confirms what they signed there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from casework.models import Case
from claims.facts import Mediate
from demonstration import acts
from demonstration.stage import Stage, fresh
from disputes import api as disputes
from disputes import facts as told
from elevators import api as elevators
from policies import api as policies
from policies.facts import AnswerConsent

NAME, ACCOUNT = "冯少琼", "6222021000000200"
ITEMS = {"medical": "18240.60", "lost_income": "7200.00", "nursing": "3150.00", "transport": "320.00"}
MEDIATED = {**ITEMS, "lost_income": "5789.40"}  # the days of work lost as the doctor certified them
AGREED = "27500.00"
COMMITTEE, MEDIATOR = "榕岸街道人民调解委员会（演示）", "冼调解员（演示）"
COURT = "广州市海珠区人民法院（演示）"
TERMS, PERFORMANCE = "使用管理人赔偿受害人各项损失，误工费按法定标准计到复诊之日。", "自协议生效之日起三十日内汇入受害人本人账户。"


def play(stage: Stage) -> Iterator[str]:
    """A fall on the landing; both sides quarrel about the lost income; the insurer consents to what the committee proposes."""
    cast = stage.cast
    stage.report(
        nature=elevators.Nature.INJURY,
        count=1,
        source=elevators.Source.PASSENGER,
        learnt_after=12,
        description="电梯平层不准，乘客出轿厢时绊倒，右膝韧带损伤。",
        people=(elevators.PersonFacts(key="", name=NAME, is_named=True, harm=elevators.Harm.INJURED, age=51),),
    )
    (claim,) = stage.claims()
    acts.confirm_grade(stage, at=stage.at(days=1))
    stage.account(claim.people[0]["party_id"], NAME, ACCOUNT)
    acts.bring_papers(stage, claim)
    acts.assess(stage, claim, items=ITEMS, at=stage.at(days=18), law_date=stage.day(18))
    stage.do(fresh(claim), "start_negotiation", cast.clerk, stage.at(days=20))
    mediate = Mediate(COMMITTEE, MEDIATOR, stage.day(21))
    stage.do(fresh(claim), "mediate", cast.clerk, stage.at(days=21), mediate)
    file = fresh(Case.objects.get(pk=disputes.open_of(claim.pk)[-1].id))
    held = told.RecordSession(stage.day(23), "双方当事人、调解员", "调解员逐项核对票据，误工期按医嘱和复诊记录认定。")
    stage.do(file, "record_session", cast.clerk, stage.at(days=23), held)
    stage.prove(file, "mediation_minutes", "Mediation minutes", cast.clerk)
    acts.assess(stage, claim, items=MEDIATED, at=stage.at(days=23, hours=1), law_date=stage.day(23), reason="误工期按调解认定")
    acts.ask_consent(stage, claim, amount=AGREED, at=stage.at(days=23, hours=2), minutes="双方接受调解员的意见，草案送保险人。")
    draft = told.DraftAgreement(acts.yuan(AGREED), TERMS, PERFORMANCE)
    stage.do(fresh(file), "draft_agreement", cast.clerk, stage.at(days=23, hours=3), draft)
    yield "drafted"
    stage.do(acts.payout_of(claim), "answer_consent", cast.insurer_approver, stage.at(days=24), AnswerConsent(consents=True))
    _sign(stage, file, stage.at(days=25))
    yield "agreed"
    _confirm(stage, file)
    yield "confirmed"
    payout = acts.payout_of(claim)
    acts.register(stage, payout, at=stage.at(days=44))
    acts.look_at_cover(stage, payout, at=stage.at(days=45))
    acts.decide(stage, payout, at=stage.at(days=46), approved_at=stage.at(days=47))
    acts.agree(stage, payout, at=stage.at(days=48), agreed_with=policies.AgreedWith.VICTIM)
    stage.pay(payout, cast.insurer_cashier, stage.at(days=50))
    yield "paid"
    acts.close_everything(stage, at=stage.at(days=55), conclusion="调解协议经司法确认，保险人已直接付给受害人；没有垫付，不立追偿。")
    yield "closed"


def _sign(stage: Stage, file: Case, at: datetime) -> None:
    """Both sides and the mediator sign, the committee seals: recorded for the committee, with the paper."""
    stage.prove(file, "mediation_agreement", "Mediation agreement", stage.cast.clerk)
    signed = told.Agree(
        acts.yuan(AGREED),
        TERMS,
        PERFORMANCE,
        signed_on=timezone.localtime(at).date(),
        parties_signed=True,
        mediator_signed=True,
        committee_sealed=True,
    )
    stage.do(fresh(file), "agree", stage.cast.clerk, at, signed, on_behalf_of=COMMITTEE)


def _confirm(stage: Stage, file: Case) -> None:
    """Within thirty days both apply; the court finds the agreement valid."""
    applied = told.ApplyConfirmation(COURT, stage.day(30), is_joint=True)
    stage.do(fresh(file), "apply_confirmation", stage.cast.clerk, stage.at(days=30), applied)
    stage.prove(file, "confirmation_ruling", "Ruling", stage.cast.clerk)
    ruling = told.ConfirmJudicially("（2025）粤0105民特00000号（演示）", stage.day(42))
    stage.do(fresh(file), "confirm_judicially", stage.cast.clerk, stage.at(days=42), ruling, on_behalf_of=COURT)
