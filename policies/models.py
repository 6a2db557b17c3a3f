"""The insurer's nouns: programmes, policies and whom they cover when, payouts with their losses, checks and decisions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from access.roles import CaseRole
from casework.models import Case
from policies.lifecycle import PayoutLifecycle
from policies.terms import Answer, Beside, Consent, CoverQuestion, FixedBy, Head, PayeeKind, Reason, Suspicion

APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def _money(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=16, decimal_places=2, validators=[MinValueValidator(0)], **options)


def _limit(label: Any) -> models.DecimalField[Any, Any]:
    return _money(label, null=True, blank=True)


class Programme(models.Model):
    """统保方案: a programme that contracts follow. Its figures stand in the law data, under programme.<code>."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=120)

    class Meta:
        verbose_name = _("统保方案")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Policy(models.Model):
    """保险单: one insurance contract. Covers from `since` (included) until `until` (excluded), to the minute.

    A limit that is empty does not exist in the contract. The deductible is per accident, the entrapment amount per
    person; threshold and amount stand here when the contract fixes its own.
    """

    class EntrapmentTo(models.TextChoices):
        PASSENGER = "passenger", _("付给被困人")
        MANAGER = "manager", _("付给已先付的被保险人")

    number = models.CharField(
        _("保险单号"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z-]{4,60}$", _("保险单号由字母、数字和短横线组成。"))],
    )
    product = models.CharField(_("险种"), max_length=80, default="电梯安全责任保险")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="policies", verbose_name=_("统保方案"))
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("保险人"))
    policyholder = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("投保人"))
    since = models.DateTimeField(_("保险期间起"))
    until = models.DateTimeField(_("保险期间止"))
    medical_per_person = _limit(_("每人医疗费用限额（元）"))
    per_person = _limit(_("每人限额（元）"))
    per_accident = _limit(_("每次事故限额（元）"))
    aggregate = _limit(_("累计限额（元）"))
    aggregate_used = _money(_("承接时累计已用（元）"), default=0)
    legal_cost_limit = _limit(_("诉讼等费用限额（元）"))
    deductible = _money(_("每次事故免赔额（元）"), default=0)
    entrapment_amount = _limit(_("困人补偿每人（元）"))
    entrapment_minutes = models.PositiveSmallIntegerField(_("困人门槛（分钟）"), null=True, blank=True)
    entrapment_cap = _limit(_("困人补偿每次事故合计（元）"))
    entrapment_to = models.CharField(_("困人补偿付给"), max_length=12, choices=EntrapmentTo, default=EntrapmentTo.PASSENGER)
    pays_victim_directly = models.BooleanField(_("约定直接赔给受害人"), default=True)
    decision_days = models.PositiveSmallIntegerField(_("约定核定期限（日）"), null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("约定付款期限（日）"), null=True, blank=True)
    requires_inspection_mark = models.BooleanField(_("以检验标志有效为条件"), default=True)
    listed_events = ArrayField(models.CharField(max_length=40), verbose_name=_("列明事故"), default=list, blank=True)
    exclusions_explained_on = models.DateField(_("免责条款提示和说明日期"), null=True, blank=True)
    exclusions_proof = models.CharField(_("提示和说明的凭证"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("保险单")
        ordering = ["-since", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="policy_order"),
            models.CheckConstraint(
                condition=Q(aggregate=None) | Q(aggregate_used__lte=F("aggregate")), name="policy_used_within_aggregate"
            ),
            models.CheckConstraint(
                condition=Q(exclusions_proof="") | Q(exclusions_explained_on__isnull=False), name="policy_explained_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def last_moment(self) -> str:
        """The end as contracts write it: 2026-12-31 24:00 for the midnight at which cover has ended."""
        local = timezone.localtime(self.until)
        if (local.hour, local.minute) != (0, 0):
            return f"{local:%Y-%m-%d %H:%M}"
        return f"{date.fromordinal(local.toordinal() - 1):%Y-%m-%d} 24:00"


class PolicyInsured(models.Model):
    """被保险人: an organisation insured under a policy, in one capacity."""

    class Capacity(models.TextChoices):
        USE_MANAGER = "use_manager", _("使用管理人")
        OWNER = "owner", _("所有权人")
        USER = "user", _("使用人")
        MAINTENANCE = "maintenance_contractor", _("维保单位")

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="insured")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    capacity = models.CharField(_("身份"), max_length=30, choices=Capacity)

    class Meta:
        verbose_name = _("被保险人")
        constraints = [models.UniqueConstraint(fields=["policy", "organisation", "capacity"], name="policy_insured_once")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.organisation_id} {self.capacity}"


class PolicyElevator(models.Model):
    """承保电梯: an elevator under a policy, from a minute and perhaps until one before the policy ends."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="elevators")
    elevator = models.ForeignKey("elevators.Elevator", models.PROTECT, related_name="+", verbose_name=_("电梯"))
    since = models.DateTimeField(_("起"))
    until = models.DateTimeField(_("止"))

    class Meta:
        verbose_name = _("承保电梯")
        constraints = [
            models.UniqueConstraint(fields=["policy", "elevator", "since"], name="policy_elevator_once"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="policy_elevator_order"),
        ]
        indexes = [models.Index(fields=["elevator", "since", "until"], name="policy_elevator_period")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.elevator_id}"


class Payout(PayoutLifecycle):
    """赔付: what an insurer covers, decides and pays for one claim under one policy.

    holds: what is reserved under the limits, one entry a person and limit. posted: what was used up of them.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="payouts", verbose_name=_("保险单"))
    incident = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name=_("事件"))
    elevator = models.ForeignKey("elevators.Elevator", models.PROTECT, related_name="+", verbose_name=_("电梯"))
    accident_on = models.DateField(_("事故日"))
    people = models.JSONField(default=list)
    heads = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    loss_version = models.PositiveSmallIntegerField(default=1)
    liability_share = models.CharField(_("被保险人责任比例"), max_length=30, default="1")
    is_joint = models.BooleanField(_("连带责任"), default=False)
    is_complete_at_birth = models.BooleanField(default=False)
    asked_as = models.CharField(_("以什么身份请求"), max_length=20, choices=CaseRole, default=CaseRole.USE_MANAGER)
    contribution = models.CharField(_("本保单分摊的比例"), max_length=30, default="1")
    contribution_note = models.CharField(_("分摊的理由"), max_length=300, blank=True)
    requested_amount = _money(_("请求金额（元）"), default=0)
    first_received_on = models.DateField(_("首次收到日"), null=True, blank=True)
    first_received_proof = models.CharField(_("首次收到的凭据"), max_length=120, blank=True)
    documents_on = models.DateField(_("资料收到日"), null=True, blank=True)
    decision_days = models.PositiveSmallIntegerField(null=True, blank=True)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_complex = models.BooleanField(_("情形复杂"), default=False)
    complex_reason = models.CharField(_("复杂的理由"), max_length=300, blank=True)
    cover_version = models.PositiveSmallIntegerField(default=0)
    supplement_items = models.JSONField(default=list)
    supplement_requested_on = models.DateField(_("补正通知到达日"), null=True, blank=True)
    supplement_received_on = models.DateField(_("补充材料到达日"), null=True, blank=True)
    decision_version = models.PositiveSmallIntegerField(default=0)
    decided_amount = _money(_("核定金额（元）"), null=True, blank=True)
    refused_amount = _money(_("不予赔付（元）"), default=0)
    sheet = models.JSONField(default=dict, blank=True)
    refusal_ground = models.CharField(_("拒赔的理由"), max_length=20, choices=Reason, blank=True)
    refusal_reason = models.CharField(_("拒赔理由说明"), max_length=500, blank=True)
    refusal_clause = models.CharField(_("所依条款"), max_length=120, blank=True)
    decided_on = models.DateField(_("核定日"), null=True, blank=True)
    agreed_with = models.CharField(_("协议对方"), max_length=20, blank=True)
    agreed_on = models.DateField(_("达成协议日"), null=True, blank=True)
    agreed_amount = _money(_("协议金额（元）"), null=True, blank=True)
    paid_amount = _money(_("已付（元）"), default=0)
    claw_back_amount = _money(_("应退回（元）"), default=0)
    holds = models.JSONField(default=dict, blank=True)
    posted = models.JSONField(default=dict, blank=True)
    recorded_payments = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    is_waiting_for_proof = models.BooleanField(_("等待付款凭证"), default=False)
    consent = models.CharField(_("和解草案"), max_length=10, choices=Consent, blank=True)
    consent_amount = _money(_("和解草案金额（元）"), null=True, blank=True)
    liability_fixed_on = models.DateField(_("责任确定日"), null=True, blank=True)
    liability_fixed_by = models.CharField(_("责任确定方式"), max_length=20, choices=FixedBy, blank=True)
    liability_amount = _money(_("已确定的责任（元）"), null=True, blank=True)
    refusal_sent_on = models.DateField(_("拒赔通知书发出日"), null=True, blank=True)
    refusal_found = models.CharField(_("查明的事实"), max_length=500, blank=True)
    upheld_because = models.CharField(_("维持的理由"), max_length=300, blank=True)
    award_amount = _money(_("裁判确定的金额（元）"), null=True, blank=True)
    award_on = models.DateField(_("裁判生效日"), null=True, blank=True)
    award_document = models.CharField(_("裁判文书"), max_length=120, blank=True)
    suspicion = models.CharField(_("核查"), max_length=10, choices=Suspicion, blank=True)
    suspicion_reason = models.CharField(_("移送核查的理由"), max_length=300, blank=True)
    suspicion_found = models.CharField(_("核查的事实"), max_length=500, blank=True)
    delay_amount = _money(_("迟延损失（元）"), default=0)
    delay_document = models.CharField(_("迟延损失的依据"), max_length=120, blank=True)
    beside_amount = _money(_("限额以外已付（元）"), default=0)
    disputed_by = models.CharField(_("提出异议的一方"), max_length=60, blank=True)
    ended_because = models.CharField(_("撤回、结案说明"), max_length=300, blank=True)

    #: Kept as long as the claim file: close + 10 years (rulebook 8.4).
    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("赔付")
        indexes = [models.Index(fields=["policy", "incident"], name="payout_incident")]


