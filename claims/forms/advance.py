"""The forms of an advance: proposing it from the case in two taps, changing it, approving it, recording a refund."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, StepForm
from claims import facts as told
from claims.forms.claim import day, people_choices, written
from claims.models import Advance, Claim
from claims.selectors import left_of_estimate
from claims.services import TypedAccount
from claims.terms import FirstPaymentBasis, PayeeKind
from legislation.money import ZERO
from parties import api as parties

if TYPE_CHECKING:
    from casework.models import Case

NO_ACCOUNT = "0"
FIRST = ("key", "amount", "payee_kind", "payee_name", "notice", "emergency")


class AdvanceForm(StepForm):
    """What every proposal names: amount, payee, purpose, basis."""

    facts_class = told.ProposeAdvance
    confirm = True
    amount = MoneyField(label=_("垫付金额"))
    payee_kind = forms.ChoiceField(label=_("付给谁"), choices=PayeeKind.choices, widget=forms.RadioSelect, initial=PayeeKind.HOSPITAL)
    payee_name = forms.CharField(label=_("收款人全称"), max_length=120, help_text=_("医院写全称；付给个人的写姓名。"))
    purpose = forms.CharField(label=_("用途"), max_length=120, initial=_("住院预交款"))
    basis = forms.ChoiceField(
        label=_("依据"),
        choices=FirstPaymentBasis.choices,
        widget=forms.RadioSelect,
        initial=FirstPaymentBasis.POLICY_2018_8,
        help_text=_("垫付不等于承认责任，在最终赔偿中抵扣，保留追偿权。"),
    )
    basis_document = forms.CharField(
        label=_("依据文件"), max_length=120, required=False, help_text=_("按合同、裁定或地方规定垫付的，写明是哪一份。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_choices(self.claim)
        if len(people) > 1:
            self.fields["key"] = forms.ChoiceField(label=_("为哪一位"), choices=people)
            self.order_fields(["key"])

    @property
    def claim(self) -> Claim:
        return claim_of(self.case)

    @property
    def person_key(self) -> str:
        return str(self.cleaned_data.get("key") or self.claim.people[0]["key"])

    def typed(self, account: parties.Payee | None) -> told.ProposeAdvance:
        """The proposal, paid to this account or without one."""
        data = self.cleaned_data
        return told.ProposeAdvance(
            amount=data["amount"],
            basis=data["basis"],
            payee_kind=data["payee_kind"],
            payee_name=data["payee_name"],
            purpose=data["purpose"],
            key=self.person_key,
            basis_document=data["basis_document"],
            account_id=account.account_ref if account else None,
            account=account.account_masked if account else "",
            bank=account.bank if account else "",
        )

    def consequences(self) -> list[tuple[Any, Any]]:
        left = left_of_estimate(self.claim)
        if left is None:
            return []
        return [(_("批准后估计里还剩（元）"), written(left - self.cleaned_data["amount"]))]


def claim_of(case: Case | None) -> Claim:
    """The claim that a form of a claim or of one of its advances is about."""
    found = case.specific if case is not None else None
    claim: Claim = found if isinstance(found, Claim) else Claim.objects.get(pk=found.parent_id if found else None)
    return claim


class ProposeAdvanceForm(AdvanceForm):
    """Shown from the case page; the hospital's deposit notice may raise the estimate, the account may be typed."""

    estimate = MoneyField(
        label=_("预交款通知上的金额"), required=False, help_text=_("比现有估计高的，估损同时上调，批准人会看到；请附通知照片。")
    )
    bank = forms.CharField(label=_("开户行"), max_length=120, required=False)
    number = forms.CharField(
        label=_("收款账号"), max_length=40, required=False, help_text=_("当面缴费、不走账户的不用填。新账户要由同事核对后才能付款。")
    )
    notice = forms.FileField(label=_("预交款通知照片"), required=False)
    emergency = forms.BooleanField(
        label=_("救人等不及，现在就付"), required=False, help_text=_("在本单位紧急额度以内可以先批先付，另一位同事限时补充确认。")
    )

    def first_fields(self) -> list[Any]:
        """What a deposit at night needs; the rest has good beginnings and waits behind a fold."""
        return [self[name] for name in FIRST if name in self.fields]

    def other_fields(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name not in FIRST]

    @property
    def account(self) -> TypedAccount | None:
        data = self.cleaned_data
        return TypedAccount(data["bank"], data["number"]) if data["number"] else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("bank")) != bool(data.get("number")):
            self.add_error("number" if data.get("bank") else "bank", _("开户行和账号要一起填。"))
        return data


