"""One form per step of a claim that needs facts; text in, typed facts out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework import registry
from casework.forms import MoneyField, ShareField, StepForm
from claims import facts as told
from claims import selectors
from claims.terms import CostHead, EstimateSource, LiableParty, Payer, ShareBasis
from damages import api as damages
from disputes import api as disputes
from legislation.money import ZERO
from parties import api as parties
from policies import api as policies

if TYPE_CHECKING:
    from claims.models import Claim

WITHOUT_ACCOUNT = ""


def written(amount: Decimal) -> str:
    """An amount as pages write it: 12,345.60."""
    return f"{amount:,.2f}"


def long_text(label: Any, *, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **{"initial": timezone.localdate, **options})


def people_choices(claim: Claim) -> list[tuple[str, str]]:
    return [(person["key"], person["name"]) for person in claim.people]


class ClaimForm(StepForm):
    """A step's form that knows its claim as a claim."""

    @property
    def claim(self) -> Claim:
        return self.case.specific  # type: ignore[union-attr, return-value]


@registry.form_for(
    "claims.claim.resume_negotiation",
    "claims.claim.revoke_liability",
    "claims.claim.withdraw",
    "claims.claim.decide_not_covered",
    "claims.claim.reopen",
    "claims.claim.suspend",
    "claims.advance.refuse",
    "claims.advance.withdraw",
    "claims.advance.object_to_emergency",
)
class BecauseForm(StepForm):
    facts_class = told.Because
    reason = long_text(_("理由"), max_length=300)


@registry.form_for("claims.claim.mark_duplicate")
class MarkDuplicateForm(StepForm):
    facts_class = told.MarkDuplicate
    original = forms.CharField(label=_("并入哪一件"), max_length=30, help_text=_("填另一件理赔的案号，例如 CL-2026-00731。"))
    reason = long_text(_("理由"), max_length=300)


@registry.form_for("claims.claim.close")
class CloseClaimForm(StepForm):
    facts_class = told.CloseClaim
    conclusion = long_text(_("结论"), max_length=2000, help_text=_("付了多少、还有没有要追偿的、不追的为什么。"))


