"""Forms that propose money: to the victim, back to the insured, provisionally."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField
from policies import facts as told
from policies import services
from policies.forms.base import TOPIC, PayoutForm, text_field
from policies.terms import PayeeKind


class PayForm(PayoutForm):
    """Whom to pay for whose loss; only what is open for this kind of payee is offered."""

    facts_class: ClassVar[type] = told.ProposePayout
    confirm = True
    kind = PayeeKind.VICTIM

    person = forms.ChoiceField(label=_("谁的损失"))
    amount = MoneyField(label=_("金额"))
    payee_name = forms.CharField(
        label=_("收款人"), max_length=120, required=False, help_text=_("有登记账户的不用填；没有账户的写明收款人全称。")
    )
    note = text_field(_("附言"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [line for line in self.position.payees if line.payee_kind == self.kind and line.waits_for != "proof"]
        owed = [(line.person, line.open) for line in lines if line.open]
        self.fields["person"].choices = [(key, f"{self.name_of(key)} {amount:,.2f}") for key, amount in owed]  # type: ignore[attr-defined]
        if len(owed) == 1:
            self.fields["person"].initial, self.fields["amount"].initial = owed[0]

    def payee(self) -> told.PayeeFact:
        typed = str(self.cleaned_data.get("payee_name", "")).strip()
        if self.kind == PayeeKind.INSURED:
            return services.insured_payee(self.payout)
        return services.payee_of(self.payout, self.cleaned_data["person"]) or told.PayeeFact(typed)

    def facts(self) -> told.ProposePayout:
        typed = self.cleaned_data
        return told.ProposePayout(typed["person"], typed["amount"], self.payee(), typed["note"])

    def field_for(self, name: str) -> str | None:
        return "payee_name" if name.startswith("payee") and "payee_name" in self.fields else super().field_for(name)

    def consequences(self) -> list[tuple[Any, Any]]:
        payee = self.payee()
        return [(_("收款人"), payee.name), (_("收款账户"), " ".join(filter(None, (payee.bank, payee.account_masked))) or _("不经账户"))]


@registry.form_for(f"{TOPIC}pay_victim")
class PayVictimForm(PayForm):
    pass


@registry.form_for(f"{TOPIC}reimburse_insured")
class ReimburseForm(PayForm):
    kind = PayeeKind.INSURED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["payee_name"]


@registry.form_for(f"{TOPIC}pay_provisionally")
class ProvisionalForm(PayForm):
    facts_class = told.ProvisionalPayout

    payee_kind = forms.ChoiceField(label=_("付给谁"), choices=PayeeKind.choices)
    reason = text_field(_("先予支付的理由"), help_text=_("例如：满六十日，医疗费已经确定。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (key, _("%(who)s 现在可以确定 %(amount)s") % {"who": name, "amount": f"{self.position.determinable_for(key):,.2f}"})
            for key, name in self.people()
        ]
        del self.fields["note"]

    def payee(self) -> told.PayeeFact:
        kind, typed = self.cleaned_data["payee_kind"], str(self.cleaned_data.get("payee_name", "")).strip()
        if kind == PayeeKind.INSURED:
            return services.insured_payee(self.payout)
        known = services.payee_of(self.payout, self.cleaned_data["person"]) if kind == PayeeKind.VICTIM else None
        return known or told.PayeeFact(typed)

    def facts(self) -> Any:
        typed = self.cleaned_data
        parts = self.position.parts_for(typed["person"], typed["amount"])
        return told.ProvisionalPayout(typed["person"], typed["amount"], typed["payee_kind"], self.payee(), parts, typed["reason"])
