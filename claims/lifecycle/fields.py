"""The fields that the steps of a claim and of an advance assign; the models add constraints."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from casework.models import Case
from claims.terms import Consent, EstimateSource, FirstPaymentBasis, FixedBy, PayeeKind, ShareBasis, Subject


def money(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount in yuan with two places."""
    return models.DecimalField(label, max_digits=16, decimal_places=2, **options)


class ClaimFields(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")
    subject = models.CharField(_("类别"), max_length=12, choices=Subject)
    accident_at = models.DateTimeField(_("事故时间"))
    minutes = models.PositiveIntegerField(_("被困分钟"), null=True, blank=True)
    people = models.JSONField(_("人员"), default=list)
    claimant = models.CharField(_("索赔人"), max_length=80, blank=True)
    relation = models.CharField(_("与受害人的关系"), max_length=40, blank=True)
    applied_on = models.DateField(_("索赔申请日期"), null=True, blank=True)
    asked = models.JSONField(_("主张"), default=list, blank=True)
    documents_asked = models.JSONField(_("待补材料"), default=list, blank=True)
    policy_id = models.BigIntegerField(_("保单"), null=True, blank=True)
    payout_asked_at = models.DateTimeField(_("请求赔付时间"), null=True, blank=True)
    worksheet_id = models.BigIntegerField(_("计算书"), null=True, blank=True)
    assessed = money(_("核算的损失"), null=True, blank=True)
    estimate = money(_("最新估计"), null=True, blank=True)
    estimate_source = models.CharField(max_length=20, choices=EstimateSource, blank=True)
    victim_fault = models.CharField(_("受害人过错"), max_length=20, default="0")
    victim_fault_reason = models.CharField(max_length=300, blank=True)
    shares_basis = models.CharField(max_length=20, choices=ShareBasis, blank=True)
    consent = models.CharField(_("保险人同意"), max_length=10, choices=Consent, blank=True)
    draft_amount = money(_("和解草案金额"), null=True, blank=True)
    draft = models.TextField(_("和解草案"), max_length=4000, blank=True)
    settled_amount = money(_("和解金额"), null=True, blank=True)
    settled_on = models.DateField(_("和解日期"), null=True, blank=True)
    terms = models.TextField(_("和解条款"), max_length=4000, blank=True)
    mediator = models.CharField(_("调解组织"), max_length=80, blank=True)
    court = models.CharField(_("法院"), max_length=80, blank=True)
    court_number = models.CharField(_("案号"), max_length=60, blank=True)
    plaintiff = models.CharField(_("原告"), max_length=80, blank=True)
    owed = money(_("应付给受害人"), null=True, blank=True)
    proven = money(_("受害人已收（有凭证）"), default=Decimal(0))
    fixed_by = models.CharField(_("责任确定方式"), max_length=20, choices=FixedBy, blank=True)
    fixed_on = models.DateField(_("责任确定日"), null=True, blank=True)
    died_on = models.DateField(_("受害人去世日期"), null=True, blank=True)
    heirs = models.JSONField(_("继承人"), default=list, blank=True)
    representative = models.CharField(_("代表继承人领款的人"), max_length=20, blank=True)
    funds = models.JSONField(_("先行支付的基金"), default=list, blank=True)
    left_because = models.CharField(_("撤回、并案或不属于的理由"), max_length=300, blank=True)
    duplicate_of = models.CharField(_("并入"), max_length=30, blank=True)
    suspended_because = models.CharField(_("中止的理由"), max_length=300, blank=True)
    conclusion = models.TextField(_("结论"), max_length=2000, blank=True)

    class Meta:
        abstract = True


class AdvanceFields(Case):
    case_ptr = models.OneToOneField(Case, models.CASCADE, parent_link=True, primary_key=True, related_name="+")
    payer_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("垫付单位"))
    basis = models.CharField(_("依据"), max_length=20, choices=FirstPaymentBasis)
    basis_document = models.CharField(_("依据文件"), max_length=120, blank=True)
    payee_kind = models.CharField(_("付给"), max_length=12, choices=PayeeKind)
    payee_name = models.CharField(_("收款人"), max_length=120)
    purpose = models.CharField(_("用途"), max_length=120, blank=True)
    person_key = models.CharField(max_length=20, blank=True)
    account_id = models.BigIntegerField(null=True, blank=True)
    account = models.CharField(_("账号"), max_length=60, blank=True)
    bank = models.CharField(_("开户行"), max_length=120, blank=True)
    estimate_before = money(_("上调前的估计"), null=True, blank=True)
    estimate_raised_to = money(_("同时上调到的估计"), null=True, blank=True)
    approved_amount = money(_("批准金额"), null=True, blank=True)
    is_emergency = models.BooleanField(_("紧急垫付"), default=False)
    confirmed_at = models.DateTimeField(_("补充确认时间"), null=True, blank=True)
    objection = models.CharField(_("异议"), max_length=300, blank=True)
    paid_on = models.DateField(_("付款日"), null=True, blank=True)
    voucher = models.CharField(_("凭证号"), max_length=60, blank=True)
    refunded = money(_("已退款"), default=Decimal(0))
    left_because = models.CharField(_("退回、不批准或撤回的理由"), max_length=300, blank=True)

    class Meta:
        abstract = True