class LossLine(models.Model):
    """损失: one line of one version of what is asked."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="loss_lines")
    version = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=20)
    head = models.CharField(_("项目"), max_length=40, choices=Head)
    asked = _money(_("请求（元）"))
    estimate = _money(_("估计（元）"))
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("损失")
        ordering = ["id"]
        triggers = APPEND_ONLY
        constraints = [models.UniqueConstraint(fields=["payout", "version", "person", "head"], name="loss_line_once")]

    def __str__(self) -> str:
        return f"{self.payout_id} v{self.version} {self.person} {self.head} {self.asked}"


class CoverLine(models.Model):
    """保险责任核对: one line of the checklist as it was answered, with the fact and its source."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="cover_lines")
    version = models.PositiveSmallIntegerField()
    code = models.CharField(_("问题"), max_length=20, choices=CoverQuestion)
    fact = models.CharField(_("事实"), max_length=300)
    source = models.CharField(_("出处"), max_length=200, blank=True)
    verdict = models.CharField(_("结论"), max_length=12, choices=Answer)
    law = models.CharField(max_length=120, blank=True)
    event_id = models.UUIDField()

    class Meta:
        verbose_name = _("保险责任核对")
        ordering = ["id"]
        triggers = APPEND_ONLY
        constraints = [models.UniqueConstraint(fields=["payout", "version", "code"], name="cover_line_once")]

    def __str__(self) -> str:
        return f"{self.payout_id} v{self.version} {self.code} {self.verdict}"


