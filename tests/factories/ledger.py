"""Accounts, limits and payment orders for tests, all through the real door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from access.actors import Actor
from access.models import Organisation
from access.roles import CaseRole, Role
from casework.models import Case, Evidence
from casework.steps import begin, perform
from ledger import api
from ledger.facts import ProposePayment
from ledger.models import PaymentOrder
from tests.factories.access import PLACE, make_actor, make_organisation


@dataclass(frozen=True)
class Payer:
    """A property company with the three people a payment needs."""

    organisation: Organisation
    clerk: Actor
    approver: Actor
    cashier: Actor

    @property
    def bank(self) -> str:
        return api.paid_by(self.organisation)


def make_payer() -> Payer:
    organisation = make_organisation()
    return Payer(
        organisation,
        clerk=make_actor(Role.MANAGER_CLERK, organisation=organisation),
        approver=make_actor(Role.MANAGER_APPROVER, organisation=organisation),
        cashier=make_actor(Role.MANAGER_CASHIER, organisation=organisation),
    )


def make_limit(key: str, amount: str, label: str = "每次事故限额") -> str:
    """A capped account with its opening credit."""
    api.open_account(key, label=label, capped=True)
    api.set_opening(key, Decimal(amount), "保单限额", key_id=key)
    return key


def make_root(payer: Payer) -> Case:
    """A case that stands on its own, for others to hang below."""
    facts = ProposePayment("OTHER", payer.organisation.pk, api.Payee("测试收款人"), Decimal("1.00"), (api.Leg(payer.bank, "root/paid"),))
    return begin(
        PaymentOrder,
        "propose",
        parent=None,
        by=payer.clerk,
        happened_at=timezone.now(),
        place=PLACE,
        title="测试",
        parts=[(payer.organisation.pk, CaseRole.PAYER)],
        facts=facts,
    ).case


def make_order(
    payer: Payer,
    amount: str = "200.00",
    *,
    parent: Case | None = None,
    legs: tuple[api.Leg, ...] = (),
    payee: api.Payee | None = None,
    by: Actor | None = None,
) -> PaymentOrder:
    order = api.open_payment_order(
        parent=parent or make_root(payer),
        purpose="ADVANCE",
        payer_organisation_id=payer.organisation.pk,
        payee=payee or api.Payee("李秀英"),
        amount=Decimal(amount),
        moves=legs or (api.Leg(payer.bank, "claim/1/received"),),
        by=by or payer.approver,
        happened_at=timezone.now(),
    )
    assert isinstance(order, PaymentOrder)
    return order


def add_voucher(case: Case) -> None:
    """The bank's voucher, as a row only: the file itself is casework's concern."""
    Evidence.objects.create(
        case_id=case.pk, code="voucher", name="回单.pdf", file="evidence/voucher.pdf", media_type="application/pdf", size=1, sha256="0" * 64
    )


def release(order: Case, by: Actor) -> None:
    perform(order, "release", by=by, happened_at=timezone.now(), seen=None, facts=api.ReleasePayment(account_checked=True))


def mark_paid(order: Case, by: Actor, voucher: str = "HD-0001", at: datetime | None = None) -> None:
    add_voucher(order)
    at = at or timezone.now()
    facts = api.MarkPaid(voucher_number=voucher, paid_on=timezone.localtime(at).date())
    perform(order, "mark_paid", by=by, happened_at=at, seen=None, facts=facts)