@registry.form_for("claims.claim.file_application")
class FileApplicationForm(ClaimForm):
    """Asked amounts by head; an empty head is not asked."""

    facts_class = told.FileApplication
    claimant = forms.CharField(label=_("索赔人"), max_length=80)
    relation = forms.CharField(label=_("与受害人的关系"), max_length=40, initial=_("本人"))
    applied_on = day(_("申请日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {head["code"]: Decimal(head["amount"]) for head in self.claim.asked}
        for code, label in damages.HEADS.items():
            self.fields[f"head_{code}"] = MoneyField(label=label, required=False, smallest=ZERO, initial=asked.get(code))
        self.fields["consent"] = forms.BooleanField(
            label=_("受害人或监护人单独同意使用身份和医疗信息"),
            required=False,
            help_text=_("敏感个人信息要单独同意；本人来不了的，附签字的同意书。"),
        )
        self.order_fields(["claimant", "relation", "applied_on", *(f"head_{c}" for c in damages.HEADS), "consent"])

    def facts(self) -> told.FileApplication:
        data = self.cleaned_data
        heads = tuple(told.AskedHead(c, data[f"head_{c}"]) for c in damages.HEADS if data.get(f"head_{c}") is not None)
        return told.FileApplication(data["claimant"], data["relation"], heads, data["consent"], data["applied_on"])


@registry.form_for("claims.claim.request_documents")
class RequestDocumentsForm(StepForm):
    facts_class = told.RequestDocuments
    items = long_text(_("还缺的材料"), rows=4, help_text=_("一行一样，一次列全。"), initial=_("身份证明\n病历和诊断证明\n医疗费票据"))

    def facts(self) -> told.RequestDocuments:
        return told.RequestDocuments(tuple(line.strip() for line in self.cleaned_data["items"].splitlines() if line.strip()))


@registry.form_for("claims.claim.identify")
class IdentifyForm(ClaimForm):
    facts_class = told.IdentifyPerson
    key = forms.ChoiceField(label=_("哪一位"))
    name = forms.CharField(label=_("怎么称呼"), max_length=60, help_text=_("页面上只显示掩码，全名登记在人员资料里。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = people_choices(self.claim)  # type: ignore[attr-defined]
        self.fields["key"].initial = self.claim.people[0]["key"]
        self.fields["name"].initial = self.claim.people[0]["name"]

    def facts(self) -> told.IdentifyPerson:
        person = next(p for p in self.claim.people if p["key"] == self.cleaned_data["key"])
        known = parties.party(person["party_id"]) if person["party_id"] else None
        account = known.account if known else None
        name = self.cleaned_data["name"] if known is None or known.ref.is_unknown else known.ref.masked_name
        return told.IdentifyPerson(
            person["key"], name, person["party_id"], account.id if account else None, account.masked if account else ""
        )


@registry.form_for("claims.claim.link_policy")
class LinkPolicyForm(ClaimForm):
    facts_class = told.LinkPolicy
    policy_id = forms.ChoiceField(label=_("保单"), help_text=_("按电梯和事故时间查到的保单。"))
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = selectors.policy_at_the_accident(self.claim)
        self.fields["policy_id"].choices = [(found.id, f"{found.number} {found.insurer_name}")] if found else []  # type: ignore[attr-defined]

    def facts(self) -> told.LinkPolicy:
        return told.LinkPolicy(int(self.cleaned_data["policy_id"]), self.cleaned_data["note"])


@registry.form_for("claims.claim.record_estimate")
class RecordEstimateForm(StepForm):
    facts_class = told.RecordEstimate
    amount = MoneyField(label=_("估计"), help_text=_("各笔垫付合计不超过最新估计。"))
    source = forms.ChoiceField(
        label=_("根据"),
        widget=forms.RadioSelect,
        initial=EstimateSource.DEPOSIT_NOTICE,
        choices=[c for c in EstimateSource.choices if c[0] not in (EstimateSource.WORKSHEET, EstimateSource.DECIDED)],
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


@registry.form_for("claims.claim.assess", "claims.claim.revise_assessment")
class AssessForm(ClaimForm):
    """Takes the newest worksheet as it stands: nothing is typed twice."""

    facts_class = told.Assess
    confirm = True
    reason = forms.CharField(label=_("说明"), max_length=300, required=False, help_text=_("重新核算的，写明为什么。"))

    def facts(self) -> told.Assess:
        sheet = damages.current(self.claim.pk)
        total = sheet.total if sheet and sheet.total is not None else ZERO
        return told.Assess(sheet.id if sheet else 0, total, self.cleaned_data["reason"])

    def consequences(self) -> list[tuple[Any, Any]]:
        sheet = damages.current(self.claim.pk)
        if sheet is None:
            return []
        lines = [(line.label, written(line.assessed)) for line in sheet.lines if line.assessed is not None]
        return [(_("计算书"), _("第 %(v)s 版") % {"v": sheet.version}), *lines, (_("合计（元）"), written(sheet.known_total))]


@registry.form_for("claims.claim.set_victim_fault")
class SetVictimFaultForm(StepForm):
    facts_class = told.SetVictimFault
    share = ShareField(label=_("受害人自己承担的比例"), help_text=_("写成百分数，例如 10%。"))
    reason = long_text(_("理由"), max_length=300)


@registry.form_for("claims.claim.record_shares")
class RecordSharesForm(StepForm):
    facts_class = told.RecordShares
    basis = forms.ChoiceField(label=_("根据"), choices=ShareBasis.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for party, label in LiableParty.choices:
            self.fields[f"share_{party}"] = ShareField(label=label, required=False)
        self.fields["reason"] = long_text(_("理由"), max_length=300)
        self.order_fields(["basis", *(f"share_{p}" for p in LiableParty.values), "reason"])

    def field_for(self, name: str) -> str | None:
        return f"share_{LiableParty.USE_MANAGER}" if name == "shares" else super().field_for(name)

    def facts(self) -> told.RecordShares:
        data = self.cleaned_data
        shares = tuple(told.PartyShare(p, data[f"share_{p}"]) for p in LiableParty.values if data.get(f"share_{p}"))
        return told.RecordShares(data["basis"], shares, data["reason"])


@registry.form_for("claims.claim.record_minutes")
class RecordMinutesForm(StepForm):
    facts_class = told.RecordMinutes
    held_on = day(_("哪天"))
    present = forms.CharField(label=_("谁在场"), max_length=200)
    text = long_text(_("谈了什么"), rows=4, max_length=4000)


@registry.form_for("claims.claim.ask_consent")
class AskConsentForm(ClaimForm):
    facts_class = told.AskConsent
    confirm = True
    amount = MoneyField(label=_("草案金额"), help_text=_("受害人一共得到的数，垫付在内。"))
    draft = long_text(_("草案要点"), rows=4, max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = selectors.after_fault(self.claim)


@registry.form_for("claims.claim.record_consent")
class AnswerConsentForm(StepForm):
    facts_class = told.AnswerConsent
    consents = forms.TypedChoiceField(
        label=_("保险人的答复"), choices=[("yes", _("同意")), ("no", _("不同意"))], widget=forms.RadioSelect, coerce=lambda v: v == "yes"
    )
    reason = long_text(_("不同意的理由"), required=False, max_length=300)


class SettleForm(ClaimForm):
    """A signed agreement. Its amount is everything the injured receives, advances included."""

    confirm = True
    amount = MoneyField(label=_("和解金额"), smallest=ZERO, help_text=_("受害人一共得到的数，垫付在内。"))
    signed_on = day(_("签字日期"))
    terms = long_text(_("协议要点"), rows=4, max_length=4000)
    mediator = forms.CharField(
        label=_("调解组织"), max_length=80, required=False, help_text=_("人民调解委员会主持的填名称，双方可以共同申请司法确认。")
    )
    waives_others = forms.BooleanField(label=_("协议里有放弃对制造、维保单位或保险人权利的条款"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = self.claim.draft_amount or selectors.after_fault(self.claim)


@registry.form_for("claims.claim.settle")
class SettleWithConsentForm(SettleForm):
    facts_class = told.Settle


@registry.form_for("claims.claim.settle_at_own_risk")
class SettleAtOwnRiskForm(SettleForm):
    facts_class = told.SettleAtOwnRisk
    reason = long_text(_("为什么不等保险人同意"), max_length=300)


@registry.form_for("claims.claim.sue")
class SueForm(ClaimForm):
    """Opens the lawsuit's own file; hearings and the judgment are recorded there."""

    facts_class = told.Sue
    court = forms.CharField(label=_("法院"), max_length=80)
    number = forms.CharField(label=_("案号"), max_length=60, help_text=_("还没有案号的，先写“待立案”。"))
    side = forms.ChoiceField(label=_("本单位是"), choices=disputes.Side.choices, widget=forms.RadioSelect, initial=disputes.Side.DEFENDANT)
    plaintiff = forms.CharField(label=_("原告"), max_length=80)
    defendant = forms.CharField(label=_("被告"), max_length=80)
    claimed = MoneyField(label=_("诉讼请求金额"), required=False, smallest=ZERO)
    filed_on = day(_("立案日"), required=False, initial=None)
    served_on = day(_("收到起诉状的日期"), required=False, initial=None, help_text=_("收到起诉状副本的次日起算答辩期。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plaintiff"].initial = self.claim.people[0]["name"]
        self.fields["defendant"].initial = selectors.carrier_name(self.claim.pk)


@registry.form_for("claims.claim.mediate")
class MediateForm(StepForm):
    facts_class = told.Mediate
    committee = forms.CharField(label=_("人民调解委员会"), max_length=80)
    mediator = forms.CharField(label=_("调解员"), max_length=80, required=False)
    applied_on = day(_("申请调解的日期"), required=False)


@registry.form_for("claims.claim.record_cost")
class RecordCostForm(StepForm):
    facts_class = told.RecordCost
    confirm = True
    head = forms.ChoiceField(label=_("什么费用"), choices=CostHead.choices, widget=forms.RadioSelect)
    amount = MoneyField(label=_("金额"))
    paid_on = day(_("付款日"))
    voucher = forms.CharField(label=_("票据号"), max_length=60)
    note = forms.CharField(label=_("说明"), max_length=200, required=False, help_text=_("例如抢险排险、检测鉴定、代理费。"))


@registry.form_for("claims.claim.confirm_entrapment")
class ConfirmEntrapmentForm(ClaimForm):
    """Whoever confirms types nothing and sees what is confirmed: the amount, for how many, by which working."""

    confirm = True

    def money(self) -> list[tuple[Any, Any]]:
        return [(_("困人补偿合计"), self.claim.assessed)] if self.claim.assessed is not None else []

    def consequences(self) -> list[tuple[Any, Any]]:
        sheet, claim = damages.current(self.claim.pk), self.claim
        lines: list[tuple[Any, Any]] = [(_("人数"), _("%(n)s 人") % {"n": len(claim.people)})]
        if sheet is not None:
            lines += [(line.label, line.formula) for line in sheet.lines]
        if claim.policy_id is not None:
            left = [x for x in policies.limits_view(policy_id=claim.policy_id, incident_id=claim.parent_id) if x.limit == "aggregate"]
            lines += [(_("保单全年累计限额还剩（元）"), written(x.left)) for x in left]
        return [*lines, (_("已经付给他们的（元）"), written(claim.proven)), (_("确认以后"), _("自动请求保险人赔付，不用再填"))]


@registry.form_for("claims.claim.order_payment")
class OrderPaymentForm(ClaimForm):
    """Pays to the account of one of the claim's people, or without one."""

    facts_class = told.OrderPayment
    confirm = True
    key = forms.ChoiceField(label=_("付给谁"))
    amount = MoneyField(label=_("金额"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payees = selectors.payees_of(self.claim)
        self.fields["key"].choices = [(p["key"], p["name"]) for p in self.payees]  # type: ignore[attr-defined]
        self.fields["amount"].initial = selectors.left_to_order(self.claim)

    def facts(self) -> told.OrderPayment:
        person = next(p for p in self.payees if p["key"] == self.cleaned_data["key"])
        known = parties.party(person["party_id"]) if person["party_id"] else None
        if known is None or known.account is None:
            name = known.ref.display_name if known else person["name"]
            return told.OrderPayment(person["key"], self.cleaned_data["amount"], name)
        payee = parties.payee(known.account.id)
        return told.OrderPayment(
            person["key"], self.cleaned_data["amount"], payee.name, payee.account_ref, payee.account_masked, payee.bank
        )

    def consequences(self) -> list[tuple[Any, Any]]:
        facts = self.facts()
        return [
            (_("收款人"), facts.payee_name),
            (_("收款账户"), f"{facts.bank} {facts.account}".strip() or _("不经账户（现金）")),
            (_("付后还欠受害人（元）"), written((selectors.left_to_order(self.claim) or ZERO) - facts.amount)),
        ]


@registry.form_for("claims.claim.prove_payment")
class ProvePaymentForm(ClaimForm):
    facts_class = told.RecordPayment
    confirm = True
    payer = forms.ChoiceField(label=_("谁付的"), choices=Payer.choices, widget=forms.RadioSelect, initial=Payer.MANAGER)
    key = forms.ChoiceField(label=_("付给谁"))
    amount = MoneyField(label=_("金额"))
    paid_on = day(_("付款日"))
    voucher = forms.CharField(label=_("凭证号"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = people_choices(self.claim)  # type: ignore[attr-defined]
        self.fields["key"].initial = self.claim.people[0]["key"]
