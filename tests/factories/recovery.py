"""An incident with payers, shares and targets for tests, all through the real door."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from access.actors import Actor, system_actor
from access.models import Organisation
from access.roles import CaseRole, Role
from casework.models import Evidence
from casework.outbox import drain
from casework.steps import admit, perform
from recovery import api
from recovery.facts import Collect, DeclareInsolvent, HandOver, PartyShare, RecordShares, SendDemand
from recovery.models import RecoveryFile, RecoveryTarget
from tests.factories.access import make_actor, make_authority, make_organisation
from tests.factories.ledger import make_payer, make_root

SYSTEM = system_actor("outbox")


class World:
    """One incident: the manager's three people, an insurer's, and what they do."""

    def __init__(self) -> None:
        self.payer = make_payer()
        self.incident = make_root(self.payer)
        admit(self.incident, self.payer.organisation.pk, CaseRole.USE_MANAGER)
        self.second = make_actor(Role.MANAGER_APPROVER, organisation=self.payer.organisation)
        make_authority(self.payer.organisation, Role.MANAGER_APPROVER, "recovery.give_up", "1000000.00")
        self.insurer = make_organisation(Organisation.Kind.INSURER)
        self.handler = make_actor(Role.INSURER_HANDLER, organisation=self.insurer)
        self.insurer_second = make_actor(Role.INSURER_APPROVER, organisation=self.insurer)
        make_authority(self.insurer, Role.INSURER_APPROVER, "recovery.give_up", "1000000.00")

    def settle(self):
        drain(self.incident.pk)

    def pay(self, amount="8000.00", source=None, paid_on=date(2026, 3, 2), claim=1):
        source = source or make_root(self.payer)
        self._tell(api.record_payment, amount, source, paid_on=paid_on, claim_id=claim)
        return source

    def pay_directly(self, amount, source=None, claim=1):
        self._tell(
            api.record_payment, amount, source or make_root(self.payer), paid_on=date(2026, 4, 1), claim_id=claim, basis="subrogation",
            payer_organisation_id=self.insurer.pk,
        )  # fmt: skip

    def reimburse(self, amount, source=None, insured=()):
        source = source or make_root(self.payer)
        self._tell(
            api.record_reimbursement, amount, source, paid_on=date(2026, 4, 1), insurer_organisation_id=self.insurer.pk, insured=insured
        )
        return source

    def take_back(self, amount, source=None):
        self._tell(api.record_return, amount, source or make_root(self.payer), paid_on=date(2026, 4, 1), claim_id=1)

    def _tell(self, what, amount, source, **more):
        what(**{
            "incident_id": self.incident.pk, "payer_organisation_id": self.payer.organisation.pk, "source_case_id": source.pk,
            "amount": Decimal(amount), "by": SYSTEM, "happened_at": timezone.now(), **more,
        })  # fmt: skip
        self.settle()

    def lose(self, amount, claim=1):
        api.record_loss(incident_id=self.incident.pk, claim_id=claim, amount=Decimal(amount), by=SYSTEM, happened_at=timezone.now())
        self.settle()

    @property
    def file(self) -> RecoveryFile:
        return RecoveryFile.objects.get(parent_id=self.incident.pk, basis="recourse", payer_organisation=self.payer.organisation)

    @property
    def subrogation(self) -> RecoveryFile:
        return RecoveryFile.objects.get(parent_id=self.incident.pk, basis="subrogation")

    def target(self, party: str, file: RecoveryFile | None = None) -> RecoveryTarget:
        return RecoveryTarget.objects.get(parent_id=(file or self.file).pk, party=party)

    def share(self, liability="several", basis="investigation", by: Actor | None = None, file=None, **shares: str):
        """share(use_manager="20%", …): percentages."""
        lines = tuple(PartyShare(party, party.split("__")[0], party, Fraction(int(text[:-1]), 100)) for party, text in shares.items())
        self.act(file or self.file, "record_shares", by or self.payer.clerk, RecordShares(basis, liability, lines, "事故调查报告"))

    def act(self, case, verb, by=None, facts=None, **more):
        extra = {"facts": facts} if facts is not None else {}
        if more.get("on_behalf_of"):
            self.prove(case, "transcription")
        event = perform(case, verb, by=by or self.payer.clerk, happened_at=timezone.now(), seen=None, **extra, **more)
        self.settle()
        return event

    def do(self, verb, by=None, facts=None):
        return self.act(self.file, verb, by, facts)

    def prove(self, case, code):
        Evidence.objects.create(
            case_id=case.pk, code=code, name="r.pdf", file="evidence/r.pdf", media_type="application/pdf", size=1, sha256="1" * 64
        )

    def demand(self, target, by=None):
        return self.act(target, "demand", by, SendDemand(timezone.localdate(), "邮政特快专递 1001"))

    def collect(self, target, amount, by=None, voucher="SK-1", way="money"):
        self.prove(target, "receipt")
        return self.act(target, "collect", by, Collect(Decimal(amount), timezone.localdate(), voucher, way))

    def fail(self, target, by=None):
        self.prove(target, "insolvency")
        facts = DeclareInsolvent(timezone.localdate(), "（2026）粤01破00号")
        return self.act(target, "declare_insolvent", by, facts)

    def hand_over(self, amount):
        return self.do("hand_over", facts=HandOver(Decimal(amount), timezone.localdate(), "YJ-1"))
