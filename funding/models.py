"""The pools of public money for elevators and the applications that they pay."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from funding import calculations
from funding.lifecycle import BudgetPoolLifecycle, SubsidyApplicationLifecycle
from funding.terms import ApplicantKind, ChangeKind, DeclineGround


def _money(label: object, **options: object) -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(label, max_digits=16, decimal_places=2, **options)  # type: ignore[arg-type]


class BudgetPool(BudgetPoolLifecycle):
    """资金池: public money for one scheme and year. `amount` is what was appropriated in all; the ledger holds the rest."""

    name = models.CharField(_("名称"), max_length=80)
    scheme = models.CharField(_("补助方案"), max_length=40)
    year = models.PositiveSmallIntegerField(_("年度"))
    payer_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("付款单位"))
    change_kind = models.CharField(_("变动"), max_length=20, choices=ChangeKind, blank=True)
    change_amount = _money(_("变动金额（元）"), null=True, blank=True)
    change_document = models.CharField(_("文号"), max_length=80, blank=True)
    change_reason = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("资金池")
        constraints = [models.UniqueConstraint(fields=["scheme", "year", "payer_organisation"], name="pool_once")]

    @property
    def is_increase(self) -> bool:
        return ChangeKind(self.change_kind).adds


class SubsidyApplication(SubsidyApplicationLifecycle):
    """补助申请: one lift (or one entrance) under one scheme. `amount` is what the scheme grants it, None while unknown."""

    RETENTION = "grant_file"

    scheme = models.CharField(_("补助方案"), max_length=40)
    cost_item = models.CharField(_("费用"), max_length=20)
    pool = models.ForeignKey(BudgetPool, models.PROTECT, related_name="applications", verbose_name=_("资金池"))
    elevator = models.ForeignKey("elevators.Elevator", models.PROTECT, related_name="+", verbose_name=_("电梯"))
    elevator_name = models.CharField(_("电梯名称"), max_length=120)
    building_id = models.BigIntegerField()
    applicant_kind = models.CharField(_("申请人身份"), max_length=20, choices=ApplicantKind)
    applicant_party_id = models.BigIntegerField()
    applicant_name = models.CharField(_("申请人"), max_length=120)
    account_id = models.BigIntegerField(null=True, blank=True)
    account_masked = models.CharField(_("收款账户"), max_length=160, blank=True)
    submitted_on = models.DateField(_("申请日期"), null=True, blank=True)
    stops = models.PositiveSmallIntegerField(_("站数"), null=True, blank=True)
    floors = models.PositiveSmallIntegerField(_("住宅层数"), null=True, blank=True)
    investment = _money(_("单台投资（元）"), null=True, blank=True)
    registered_on = models.DateField(_("旧梯使用登记日"), null=True, blank=True)
    certificate_on = models.DateField(_("新梯使用登记证日期"), null=True, blank=True)
    lifts_at_entrance = models.PositiveSmallIntegerField(_("同一梯口台数"), null=True, blank=True)
    owners = models.PositiveSmallIntegerField(_("业主户数"), null=True, blank=True)
    is_completed = models.BooleanField(_("已完工"), null=True, blank=True)
    entrance = models.CharField(_("梯口"), max_length=80, blank=True)
    entrance_key = models.CharField(max_length=80, blank=True)  # the entrance, where the scheme pays by entrance
    note = models.CharField(_("说明"), max_length=500, blank=True)
    was_corrected = models.BooleanField(_("已告知补正"), default=False)
    is_counted = models.BooleanField(_("占用补助名额"), default=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    hold = models.CharField(max_length=12, blank=True)
    releasing = models.CharField(max_length=12, blank=True)
    published_on = models.DateField(_("公示起"), null=True, blank=True)
    published_until = models.DateField(_("公示止"), null=True, blank=True)
    places = models.CharField(_("公示地点"), max_length=200, blank=True)
    approved_amount = _money(_("批准金额（元）"), null=True, blank=True)
    refused_as = models.CharField(max_length=12, blank=True)
    refusal_ground = models.CharField(_("原因"), max_length=20, choices=DeclineGround, blank=True)
    refusal_reason = models.CharField(_("事实和理由"), max_length=500, blank=True)
    refusal_article = models.CharField(_("依据"), max_length=200, blank=True)
    review_grounds = models.CharField(_("复核理由"), max_length=500, blank=True)
    payment_document = models.CharField(_("拨付文号"), max_length=80, blank=True)
    paid_on = models.DateField(_("拨付日"), null=True, blank=True)
    voucher_number = models.CharField(_("凭证号"), max_length=60, blank=True)
    clawback_amount = _money(_("应退金额（元）"), null=True, blank=True)
    clawback_reason = models.CharField(_("追回理由"), max_length=500, blank=True)
    returned_amount = _money(_("已退金额（元）"), default=0)

    class Meta:
        verbose_name = _("补助申请")
        indexes = [models.Index(fields=["pool"], name="application_pool"), models.Index(fields=["elevator"], name="application_elevator")]
        constraints = [
            models.UniqueConstraint(fields=["elevator", "cost_item"], condition=Q(is_counted=True), name="subsidy_lift_once"),
            models.UniqueConstraint(
                fields=["scheme", "building_id", "entrance_key"],
                condition=Q(is_counted=True) & ~Q(entrance_key=""),
                name="subsidy_entrance_once",
            ),
            models.CheckConstraint(
                condition=Q(clawback_amount=None) | Q(returned_amount__lte=F("clawback_amount")), name="subsidy_returned_within_clawback"
            ),
        ]

    @property
    def terms(self) -> calculations.Scheme:
        return calculations.scheme(self.scheme)

    @property
    def required_documents(self) -> tuple[str, ...]:
        """The codes of the papers that the scheme asks for."""
        return self.terms.documents

    @property
    def known(self) -> calculations.Facts:
        return calculations.Facts(
            stops=self.stops,
            floors=self.floors,
            investment=self.investment,
            registered_on=self.registered_on,
            certificate_on=self.certificate_on,
            lifts_at_entrance=self.lifts_at_entrance,
            owners=self.owners,
            is_completed=self.is_completed,
        )

    @property
    def finding(self) -> calculations.Finding:
        return calculations.judge(self.terms, self.known)
