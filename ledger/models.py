"""Accounts, the transfers between them, and the orders to pay."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import Organisation
from casework.models import Case
from ledger import triggers
from ledger.lifecycle import PaymentOrderLifecycle


def _money(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=16, decimal_places=2, **options)


class Account(models.Model):
    """账户: something that money or a limit stands on, named by a key such as "policy/7/aggregate".

    The four totals follow the transfers by trigger. A capped account is never debited, held amounts included, above
    what was credited to it: limits of a policy are capped accounts.
    """

    key = models.CharField(max_length=160, unique=True)
    label = models.CharField(_("名称"), max_length=160)
    is_capped = models.BooleanField(_("有限额"), default=False)
    debits_posted = _money(_("已支出"), default=0)
    debits_pending = _money(_("预留支出"), default=0)
    credits_posted = _money(_("已收入"), default=0)
    credits_pending = _money(_("预留收入"), default=0)

    class Meta:
        verbose_name = _("账户")
        triggers = triggers.ACCOUNT
        constraints = [
            models.CheckConstraint(
                condition=Q(is_capped=False) | Q(credits_posted__gte=F("debits_posted") + F("debits_pending")),
                name="ledger_account_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(debits_posted__gte=0, debits_pending__gte=0, credits_posted__gte=0, credits_pending__gte=0),
                name="ledger_account_totals_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Transfer(models.Model):
    """收付分录: one amount from one account to another. Never changed: a correction is a further transfer."""

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("入账")
        RESERVE = "reserve", _("预留")
        POST = "post", _("付出")
        VOID = "void", _("撤销预留")
        EXPIRE = "expire", _("预留到期")
        REVERSE = "reverse", _("冲销")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="credits")
    amount = _money(_("金额（元）"))
    name = models.CharField(max_length=160, blank=True)
    reservation = models.ForeignKey("self", models.PROTECT, null=True, related_name="settlements")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="transfers")
    event_id = models.UUIDField(null=True)
    memo = models.CharField(_("摘要"), max_length=200, blank=True)
    at = models.DateTimeField(_("记账时间"))

    class Meta:
        verbose_name = _("收付分录")
        ordering = ["id"]
        triggers = triggers.TRANSFER
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_transfer_amount"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_transfer_two_accounts"),
            models.CheckConstraint(
                condition=Q(kind__in=["post", "void", "expire"], reservation__isnull=False)
                | Q(kind__in=["transfer", "reserve", "reverse"], reservation__isnull=True),
                name="ledger_transfer_settles",
            ),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses__isnull=True)),
                name="ledger_transfer_reverses",
            ),
            models.UniqueConstraint(fields=["reservation"], name="ledger_settled_once"),
            models.UniqueConstraint(fields=["reverses"], name="ledger_reversed_once"),
            models.UniqueConstraint(fields=["name"], condition=~Q(name=""), name="ledger_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class PaymentOrder(PaymentOrderLifecycle):
    """付款单: money that an organisation is to pay to one payee. Its amount is the case's amount."""

    class Purpose(models.TextChoices):
        ADVANCE = "ADVANCE", _("垫付")
        SETTLEMENT = "SETTLEMENT", _("和解赔偿")
        ENTRAPMENT = "ENTRAPMENT", _("困人补偿")
        PAYOUT = "PAYOUT", _("保险赔款")
        PROVISIONAL = "PROVISIONAL", _("先予支付")
        REIMBURSEMENT = "REIMBURSEMENT", _("归还垫款")
        REFUND = "REFUND", _("退款")
        SUBSIDY = "SUBSIDY", _("财政补助")
        FUND = "FUND", _("维修资金")
        OTHER = "OTHER", _("其他")

    purpose = models.CharField(_("用途"), max_length=20, choices=Purpose)
    payer_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("付款单位"))
    payee_name = models.CharField(_("收款人"), max_length=120)
    payee_account = models.CharField(_("收款账号"), max_length=60, blank=True)
    payee_account_ref = models.BigIntegerField(null=True, blank=True)
    payee_bank = models.CharField(_("开户行"), max_length=120, blank=True)
    legs = models.JSONField(default=list)
    note = models.CharField(_("附言"), max_length=200, blank=True)
    voucher_number = models.CharField(_("凭证号"), max_length=60, blank=True)
    paid_on = models.DateField(_("付款日"), null=True, blank=True)
    returned_because = models.CharField(_("退回、退票或撤销原因"), max_length=200, blank=True)
    bounced_on = models.DateField(_("退票日"), null=True, blank=True)
    bounce_number = models.CharField(_("退票凭证号"), max_length=60, blank=True)

    #: Kept as long as the claim file: close + 10 years (rulebook 8.4).
    RETENTION = "claim_file"

    class Meta:
        verbose_name = _("付款单")
        constraints = [
            models.UniqueConstraint(
                fields=["payer_organisation", "voucher_number"], condition=~Q(voucher_number=""), name="payment_voucher_once"
            ),
            models.CheckConstraint(
                condition=Q(voucher_number="", paid_on__isnull=True) | (~Q(voucher_number="") & Q(paid_on__isnull=False)),
                name="payment_paid_with_voucher",
            ),
        ]
