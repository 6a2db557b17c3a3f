"""Forms where several receive, several insurers pay, or more comes later."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, ShareField
from legislation.money import ZERO
from parties import api as parties
from policies import facts as told
from policies.forms.base import TOPIC, PayoutForm, ReasonForm, text_field
from policies.selectors import contribution_of
from policies.terms import COSTS, FUNDS, Beneficiary, Head

ROWS = 4


@registry.form_for(f"{TOPIC}name_payees")
class NamePayeesForm(PayoutForm):
    """Up to four receivers: a fund with what it paid, heirs or a guardian with a share and an account that parties knows."""

    facts_class = told.NamePayees

    person = forms.ChoiceField(label=_("谁的赔款"))
    document = forms.CharField(label=_("证明收款资格的材料"), max_length=120, help_text=_("亲属关系证明、公证书，或者基金的支付凭证。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = self.people()  # type: ignore[attr-defined]
        order = ["person"]
        for n in range(1, ROWS + 1):
            self.fields[f"name_{n}"] = forms.CharField(label=_("第 %(n)s 个收款人") % {"n": n}, max_length=120, required=n == 1)
            self.fields[f"kind_{n}"] = forms.ChoiceField(label=_("以什么身份"), choices=Beneficiary.choices, required=n == 1)
            self.fields[f"share_{n}"] = forms.CharField(label=_("份额"), max_length=20, required=False, help_text=_("例如 1/3；基金不填。"))
            self.fields[f"amount_{n}"] = MoneyField(label=_("基金已付的金额"), smallest=ZERO, required=False)
            self.fields[f"account_{n}"] = forms.IntegerField(
                label=_("收款账户编号"), required=False, help_text=_("在当事人那里登记、两人看过的账户。")
            )
            order += [f"{part}_{n}" for part in ("name", "kind", "share", "amount", "account")]
        self.order_fields([*order, "document"])

    def clean(self) -> Any:
        typed = super().clean()
        for n in range(1, ROWS + 1):
            account = self.cleaned_data.get(f"account_{n}")
            if account is not None and not _is_known(account):
                self.add_error(f"account_{n}", _("没有这个账户，或者还没有第二个人看过。"))
        return typed

    def facts(self) -> told.NamePayees:
        typed = self.cleaned_data
        rows = [n for n in range(1, ROWS + 1) if typed.get(f"name_{n}")]
        return told.NamePayees(typed["person"], tuple(self._payee(n) for n in rows), typed["document"])

    def _payee(self, n: int) -> told.PayeeShare:
        typed = self.cleaned_data
        fund = typed[f"kind_{n}"] in FUNDS
        share, amount = ("", typed[f"amount_{n}"]) if fund else (typed[f"share_{n}"], None)
        return told.PayeeShare(typed[f"name_{n}"], typed[f"kind_{n}"], typed[f"account_{n}"], share, amount)

    def field_for(self, name: str) -> str | None:
        return "share_1" if name == "payees" else super().field_for(name)


def _is_known(account_id: int) -> bool:
    try:
        return parties.account(account_id).is_confirmed
    except ObjectDoesNotExist:
        return False


@registry.form_for(f"{TOPIC}set_contribution")
class SetContributionForm(ReasonForm):
    facts_class = told.SetContribution

    share = ShareField(label=_("本保单承担的比例"))
    others = forms.CharField(label=_("其他保单的号码"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["share"].initial = Fraction(self.payout.contribution)
        others = contribution_of(self.payout)[1]
        self.fields["others"].initial = "、".join(p.number for p in others)

    def facts(self) -> told.SetContribution:
        typed = self.cleaned_data
        return told.SetContribution(str(typed["share"]), typed["others"], typed["reason"])


@registry.form_for(f"{TOPIC}ask_other_policy")
class AskOtherPolicyForm(PayoutForm):
    facts_class = told.AskOtherPolicy
    confirm = True

    policy_id = forms.TypedChoiceField(label=_("哪一张保单"), coerce=int, help_text=_("事故那一分钟承保这台电梯、还没有请求过的。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy_id"].choices = list(self.position.pool.other_policies.items())  # type: ignore[attr-defined]


@registry.form_for(f"{TOPIC}request_further")
class RequestFurtherForm(PayoutForm):
    """One head of one person; more of the same request are added by asking for its loss anew."""

    facts_class = told.RequestFurther

    person = forms.ChoiceField(label=_("谁的损失"))
    head = forms.ChoiceField(label=_("哪一项"), choices=[(str(h.value), h.label) for h in Head if h not in COSTS])
    amount = MoneyField(label=_("金额"))
    note = text_field(_("票据和期间"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = self.people()  # type: ignore[attr-defined]

    def facts(self) -> told.RequestFurther:
        typed = self.cleaned_data
        return told.RequestFurther((told.LossFact(typed["person"], typed["head"], typed["amount"], basis=typed["note"]),), typed["note"])

    def field_for(self, name: str) -> str | None:
        return "amount" if name == "lines" else super().field_for(name)