class Decision(models.Model):
    """核定: one version with the arithmetic that went with it. Never changed; a later decision is a new row."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="decisions")
    version = models.PositiveSmallIntegerField()
    total = _money(_("应付赔款（元）"))
    sheet = models.JSONField()
    event_id = models.UUIDField()

    class Meta:
        verbose_name = _("核定")
        ordering = ["version"]
        triggers = APPEND_ONLY
        constraints = [models.UniqueConstraint(fields=["payout", "version"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.payout_id} v{self.version} {self.total}"


class DecisionLine(models.Model):
    """核定项目: asked, assessed, accepted for one head of one person; the reason for what is not accepted."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="decision_lines")
    version = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=20)
    head = models.CharField(_("项目"), max_length=40, choices=Head)
    asked = _money(_("请求（元）"))
    assessed = _money(_("核算（元）"))
    accepted = _money(_("核定（元）"))
    reason = models.CharField(_("理由"), max_length=20, choices=Reason, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    clause = models.CharField(_("所依条款"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("核定项目")
        ordering = ["id"]
        triggers = APPEND_ONLY
        constraints = [
            models.UniqueConstraint(fields=["payout", "version", "person", "head"], name="decision_line_once"),
            models.CheckConstraint(condition=Q(accepted__lte=F("assessed")), name="decision_line_within_assessed"),
            models.CheckConstraint(condition=Q(accepted__gte=F("asked")) | ~Q(reason=""), name="decision_line_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.payout_id} v{self.version} {self.person} {self.head} {self.accepted}"


class PayoutPayment(models.Model):
    """付款: one amount the payout is to pay to one payee. `order` is filled by the effect that opens the payment order."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField()
    event_id = models.UUIDField(unique=True)
    person = models.CharField(max_length=20)
    payee_kind = models.CharField(_("付给"), max_length=12, choices=PayeeKind)
    beside = models.CharField(_("限额以外"), max_length=12, choices=Beside, blank=True)
    is_provisional = models.BooleanField(_("先予支付"), default=False)
    amount = _money(_("金额（元）"))
    payee_name = models.CharField(_("收款人"), max_length=120)
    account_masked = models.CharField(_("收款账号"), max_length=60, blank=True)
    order = models.OneToOneField(Case, models.PROTECT, null=True, related_name="+", verbose_name=_("付款单"))

    #: Kept as long as the claim file: close + 10 years (rulebook 8.4).
    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("付款")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["payout", "number"], name="payout_payment_once")]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.payout_id}#{self.number} {self.amount}"


class VictimPayment(models.Model):
    """已付给受害人: what the insured proved to have paid to one person."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="victim_payments")
    event_id = models.UUIDField(unique=True)
    person = models.CharField(max_length=20)
    amount = _money(_("金额（元）"))
    paid_on = models.DateField(_("付款日"))
    proof = models.CharField(_("凭证"), max_length=120)

    class Meta:
        verbose_name = _("已付给受害人")
        ordering = ["paid_on", "id"]
        triggers = APPEND_ONLY
        constraints = [models.UniqueConstraint(fields=["payout", "person", "proof"], name="victim_payment_once")]

    def __str__(self) -> str:
        return f"{self.payout_id} {self.person} {self.amount}"