@registry.form_for("claims.advance.amend", "claims.advance.propose_again")
class ChangeAdvanceForm(AdvanceForm):
    """Starts from what the advance says; pays to one of the accounts that are known."""

    account_choice = forms.ChoiceField(label=_("收款账户"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        advance = self.advance
        for name in ("amount", "payee_kind", "payee_name", "purpose", "basis", "basis_document"):
            self.fields[name].initial = getattr(advance, name)
        known = {a.id: f"{a.holder} {a.bank} {a.masked}" for a in self._accounts()}
        self.fields["account_choice"].choices = [(NO_ACCOUNT, _("不经账户")), *known.items()]  # type: ignore[attr-defined]
        self.fields["account_choice"].initial = advance.account_id or NO_ACCOUNT

    @property
    def advance(self) -> Advance:
        return self.case.specific  # type: ignore[union-attr, return-value]

    def _accounts(self) -> list[parties.AccountRef]:
        found = [parties.account(self.advance.account_id)] if self.advance.account_id else []
        found = [parties.accounts_of(a.party_id, recorded_by=a.organisation_id)[0] for a in found]
        for person in self.claim.people:
            found += list(parties.accounts_of(person["party_id"])[:1]) if person["party_id"] else []
        return found

    def facts(self) -> told.ProposeAdvance:
        chosen = int(self.cleaned_data.get("account_choice") or NO_ACCOUNT)
        return self.typed(parties.payee(chosen) if chosen else None)


def raised_lines(advance: Advance) -> list[tuple[Any, Any]]:
    """That the proposer moved the ceiling of this very advance, and on which paper: the approver must see it."""
    if advance.estimate_raised_to is None:
        return []
    has_paper = advance.evidence.filter(code="deposit_notice", withdrawn_at=None).exists()
    paper = _("附有预交款通知，请对照") if has_paper else _("没有附预交款通知")
    moved = f"{written(advance.estimate_before or ZERO)} → {written(advance.estimate_raised_to)}"
    return [(_("注意：估损同时上调（元）"), f"{moved}（{paper}）")]


@registry.form_for("claims.advance.approve", "claims.advance.approve_in_emergency")
class ApproveAdvanceForm(StepForm):
    """The approver sees what was proposed and types nothing."""

    facts_class = told.ApproveAdvance
    confirm = True

    def facts(self) -> told.ApproveAdvance:
        return told.ApproveAdvance(self.advance.amount)  # type: ignore[arg-type]

    @property
    def advance(self) -> Advance:
        return self.case.specific  # type: ignore[union-attr, return-value]

    def money(self) -> list[tuple[Any, Any]]:
        return [(_("垫付金额"), self.advance.amount)]

    def consequences(self) -> list[tuple[Any, Any]]:
        advance, left = self.advance, left_of_estimate(claim_of(self.case))
        account = f"{advance.bank} {advance.account}".strip() or _("不经账户（当面缴费）")
        lines = [
            *raised_lines(advance),
            (_("收款人"), advance.payee_name),
            (_("收款账户"), account),
            (_("用途"), advance.purpose),
            (_("依据"), f"{advance.get_basis_display()} {advance.basis_document}".strip()),
        ]
        return lines if left is None else [*lines, (_("批准后估计里还剩（元）"), written(left - (advance.amount or left)))]


@registry.form_for("claims.advance.record_refund")
class RefundAdvanceForm(StepForm):
    facts_class = told.RefundAdvance
    confirm = True
    amount = MoneyField(label=_("退回的金额"))
    received_on = day(_("收到日期"))
    voucher = forms.CharField(label=_("凭证号"), max_length=60)
