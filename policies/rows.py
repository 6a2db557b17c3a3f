"""The rows a step of a payout leaves behind: losses, checklist, decisions, payments. Pure: facts in, unsaved rows out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps

from casework.facts import plain
from policies.terms import INSURED, PayeeKind

if TYPE_CHECKING:
    from legislation.lookup import Law
    from policies import facts as told
    from policies.models import Payout


def _new(model: str, **fields: Any) -> Any:
    return apps.get_model("policies", model)(**fields)


def losses_asked(case: Payout, facts: told.RequestPayout, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    return _losses(case, facts, 1)


def losses_revised(case: Payout, facts: told.ReviseLoss, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    return _losses(case, facts, case.loss_version)


def _losses(case: Payout, facts: Any, version: int) -> Iterator[Any]:
    for line in facts.lines:
        yield _new(
            "LossLine",
            payout_id=case.pk,
            version=version,
            person=line.person,
            head=line.head,
            asked=line.asked,
            estimate=line.asked if line.estimate is None else line.estimate,
            basis=line.basis[:200],
        )


def costs_asked(case: Payout, facts: told.AskCosts, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    """The losses as they stood, with one cost of the insured's more; the same kind of cost adds up."""
    lines = {(x.person, x.head): x for x in position.lines}
    before = lines.pop((INSURED, facts.head), None)
    for line in lines.values():
        yield _loss(case, line.person, line.head, line.asked, line.estimate, line.basis)
    basis = "；".join(filter(None, (before.basis if before else "", facts.document)))
    amount = facts.amount + (before.asked if before else 0)
    yield _loss(case, INSURED, facts.head, amount, amount, basis)


def _loss(case: Payout, person: str, head: str, asked: Any, estimate: Any, basis: str) -> Any:
    return _new(
        "LossLine",
        payout_id=case.pk,
        version=case.loss_version,
        person=person,
        head=head,
        asked=asked,
        estimate=estimate,
        basis=basis[:200],
    )


def cover_answered(case: Payout, facts: told.CheckCover, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    for answer in facts.answers:
        yield _new(
            "CoverLine",
            payout_id=case.pk,
            version=case.cover_version,
            code=answer.code,
            fact=answer.fact[:300],
            source=answer.source[:200],
            verdict=answer.verdict,
            law=answer.law,
            event_id=event_id,
        )


def decision_made(case: Payout, facts: told.DecidePayout, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    yield _new(
        "Decision", payout_id=case.pk, version=case.decision_version, total=facts.sheet.total, sheet=plain(facts.sheet), event_id=event_id
    )


def decided_lines(case: Payout, facts: told.DecidePayout, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    for line in facts.lines:
        yield _new(
            "DecisionLine",
            payout_id=case.pk,
            version=case.decision_version,
            person=line.person,
            head=line.head,
            asked=line.asked,
            assessed=line.assessed,
            accepted=line.accepted,
            reason=line.reason,
            note=line.note[:200],
            clause=line.clause[:120],
        )


def payment_to_victim(case: Payout, facts: told.ProposePayout, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    yield _payment(case, facts, event_id, position, PayeeKind.VICTIM)


def payment_to_insured(case: Payout, facts: told.ProposePayout, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    yield _payment(case, facts, event_id, position, PayeeKind.INSURED)


def provisional_payment(case: Payout, facts: told.ProvisionalPayout, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    yield _payment(case, facts, event_id, position, facts.payee_kind, is_provisional=True)


def payment_beside(case: Payout, facts: told.PayBeside, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    yield _new(
        "PayoutPayment",
        payout_id=case.pk,
        number=position.next_payment,
        event_id=event_id,
        person="",
        payee_kind=PayeeKind.VICTIM,
        beside=facts.kind,
        amount=facts.amount,
        payee_name=facts.payee.name[:120],
        account_masked=facts.payee.account_masked[:60],
    )


def _payment(case: Payout, facts: Any, event_id: UUID, position: Any, payee_kind: str, *, is_provisional: bool = False) -> Any:
    return _new(
        "PayoutPayment",
        payout_id=case.pk,
        number=position.next_payment,
        event_id=event_id,
        person=facts.person,
        payee_kind=payee_kind,
        is_provisional=is_provisional,
        amount=facts.amount,
        payee_name=facts.payee.name[:120],
        account_masked=facts.payee.account_masked[:60],
    )


def victim_paid(case: Payout, facts: told.VictimPaid, law: Law, event_id: UUID, position: Any) -> Iterator[Any]:
    yield _new(
        "VictimPayment",
        payout_id=case.pk,
        event_id=event_id,
        person=facts.person,
        amount=facts.amount,
        paid_on=facts.paid_on,
        proof=facts.proof.strip(),
    )
